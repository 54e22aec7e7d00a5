/** Half-open range of UTF-16 offsets in the text of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A parsed Dockerfile. Parsing never fails: what could not be understood stands in `problems`. */
export interface Dockerfile {
  readonly text: string;
  /** Every character belongs to exactly one token: joining their texts gives `text` back. */
  readonly tokens: readonly Token[];
  readonly directives: readonly Directive[];
  readonly escape: "\\" | "`";
  /** All comment lines, also those between continued lines; directives are not among them. */
  readonly comments: readonly Comment[];
  /** In the file's order; an ONBUILD's inner instruction stands only in its `trigger`. */
  readonly instructions: readonly Instruction[];
  /** Instructions before the first FROM. */
  readonly globals: readonly Instruction[];
  /** In the file's order. An instruction before any FROM that is no ARG is in `globals` and a problem. */
  readonly stages: readonly Stage[];
  readonly problems: readonly SyntaxProblem[];
}

export type TokenKind =
  | "bom"
  | "newline"
  | "whitespace"
  | "comment"
  | "directive"
  | "keyword"
  | "flag"
  | "argument"
  /** An escape character at a line's end, with the blanks behind it; its newline is a token of its own. */
  | "continuation"
  | "heredocBody"
  | "heredocEnd"
  /** What the parser left aside: bytes after an error. */
  | "unknown";

export interface Token {
  readonly kind: TokenKind;
  readonly span: Span;
}

/** A parser directive: `# syntax=…`, `# escape=…`, `# check=…`. */
export interface Directive {
  /** Lower case. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: string;
  readonly valueSpan: Span;
  readonly span: Span;
}

export interface Comment {
  /** Without the `#`, trimmed. */
  readonly text: string;
  /** From the `#` to the line's end, its newline left out. */
  readonly span: Span;
  /** True where it stands between the continued lines of an instruction. */
  readonly isInsideInstruction: boolean;
}

/** Source text with continuations, and comment and blank lines between them, taken out. */
export interface LogicalText {
  readonly text: string;
  /** Where in the file the character at `index` stands; `text.length` gives the end. */
  offsetAt(index: number): number;
}

/**
 * One word after BuildKit's splitting. `value` has continuations removed and, in JSON form, escapes decoded; quotes and
 * variables stay as written, but in the values of flags, from which BuildKit takes quotes and escapes at once.
 */
export interface Word {
  readonly value: string;
  /** In JSON form the string's inside. */
  readonly span: Span;
  /** `logical.text` equals `value`; where it was decoded, a character's place is that of its escape. */
  readonly logical: LogicalText;
}

export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly value?: Word;
  /** The comma separated `key=value` fields of `--mount`, by CSV rules; empty for other flags. */
  readonly options: readonly FlagOption[];
  readonly span: Span;
}

export interface FlagOption {
  /** Lower case. */
  readonly key: string;
  readonly keySpan: Span;
  readonly value?: Word;
  readonly span: Span;
}

export interface Heredoc {
  readonly name: string;
  /** False where any part of the name is quoted: then variables are not expanded. */
  readonly isExpanded: boolean;
  /** `<<-`: leading tabs are dropped. */
  readonly stripsTabs: boolean;
  readonly fileDescriptor?: number;
  /** `<<-"EOF"` in the instruction's line. */
  readonly span: Span;
  /** The lines between, with their newlines. */
  readonly body: Span;
  /** The terminator line, newline left out; absent where the file ends before it. */
  readonly end?: Span;
}

/** A `key=value` of ENV, LABEL or ARG; `value` absent for `ARG NAME`. */
export interface KeyValue {
  readonly key: Word;
  readonly value?: Word;
  /** `ENV key value`. */
  readonly isLegacy: boolean;
}

export interface Instruction {
  readonly index: number;
  readonly keyword: {
    /** Upper case. */
    readonly value: string;
    readonly written: string;
    readonly span: Span;
  };
  readonly flags: readonly Flag[];
  /** "json" where the arguments are a JSON array of strings; then `arguments` are its items. */
  readonly form: "json" | "words";
  /**
   * After the flags: JSON items or the words that BuildKit splits; for RUN, CMD, ENTRYPOINT in shell form the whole
   * text as one word. A heredoc's `<<EOF` is a word of its own in ADD and COPY.
   */
  readonly arguments: readonly Word[];
  /** Everything behind keyword and flags, heredoc bodies left out. */
  readonly rest: LogicalText;
  readonly restSpan: Span;
  readonly heredocs: readonly Heredoc[];
  /** For ENV, LABEL, ARG. */
  readonly pairs: readonly KeyValue[];
  /**
   * What stands behind ONBUILD, or from CMD on in HEALTHCHECK CMD. It shares `index`, `stageIndex`, `heredocs` and the
   * spans' ends with the outer one.
   */
  readonly trigger?: Instruction;
  /** The comment lines directly above, top first; ended by a blank line. */
  readonly leadingComments: readonly Comment[];
  /** Blank lines between its continued lines, newlines included; BuildKit warns of them. */
  readonly blankLines: readonly Span[];
  /** From the keyword to the end of its last line (heredoc terminators included), newline left out. */
  readonly span: Span;
  /** From the keyword to the end of the last line before heredoc bodies. */
  readonly headSpan: Span;
  /** -1 before the first FROM. */
  readonly stageIndex: number;
}

export interface Stage {
  readonly index: number;
  /** As written; names compare in lower case. */
  readonly name?: Word;
  readonly from: Instruction;
  /** The image or stage word of FROM; absent where FROM has no argument. */
  readonly base?: Word;
  readonly platform?: Word;
  /** After the FROM. */
  readonly instructions: readonly Instruction[];
  readonly span: Span;
}

export type SyntaxProblemKind =
  | "emptyFile"
  | "unknownInstruction"
  | "unknownFlag"
  | "duplicateFlag"
  | "flagValue"
  | "argumentCount"
  | "stageName"
  | "onbuild"
  | "keyValue"
  | "heredoc"
  | "json"
  | "healthcheck"
  | "expose"
  | "mount"
  | "directive"
  | "beforeFrom"
  | "noFrom"
  | "expansion"
  | "copyFrom"
  | "stageCycle"
  | "platform"
  | "line"
  | "checksum"
  | "chmod"
  | "other";

export interface SyntaxProblem {
  readonly kind: SyntaxProblemKind;
  readonly span: Span;
  /** What is wrong, why, what to do; no trailing stop. */
  readonly message: string;
  /** What was probably meant, replacing `span`. */
  readonly suggestion?: string;
}
