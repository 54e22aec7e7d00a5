import type { Dockerfile, Instruction } from "../syntax/syntax.ts";

/** The blanks before the continued lines of an instruction; four spaces if it has one line. */
export function continuedIndent({ text }: Dockerfile, { headSpan }: Instruction): string {
  const [, ...lines] = text.slice(headSpan.start, headSpan.end).split("\n");
  const line = lines.find((one) => /^[ \t]+[^\s#]/.test(one));
  return /^[ \t]+/.exec(line ?? "")?.[0] ?? "    ";
}
