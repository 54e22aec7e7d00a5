import type { Dockerfile, Instruction } from "./syntax.ts";

/** The line on which an instruction begins, counted from 1. */
export function lineNumberOf({ text }: Dockerfile, { span }: Instruction): number {
  return lineNumberAt(text, span.start);
}

/** Counts lines for many offsets of a text, from 1; scans the text once, on the first call. */
export function lineNumbersIn(text: string): (offset: number) => number {
  let starts: number[] | undefined;
  return (offset) => {
    starts ??= lineStartsOf(text);
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line of an offset, counted from 1. */
export function lineNumberAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
