import { positionsOf } from "../positions.ts";
import type { LintedFile } from "./lintedFile.ts";
import { printable } from "./sinks.ts";

/** One line for each finding, as editors and build tools read them. @see https://www.gnu.org/prep/standards/html_node/Errors.html */
export function lintGnu(linted: readonly LintedFile[]): string {
  return linted
    .flatMap(({ input, reports }) => {
      const { position } = positionsOf(input.text);
      return reports.map(({ span, severity, message, rule }) => {
        const { line, character } = position(span.start);
        return `${printable(input.path)}:${line + 1}:${character + 1}: ${severity}: ${printable(message)} [${rule.id}]`;
      });
    })
    .join("\n");
}
