import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";

/**
 * The context of a command. "substitution" is `$(…)` or backquotes, "script" the body of `sh -c "…"` or `sh <<EOF`,
 * "wrapper" a command run by `sudo`, `env` and the like.
 */
export type ShellNesting =
  "if" | "loop" | "case" | "function" | "subshell" | "group" | "substitution" | "script" | "wrapper";

/** A simple command of a shell text, with spans in the Dockerfile. @see POSIX XCU 2.9.1 */
export interface ShellCommand {
  /** The program's name as written, without quotes; undefined unless it is a plain word (`$CMD x`). */
  readonly name?: string;
  readonly nameSpan: Span;
  /** `A=b` before the name, in order. */
  readonly assignments: readonly ShellAssignment[];
  /** After the name, in order; excludes redirections. */
  readonly arguments: readonly ShellWord[];
  readonly redirections: readonly ShellRedirection[];
  /** From the first assignment or the name to the last argument. */
  readonly span: Span;
  /**
   * The operator between it and the previous command; "start" for the first of the script, a compound or a
   * substitution.
   */
  readonly joinedBy: "start" | "&&" | "||" | ";" | "|" | "|&" | "&" | "newline";
  /** Outermost first; empty at the top of the script. */
  readonly nesting: readonly ShellNesting[];
}

export interface ShellWord {
  /** Without quotes; variables and substitutions as written. */
  readonly value: string;
  /** True if the value has no variable, substitution or glob, which means that the program sees exactly this text. */
  readonly isLiteral: boolean;
  readonly span: Span;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value?: ShellWord;
  readonly span: Span;
}

export interface ShellRedirection {
  /** `>`, `>>`, `<`; `>&` for `2>&1`; `<<` for a heredoc, `<<<` for a here-string. */
  readonly operator: string;
  /** The file, descriptor or string; absent for a heredoc. */
  readonly target?: ShellWord;
  readonly span: Span;
}

export interface ShellScript {
  /**
   * In text order; commands nested in compounds, substitutions and `sh -c` bodies follow the one that contains them.
   */
  readonly commands: readonly ShellCommand[];
  /** The `|` and `|&` operators. */
  readonly pipes: readonly Span[];
  /** True if the text couldn't be parsed as a whole; the commands are the parts that were. */
  readonly hasErrors: boolean;
  /** Why commands are missing: the text is too "long", or some are nested too "deep". */
  readonly unread?: "long" | "deep";
  /** "heredoc" if the lines of `RUN <<EOF` are the script, "exec" if it is the command of `RUN ["a", "b"]`. */
  readonly form: "line" | "heredoc" | "exec";
  /** The position for appending another command: after the last character that isn't a blank. */
  readonly end: number;
}

/** Reads commands from RUN, CMD, ENTRYPOINT and HEALTHCHECK texts and heredoc scripts. */
export interface ShellParser {
  /**
   * Undefined if the instruction has no shell text (JSON form, another instruction, a shell that isn't POSIX); for
   * ONBUILD and HEALTHCHECK the script of their trigger. `file` is the one that contains the instruction.
   */
  script(instruction: Instruction, file: Dockerfile): ShellScript | undefined;
  /**
   * The command of a RUN in JSON form, followed by the script if that is `["sh", "-c", "…"]`; undefined for other
   * instructions. No shell reads the command, so its words are literal.
   */
  execCommand(instruction: Instruction, file: Dockerfile): ShellScript | undefined;
}
