import { baseName, isPosixShell } from "../shell/inEffect.ts";

/** The number of build arguments before a recorded RUN: `|2 A=1 B=x y /bin/sh -c …`. */
export function buildArgumentCount(recorded: string): number | undefined {
  const count = /^\|([0-9]{1,4}) /.exec(recorded)?.[1];
  return count === undefined ? undefined : Number(count);
}

/**
 * The range of the first shell and its options in a recorded RUN, including the blank after it; without build arguments
 * it can only be at the start.
 */
export function shellIn(recorded: string): { readonly start: number; readonly end: number } | undefined {
  const hasArguments = buildArgumentCount(recorded) !== undefined;
  for (const match of recorded.matchAll(/(?<=^| )(\S+)(?: -\w*o [a-z]+| -\w+| \/[A-Za-z](?= ))* /g)) {
    const program = match[1] ?? "";
    const isShell = isPosixShell(program) || otherShells.has(baseName(program));
    if (isShell && match[0].length > program.length + 1)
      return { start: match.index, end: match.index + match[0].length };
    if (!hasArguments) return undefined;
  }
  return undefined;
}

const otherShells = new Set(["cmd", "powershell", "pwsh", "fish"]);
