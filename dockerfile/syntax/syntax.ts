/** Half-open range of UTF-16 offsets in the text of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A parsed Dockerfile. Parsing never fails: `problems` lists the parts that couldn't be understood. */
export interface Dockerfile {
  readonly text: string;
  /** Every character belongs to exactly one token: joining their texts restores `text`. */
  readonly tokens: readonly Token[];
  readonly directives: readonly Directive[];
  readonly escape: "\\" | "`";
  /** All comment lines, also those between continued lines; excludes directives. */
  readonly comments: readonly Comment[];
  /** In the file's order; an ONBUILD's inner instruction is only in its `trigger`. */
  readonly instructions: readonly Instruction[];
  /** Instructions before the first FROM. */
  readonly globals: readonly Instruction[];
  /** In the file's order. An instruction before any FROM that isn't an ARG is in `globals` and a problem. */
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
  /** An escape character at a line's end, with the blanks after it; its newline is a separate token. */
  | "continuation"
  | "heredocBody"
  | "heredocEnd"
  /** The part that the parser skipped: bytes after an error. */
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
  /** From the `#` to the line's end, without its newline. */
  readonly span: Span;
  /** True between the continued lines of an instruction. */
  readonly isInsideInstruction: boolean;
}

/** Source text without continuations, and without comment and blank lines between them. */
export interface LogicalText {
  readonly text: string;
  /** The position in the file of the character at `index`; `text.length` gives the end. */
  offsetAt(index: number): number;
}

/**
 * One word after BuildKit's splitting. `value` has continuations removed and, in JSON form, escapes decoded. Quotes and
 * variables stay as written, except in the values of flags, from which BuildKit removes quotes and escapes immediately.
 */
export interface Word {
  readonly value: string;
  /** In JSON form the inside of the string. */
  readonly span: Span;
  /** `logical.text` equals `value`; the position of a decoded character is that of its escape. */
  readonly logical: LogicalText;
}

export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly value?: Word;
  /** The comma-separated `key=value` fields of `--mount`, by CSV rules; empty for other flags. */
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
  /** False if any part of the name is quoted: variables then aren't expanded. */
  readonly isExpanded: boolean;
  /** True for `<<-`: leading tabs are dropped. */
  readonly stripsTabs: boolean;
  readonly fileDescriptor?: number;
  /** `<<-"EOF"` on the instruction's line. */
  readonly span: Span;
  /** The lines between, with their newlines. */
  readonly body: Span;
  /** The terminator line, without its newline; absent if the file ends before it. */
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
  /** "json" if the arguments are a JSON array of strings, whose items are then in `arguments`. */
  readonly form: "json" | "words";
  /**
   * After the flags: JSON items or the words that BuildKit splits; for RUN, CMD, ENTRYPOINT in shell form the whole
   * text as one word. A heredoc's `<<EOF` is a separate word in ADD and COPY.
   */
  readonly arguments: readonly Word[];
  /** Everything after keyword and flags, without heredoc bodies. */
  readonly rest: LogicalText;
  readonly restSpan: Span;
  readonly heredocs: readonly Heredoc[];
  /** For ENV, LABEL, ARG. */
  readonly pairs: readonly KeyValue[];
  /**
   * The instruction after ONBUILD, or from CMD on in HEALTHCHECK CMD. It shares `index`, `stageIndex`, `heredocs` and
   * the spans' ends with the outer one.
   */
  readonly trigger?: Instruction;
  /** The comment lines directly above, top first; ended by a blank line. */
  readonly leadingComments: readonly Comment[];
  /** Blank lines between its continued lines, including newlines; BuildKit warns about them. */
  readonly blankLines: readonly Span[];
  /** From the keyword to the end of its last line (heredoc terminators included), without the newline. */
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
  /** The image or stage word of FROM; absent if FROM has no argument. */
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
  /** The problem, its reason and its fix; without a trailing full stop. */
  readonly message: string;
  /** The probable intention, which replaces `span`. */
  readonly suggestion?: string;
}
