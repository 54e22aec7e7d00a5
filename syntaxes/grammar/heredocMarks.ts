import { groups, type Rule, rule, scope } from "./rule.ts";

/**
 * The maximum number of heredocs in one instruction whose bodies are all found; further ones are read as text of the
 * last.
 */
export const maxHeredocs = 3;

/** Text without a heredoc: quoted strings whole, `<` and `<<<` but not `<<`. */
const gap = String.raw`(?:[^"'<\n\\]|\\[^\n]|"(?:[^"\\\n]|\\[^\n])*+"|'[^'\n]*+'|(?><{3,})|<(?!<))*?`;

export interface MarkOptions {
  /** Quotes around the name keep variables from being expanded. */
  readonly quotes: "quoted" | "unquoted" | "either";
  /** True if it must be the program's standard input, which a file descriptor before the operator isn't. */
  readonly isStandardInput?: boolean;
  /** A pattern for the name; by default any. */
  readonly name?: string;
}

const quotePatterns = { quoted: `(["'])`, unquoted: "()", either: `(["']?)` } as const;

/**
 * `3<<-"EOF"` as six groups, numbered from `first`: the operator, the dash, then quote and name with a dash and
 * without. The name is in one of two groups, because tabs may precede the terminator only after a dash.
 */
export function mark(first: number, options: MarkOptions): string {
  const { quotes, isStandardInput = false, name = String.raw`[A-Za-z_][\w.-]*` } = options;
  const quote = quotePatterns[quotes];
  const descriptor = isStandardInput ? "" : String.raw`\d*`;
  const named = (group: number): string => String.raw`${quote}(${name})${reference(group)}(?![\w.-])`;
  return String.raw`(?<![^\s;&|(])(${descriptor}<<(?!<))(?:(-)[ \t]*${named(first + 2)}|[ \t]*${named(first + 4)})`;
}

/** A mark without groups. */
const anyMark = String.raw`(?<![^\s;&|(])\d*<<(?!<)-?[ \t]*(?:"[A-Za-z_][\w.-]*"|'[A-Za-z_][\w.-]*'|[A-Za-z_][\w.-]*)(?![\w.-])`;

/** The text up to the mark after `count` others. */
export function before(count: number): string {
  return `${gap}${`${anyMark}${gap}`.repeat(count)}`;
}

/** A lookahead for a line with at least this number of heredocs. */
export function hasMarks(count: number): string {
  return `(?=${before(count - 1)}${anyMark})`;
}

/** Matches every line except the terminator of the mark at `first`. VS Code inserts back references as text. */
export function notTerminator(first: number): string {
  const dashed = String.raw`\t*${reference(first + 3)}(?<=[^\t\n])`;
  const plain = String.raw`${reference(first + 5)}(?<=[^\t\n])`;
  return `^(?!(?:${dashed}|${plain})$)`;
}

function reference(group: number): string {
  return `\\${String(group)}`;
}

/** Scopes of the groups of `mark`. */
export const markScopes = [
  "keyword.operator.heredoc",
  "keyword.operator.heredoc",
  "punctuation.definition.string.heredoc",
  "keyword.control.heredoc-token",
  "punctuation.definition.string.heredoc",
  "keyword.control.heredoc-token",
] as const;

/** The marks of an instruction after its first. */
export const furtherMark: Rule = { match: mark(1, { quotes: "either" }), captures: groups(...markScopes) };

/** The terminator: the line that a body leaves over. */
export const terminator: Rule = { match: String.raw`^\t*([^\n]+)`, captures: groups("keyword.control.heredoc-token") };

/** Variables in a body that are expanded before a program reads it, as an injection. */
export const expandedVariables: readonly Rule[] = [
  { name: scope("constant.character.escape"), match: String.raw`\\[\\$]` },
  {
    match: String.raw`(\$)([A-Za-z_]\w*)`,
    captures: groups("punctuation.definition.variable", "variable.other.readwrite"),
  },
  {
    match: String.raw`(\$\{)([A-Za-z_]\w*)([^}\n]*)(\})`,
    captures: groups(
      "punctuation.definition.variable.begin",
      "variable.other.readwrite",
      [rule("modifier")],
      "punctuation.definition.variable.end",
    ),
  },
];
