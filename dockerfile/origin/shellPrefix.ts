import { baseName, isPosixShell } from "../shell/inEffect.ts";

/** How many build arguments stand in front of a recorded RUN: `|2 A=1 B=x y /bin/sh -c …`. */
export function buildArgumentCount(recorded: string): number | undefined {
  const count = /^\|([0-9]{1,4}) /.exec(recorded)?.[1];
  return count === undefined ? undefined : Number(count);
}

/** Where the first shell with its options stands in a recorded RUN, the blank behind it included; without build arguments it can only stand at the start. */
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
