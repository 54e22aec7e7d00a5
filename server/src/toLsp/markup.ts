import { MarkupKind, type MarkupContent } from "vscode-languageserver";

/** Markdown for editors that show it; for others its text, links as addresses. */
export function toMarkup(markdown: string, formats: readonly MarkupKind[] = []): MarkupContent {
  return formats.includes(MarkupKind.Markdown)
    ? { kind: MarkupKind.Markdown, value: markdown }
    : { kind: MarkupKind.PlainText, value: toPlainText(markdown) };
}

function toPlainText(markdown: string): string {
  return markdown
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, "$1: $2")
    .replace(/\*\*([^*]*)\*\*/g, "$1")
    .replace(/\\([\\`*_{}[\]()#+.!|<>~-])/g, "$1")
    .replaceAll("`", "");
}
