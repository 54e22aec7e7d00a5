import type { LintedFile } from "../commands/lint.ts";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import { positionsOf } from "../positions.ts";
import { printable } from "./table.ts";

/** Findings as a compiler prints them: place, severity, rule, message, the line, and what of it is meant. */
export function lintText(linted: readonly LintedFile[]): string {
  const blocks = linted.flatMap((one) => one.reports.map((report) => block(one, report)));
  const count = blocks.length;
  const fixable = linted.flatMap(({ reports }) => reports).filter(({ fix }) => fix?.()?.safety === "safe").length;
  const files = `${linted.length} ${linted.length === 1 ? "file" : "files"}`;
  if (count === 0) return `no problems in ${files}`;
  const hint = fixable > 0 ? `; --fix mends ${fixable}` : "";
  return `${blocks.join("\n\n")}\n\n${count} ${count === 1 ? "problem" : "problems"} in ${files}${hint}`;
}

function block({ input }: LintedFile, { rule, severity, message, span }: Report): string {
  const { range, line } = positionsOf(input.text);
  const { start, end } = range(span);
  const source = line(start.line);
  const last = end.line === start.line ? end.character : source.length;
  const number = String(start.line + 1);
  const gutter = " ".repeat(number.length);
  // Tabs are kept in the padding, so that the marks stand under the text however wide a tab is.
  const padding = source.slice(0, start.character).replace(/[^\t]/g, " ");
  return [
    `${input.path}:${number}:${start.character + 1}: ${severity}: ${printable(message)} [${rule.id}]`,
    `${gutter} |`,
    `${number} | ${source.replaceAll(/[^\t]+/g, printable)}`,
    `${gutter} | ${padding}${"^".repeat(Math.max(1, last - start.character))}`,
  ].join("\n");
}
