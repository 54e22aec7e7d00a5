import type { Severity } from "../../../dockerfile/lint/rule.ts";
import { positionsOf } from "../positions.ts";
import type { LintedFile } from "./lintedFile.ts";
import { xmlAttribute } from "./sinks.ts";

/** Checkstyle doesn't have "hint". */
const severities: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "info",
  hint: "info",
};

/**
 * XML as Checkstyle writes it; the version is that of the format's last change.
 * @see https://checkstyle.org/ XMLLogger
 */
export function lintCheckstyle(linted: readonly LintedFile[]): string {
  const files = linted.map(({ input, reports }) => {
    const { position } = positionsOf(input.text);
    const errors = reports.map(({ span, severity, message, rule }) => {
      const { line, character } = position(span.start);
      return `\n    <error line="${line + 1}" column="${character + 1}" severity="${severities[severity]}" message="${xmlAttribute(message)}" source="imagewright.${xmlAttribute(rule.id)}"/>`;
    });
    return `\n  <file name="${xmlAttribute(input.path)}">${errors.join("")}${errors.length > 0 ? "\n  " : ""}</file>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">${files.join("")}\n</checkstyle>`;
}
