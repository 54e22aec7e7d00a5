import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { TextInFile } from "../yamlText.ts";

/** A piece of a template: text, the value of a variable, or an expression that only Bake can evaluate. */
export type TemplatePiece =
  | { readonly kind: "text"; readonly text: string; /** The index in the template. */ readonly start: number }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "expression" };

/**
 * The pieces of a template in order. `$${` is an escaped `${` and counts as an expression: it can't be part of an
 * image.
 */
export function templatePieces(text: string): readonly TemplatePiece[] {
  const pieces: TemplatePiece[] = [];
  let at = 0;
  for (const match of text.matchAll(/[$%]\{\s*(?:([A-Za-z_][\w-]*)\s*\})?/g)) {
    if (match.index > at) pieces.push({ kind: "text", text: text.slice(at, match.index), start: at });
    const [whole, name] = match;
    if (name === undefined || whole.startsWith("%")) return [...pieces, { kind: "expression" }];
    pieces.push({ kind: "variable", name });
    at = match.index + whole.length;
  }
  if (at < text.length) pieces.push({ kind: "text", text: text.slice(at), start: at });
  return pieces;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["b", "\b"],
  ["f", "\f"],
]);

/** The text between the quotes of a span with escapes replaced, and the file position of each character. */
export function quotedText(source: string, { start, end }: Span): TextInFile {
  const characters: string[] = [];
  const offsets: number[] = [];
  let isEditable = true;
  for (let at = start; at < end;) {
    const length = escapeLength(source, at);
    if (length > 2) isEditable = false;
    characters.push(length === 1 ? (source[at] ?? "") : unescaped(source.slice(at, at + length)));
    offsets.push(at);
    at += length;
  }
  // A character above U+FFFF takes two places in the text, and neither can be part of an image.
  const text = characters.map((character) => character.slice(0, 1)).join("");
  return { text, offsetAt: (index) => offsets[index] ?? end, isEditable, start, end };
}

function escapeLength(source: string, at: number): number {
  if (source[at] !== "\\") return 1;
  const letter = source[at + 1];
  return letter === "u" ? 6 : letter === "U" ? 10 : 2;
}

function unescaped(escape: string): string {
  const letter = escape[1] ?? "";
  if (escape.length === 2) return escapes.get(letter) ?? letter;
  const code = Number.parseInt(escape.slice(2), 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : "\ufffd";
}

/** The lines of a span, each without its first `indent` characters. */
export function linesOf(source: string, { start, end }: Span, indent: number): TextInFile {
  const offsets: number[] = [];
  let text = "";
  for (let at = start; at < end;) {
    const newline = source.indexOf("\n", at);
    const next = newline === -1 || newline >= end ? end : newline + 1;
    const from = Math.min(at + indent, newline === -1 ? next : Math.min(newline, next));
    for (let offset = from; offset < next; offset++) offsets.push(offset);
    text += source.slice(from, next);
    at = next;
  }
  return { text, offsetAt: (index) => offsets[index] ?? end, isEditable: true, start, end };
}
