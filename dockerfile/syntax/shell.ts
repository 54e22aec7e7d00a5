import type { Instruction, Span } from "./syntax.ts";

/** A simple command of a shell text, with spans in the Dockerfile. @see POSIX XCU 2.9.1 */
export interface ShellCommand {
  /** The program's name as written, quotes removed; undefined where it is not a plain word (`$CMD x`). */
  readonly name?: string;
  readonly nameSpan: Span;
  /** Behind the name, in order. */
  readonly arguments: readonly ShellWord[];
  readonly span: Span;
  /** What joins it to the command before: `&&`, `||`, `;`, `|`, newline; "start" for the first. */
  readonly joinedBy: "start" | "&&" | "||" | ";" | "|" | "&" | "newline";
}

export interface ShellWord {
  /** Quotes removed; variables and substitutions as written. */
  readonly value: string;
  /** True where the value has no variable, substitution or glob: it is what the program will see. */
  readonly isLiteral: boolean;
  readonly span: Span;
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** True where the text could not be parsed as a whole. */
  readonly hasErrors: boolean;
}

/** Reads commands out of RUN, CMD, ENTRYPOINT and HEALTHCHECK texts and heredoc scripts. */
export interface ShellParser {
  /** Undefined where the instruction has no shell text (JSON form, another instruction, a SHELL that is not POSIX). */
  script(instruction: Instruction): ShellScript | undefined;
}
