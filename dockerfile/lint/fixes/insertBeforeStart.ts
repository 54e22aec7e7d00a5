import type { Change } from "../../edit/change.ts";
import { indentationAt, newlineOf } from "../../edit/edits.ts";
import type { Dockerfile, Stage } from "../../syntax/syntax.ts";

/** Inserts before the first CMD or ENTRYPOINT and its comments, else at the stage's end. */
export function insertBeforeStart(file: Dockerfile, { from, instructions }: Stage, line: string): Change {
  const start = instructions.find(({ keyword }) => keyword.value === "CMD" || keyword.value === "ENTRYPOINT");
  if (!start) {
    const { end } = (instructions.at(-1) ?? from).span;
    return { span: { start: end, end }, text: newlineOf(file) + line };
  }
  const place = (start.leadingComments[0] ?? start).span.start;
  const indentation = indentationAt(file, place);
  return { span: { start: place, end: place }, text: line + newlineOf(file) + indentation };
}
