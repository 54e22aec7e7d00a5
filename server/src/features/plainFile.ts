import { foreignText } from "../../../dockerfile/lint/subject/foreignText.ts";
import { templateMark } from "../../../dockerfile/lint/subject/templateMark.ts";
import type { Dockerfile } from "../../../dockerfile/syntax/syntax.ts";

/** False of a file in another language and of a template, which changes of the text could damage. */
export function isPlainFile(file: Dockerfile): boolean {
  return foreignText(file) === undefined && templateMark(file) === undefined;
}
