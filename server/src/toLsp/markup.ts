import { visibleText } from "../../../oci/core/visibleText.ts";
import { MarkupKind, type MarkupContent } from "vscode-languageserver";

/** Markdown for editors that support it; plain text with URLs for others. */
export function toMarkup(markdown: string, formats: readonly MarkupKind[] = []): MarkupContent {
  const visible = visibleText(markdown);
  return formats.includes(MarkupKind.Markdown)
    ? { kind: MarkupKind.Markdown, value: visible }
    : { kind: MarkupKind.PlainText, value: toPlainText(visible) };
}

/** Text as Markdown that shows it literally: links, images, markup and URLs in it have no effect. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*_{}[\]()#+!|<>~$-]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replace(/:(?=\/\/)|@|(?<=\bwww)\./gi, (mark) => `&#${mark.charCodeAt(0)};`);
}

function toPlainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, "$1: $2")
    .replace(/\*\*([^*]*)\*\*/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, "$1")
    .replaceAll("`", "");
}
