// The only way for text from files, images, engines and registries out of the command line: one function for each form
// of output.
import { visibleText, visibleJson } from "../../../oci/core/visibleText.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

/**
 * One line for a terminal or a CI log. Characters that would be obeyed or hidden are spelt out (`\x1b`, `\u202e`), and
 * so are the commands of CI systems: `::error::`, `##[group]`, `##vso[…]`.
 */
export function printable(text: string): string {
  return visibleText(text)
    .replaceAll("\t", "\\x09")
    .replaceAll("\n", "\\x0a")
    .replace(/^(\s*):(?=:)/, "$1\\x3a")
    .replace(loggingCommand, "\\x23");
}

/** JSON that is safe for a terminal and a CI log and parses to the same value. */
export function toJsonText(value: unknown): string {
  return visibleJson(JSON.stringify(value, undefined, 2)).replace(loggingCommand, "\\u0023");
}

/**
 * Text for an XML attribute, safe for a terminal as well. Characters that XML 1.0 doesn't allow become U+FFFD.
 * @see https://www.w3.org/TR/xml/#charsets
 */
export function xmlAttribute(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Cs}]/gu, "\ufffd")
    .replace(/[&<>"'\n\r\t]/g, (c) => ownEntry(entities, c) ?? c)
    .replace(hiddenInXml, (c) => `&#${c.codePointAt(0) ?? 0};`)
    .replace(loggingCommand, "&#35;");
}

/** Text for an HTML element or a quoted attribute; hidden characters are spelt out. */
export function htmlText(text: string): string {
  return visibleText(text).replace(/[&<>"']/g, (c) => ownEntry(entities, c) ?? c);
}

// GitHub takes `##[` anywhere in a line, Azure `##vso[`. @see
// https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands
const loggingCommand = /#(?=#(?:\[|vso\[))/gi;

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

/** Characters that XML allows but a terminal obeys or doesn't show. */
const hiddenInXml = /[\x7f-\x9f\p{Cf}\u2028\u2029\u115f\u1160\u2800\u3164\uffa0\u{e0100}-\u{e01ef}]/gu;
