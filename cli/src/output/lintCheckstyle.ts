import type { Severity } from "../../../dockerfile/lint/rule.ts";
import { positionsOf } from "../positions.ts";
import type { LintedFile } from "./lintedFile.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

/** Checkstyle has no hint. */
const severities: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  info: "info",
  hint: "info",
};

/** XML as Checkstyle writes it; the version is that of the format's last change. @see https://checkstyle.org/ XMLLogger */
export function lintCheckstyle(linted: readonly LintedFile[]): string {
  const files = linted.map(({ input, reports }) => {
    const { position } = positionsOf(input.text);
    const errors = reports.map(({ span, severity, message, rule }) => {
      const { line, character } = position(span.start);
      return `\n    <error line="${line + 1}" column="${character + 1}" severity="${severities[severity]}" message="${escaped(message)}" source="imagewright.${escaped(rule.id)}"/>`;
    });
    return `\n  <file name="${escaped(input.path)}">${errors.join("")}${errors.length > 0 ? "\n  " : ""}</file>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">${files.join("")}\n</checkstyle>`;
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** For an attribute. Characters that XML 1.0 can't have at all become U+FFFD. @see https://www.w3.org/TR/xml/#charsets */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, "\ufffd")
    .replace(/[&<>"'\n\r\t]/g, (c) => ownEntry(entities, c) ?? c);
}
