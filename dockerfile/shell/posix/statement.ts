/** A piece of a word. "unread" is text whose meaning isn't evaluated: backquotes, arithmetic, brace expansion. */
export type WordPart =
  | { readonly kind: "text"; readonly value: string; readonly isQuoted: boolean }
  | { readonly kind: "variable"; readonly name: string; readonly isQuoted: boolean; readonly fallback?: Fallback }
  | { readonly kind: "substitution"; readonly body: Statement; readonly isQuoted: boolean }
  | { readonly kind: "unread"; readonly isQuoted: boolean };

/** The fallback in `${NAME:-word}`; `isForEmpty` is true with the colon. */
export interface Fallback {
  readonly operator: "-" | "+" | "=" | "?";
  readonly isForEmpty: boolean;
  readonly word: Word;
}

export interface Word {
  readonly parts: readonly WordPart[];
  /** As written. */
  readonly text: string;
}

export interface Redirection {
  /** `>`, `>>`, `>|`, `<`, `<<`, `<<<`, `<&`, `>&`, `<>`, `&>`, `&>>`. */
  readonly operator: string;
  readonly descriptor?: number;
  /** The file or descriptor; the text of a heredoc or a here-string. */
  readonly target: Word;
}

export interface Assignment {
  readonly name: string;
  readonly value: Word;
}

export interface SimpleCommand {
  readonly kind: "simple";
  readonly assignments: readonly Assignment[];
  readonly words: readonly Word[];
  readonly redirections: readonly Redirection[];
}

/** A piece of a shell script. @see POSIX XCU 2.9 */
export type Statement =
  | SimpleCommand
  | { readonly kind: "pipeline"; readonly commands: readonly Statement[]; readonly isNegated: boolean }
  | { readonly kind: "andOr"; readonly first: Statement; readonly rest: readonly AndOr[] }
  | { readonly kind: "sequence"; readonly statements: readonly Statement[] }
  | { readonly kind: "if"; readonly branches: readonly Branch[]; readonly otherwise?: Statement }
  | { readonly kind: "for"; readonly name: string; readonly words: readonly Word[]; readonly body: Statement }
  | {
      readonly kind: "group" | "subshell";
      readonly body: Statement;
      readonly redirections: readonly Redirection[];
    }
  /** Statements that may run any number of times, or not at all: `while`, `case`, background jobs. */
  | { readonly kind: "undecided"; readonly what: string; readonly inside: readonly Statement[] };

export interface AndOr {
  readonly operator: "&&" | "||";
  readonly statement: Statement;
}

export interface Branch {
  readonly condition: Statement;
  readonly body: Statement;
}
