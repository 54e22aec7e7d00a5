import type { Dockerfile } from "../syntax/syntax.ts";

/**
 * The value of the directive that names the frontend, and its offset. BuildKit first looks for `# syntax=`, then for
 * `// syntax=` in a block of such lines at the file's start, for frontends whose files have other comments.
 * @see moby/buildkit frontend/dockerfile/parser/directives.go ParseDirective
 */
export function syntaxValue(file: Dockerfile): { readonly text: string; readonly start: number } | undefined {
  const directive = file.directives.find(({ name }) => name === "syntax");
  return directive ? { text: directive.value, start: directive.valueSpan.start } : slashedValue(file.text);
}

// Directives take a line or two; a frontend that needs more of them is unheard of.
const maxLines = 50;
const maxLineLength = 4096;

function slashedValue(text: string): { readonly text: string; readonly start: number } | undefined {
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  if (text.startsWith("#!", start)) start = lineEnd(text, start) + 1;
  for (let line = 0; line < maxLines && start < text.length; line++) {
    const end = lineEnd(text, start);
    const found = directive.exec(text.slice(start, Math.min(end, start + maxLineLength)));
    const { head = "", name = "", value = "" } = found?.groups ?? {};
    if (!found) return undefined;
    if (name.toLowerCase() === "syntax") return { text: value.trimEnd(), start: start + head.length };
    start = end + 1;
  }
  return undefined;
}

const directive = /^(?<head>\/\/\s*(?<name>[a-zA-Z][a-zA-Z0-9]*)\s*=\s*)(?<value>\S.*)$/;

function lineEnd(text: string, from: number): number {
  const newline = text.indexOf("\n", from);
  return newline === -1 ? text.length : newline;
}
