import type { Change } from "../../edit/change.ts";
import type { Report } from "../rule.ts";
import type { IgnoreDocument } from "./document.ts";
import { newlineOf } from "./patterns.ts";
import { ignoreSuppressions } from "./run.ts";

/** Silences a rule for one line: extends the comment right above it that silences other rules, else adds one. */
export function ignoreAtLine(file: IgnoreDocument, { rule, span }: Pick<Report, "rule" | "span">): readonly Change[] {
  const start = file.text.lastIndexOf("\n", span.start - 1) + 1;
  const above = ignoreSuppressions(file).find(
    ({ scope, namesSpan }) => scope === "instruction" && file.text.indexOf("\n", namesSpan.end) + 1 === start,
  );
  if (above) return [{ span: { start: above.namesSpan.end, end: above.namesSpan.end }, text: `,${rule.id}` }];
  const at = start === 0 && file.text.startsWith("\uFEFF") ? 1 : start;
  return [{ span: { start: at, end: at }, text: `# imagewright ignore=${rule.id}${newlineOf(file.text)}` }];
}

/** Silences a rule in the whole file: extends the comment that silences other rules, else adds one at the top. */
export function ignoreInIgnoreFile(file: IgnoreDocument, { rule }: Pick<Report, "rule">): readonly Change[] {
  const known = ignoreSuppressions(file).find(({ scope }) => scope === "file");
  if (known) return [{ span: { start: known.namesSpan.end, end: known.namesSpan.end }, text: `,${rule.id}` }];
  const start = file.text.startsWith("\uFEFF") ? 1 : 0;
  return [{ span: { start, end: start }, text: `# imagewright file ignore=${rule.id}${newlineOf(file.text)}` }];
}
