/** A rule of a TextMate grammar, with the fields that VS Code reads. @see https://macromates.com/manual/en/language_grammars */
export interface Rule {
  readonly comment?: string;
  readonly include?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  /** Tested at the start of each later line. Where it fails, the rule and everything opened inside it are closed. */
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

/** By group number. A group's `patterns` read its text alone, so nothing they open can leave it. */
export type Captures = Readonly<Record<string, { readonly name?: string; readonly patterns?: readonly Rule[] }>>;

export type Repository = Readonly<Record<string, Rule>>;

export interface Grammar {
  readonly comment?: string;
  readonly name: string;
  readonly scopeName: string;
  readonly injectionSelector?: string;
  readonly patterns: readonly Rule[];
  readonly repository: Repository;
}

/** A rule of the repository. */
export function rule(name: string): Rule {
  return { include: `#${name}` };
}

/** Scopes of this language: `scope("keyword.control")` is `keyword.control.dockerfile`; several are separated by spaces. */
export function scope(names: string): string {
  return names
    .split(" ")
    .map((name) => `${name}.dockerfile`)
    .join(" ");
}

/** Numbers the groups from 1: a scope's name without the language, rules for the group's text, or nothing. */
export function groups(...contents: readonly (string | readonly Rule[] | undefined)[]): Captures {
  const captures = contents.flatMap((content, index) =>
    content === undefined
      ? []
      : [[String(index + 1), typeof content === "string" ? { name: scope(content) } : { patterns: content }] as const],
  );
  return Object.fromEntries(captures);
}
