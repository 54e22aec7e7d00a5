/**
 * A rule of a TextMate grammar, with the fields that VS Code reads.
 * @see https://macromates.com/manual/en/language_grammars
 */
export interface Rule {
  readonly comment?: string;
  readonly include?: string;
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  /** Tested at the start of each later line. If it fails, the rule and everything opened inside it are closed. */
  readonly while?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}

/** Rules by group number. A group's `patterns` read only its text, so nothing that they open can extend beyond it. */
export type Captures = Readonly<Record<string, Capture>>;

interface Capture {
  readonly name?: string;
  readonly patterns?: readonly Rule[];
}

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

/**
 * Scopes of this language: `scope("keyword.control")` is `keyword.control.dockerfile`; several are separated by spaces.
 */
export function scope(names: string): string {
  return names
    .split(" ")
    .map((name) => `${name}.dockerfile`)
    .join(" ");
}

/** Numbers the groups from 1: a scope's name without the language, rules for the group's text, or nothing. */
export function groups(...contents: readonly GroupContent[]): Captures {
  const captures = contents.flatMap((content, index) =>
    content === undefined ? [] : [[String(index + 1), captureOf(content)] as const],
  );
  return Object.fromEntries(captures);
}

/** A part of a comment to parse further: VS Code drops the scope of the group around it, so it is repeated. */
export function inComment(...patterns: readonly Rule[]): Capture {
  return { name: scope("comment.line.number-sign"), patterns };
}

export type GroupContent = string | readonly Rule[] | Capture | undefined;

function captureOf(content: Exclude<GroupContent, undefined>): Capture {
  if (typeof content === "string") return { name: scope(content) };
  return isRules(content) ? { patterns: content } : content;
}

function isRules(content: readonly Rule[] | Capture): content is readonly Rule[] {
  return Array.isArray(content);
}
