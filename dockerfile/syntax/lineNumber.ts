import type { Dockerfile, Instruction } from "./syntax.ts";

/** The line on which an instruction begins, from 1, as people count. */
export function lineNumberOf({ text }: Dockerfile, { span }: Instruction): number {
  return text.slice(0, span.start).split("\n").length;
}
