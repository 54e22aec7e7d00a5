import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";

/**
 * What a command stands in. "substitution" is `$(…)` or backquotes, "script" the body of `sh -c "…"` or `sh <<EOF`,
 * "wrapper" a command run by `sudo`, `env` and their like.
 */
export type ShellNesting =
  "if" | "loop" | "case" | "function" | "subshell" | "group" | "substitution" | "script" | "wrapper";

/** A simple command of a shell text, with spans in the Dockerfile. @see POSIX XCU 2.9.1 */
export interface ShellCommand {
  /** The program's name as written, quotes removed; undefined where it is not a plain word (`$CMD x`). */
  readonly name?: string;
  readonly nameSpan: Span;
  /** `A=b` before the name, in order. */
  readonly assignments: readonly ShellAssignment[];
  /** Behind the name, in order; redirections are not among them. */
  readonly arguments: readonly ShellWord[];
  readonly redirections: readonly ShellRedirection[];
  /** From the first assignment or the name to the last argument. */
  readonly span: Span;
  /** What joins it to the command before; "start" for the first of the script, a compound or a substitution. */
  readonly joinedBy: "start" | "&&" | "||" | ";" | "|" | "|&" | "&" | "newline";
  /** Outermost first; empty at the top of the script. */
  readonly nesting: readonly ShellNesting[];
}

export interface ShellWord {
  /** Quotes removed; variables and substitutions as written. */
  readonly value: string;
  /** True where the value has no variable, substitution or glob: it is what the program will see. */
  readonly isLiteral: boolean;
  readonly span: Span;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value?: ShellWord;
  readonly span: Span;
}

export interface ShellRedirection {
  /** `>`, `>>`, `<`, `2>&1` is `>&`; `<<` for a heredoc, `<<<` for a here-string. */
  readonly operator: string;
  /** The file, descriptor or string; absent for a heredoc. */
  readonly target?: ShellWord;
  readonly span: Span;
}

export interface ShellScript {
  /**
   * In the order they stand, those nested in compounds, substitutions and `sh -c` bodies right behind what holds them.
   */
  readonly commands: readonly ShellCommand[];
  /** The `|` and `|&` operators. */
  readonly pipes: readonly Span[];
  /** True where the text could not be parsed as a whole; the commands are what was understood. */
  readonly hasErrors: boolean;
  /** "heredoc" where the lines of `RUN <<EOF` are the script. */
  readonly form: "line" | "heredoc";
  /** Where another command could be appended: behind the last character that is no blank. */
  readonly end: number;
}

/** Reads commands out of RUN, CMD, ENTRYPOINT and HEALTHCHECK texts and heredoc scripts. */
export interface ShellParser {
  /**
   * Undefined where the instruction has no shell text (JSON form, another instruction, a shell that is not POSIX); for
   * ONBUILD and HEALTHCHECK that of their trigger. `file` is the one the instruction stands in.
   */
  script(instruction: Instruction, file: Dockerfile): ShellScript | undefined;
}
