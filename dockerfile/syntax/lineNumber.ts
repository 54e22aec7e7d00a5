import type { Dockerfile, Instruction } from "./syntax.ts";

/** The line on which an instruction begins, from 1, as people count. */
export function lineNumberOf({ text }: Dockerfile, { span }: Instruction): number {
  return lineNumberAt(text, span.start);
}

/** The line of an offset, from 1. */
export function lineNumberAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
