import type { Node } from "@vscode/tree-sitter-wasm";

/** A word by indices into the parsed text. */
export interface RawWord {
  readonly value: string;
  readonly isLiteral: boolean;
  readonly start: number;
  readonly end: number;
}

/** The word of a node: quotes and escapes removed, variables and substitutions as written. @see POSIX XCU 2.2 */
export function rawWord(node: Node, text: string): RawWord {
  const { startIndex: start, endIndex: end } = node;
  return { ...decode(node, text), start, end };
}

/**
 * The text inside a quoted or bare word and the position of each of its characters; undefined if it consists of several
 * parts.
 */
export function unquoted(
  word: RawWord,
  text: string,
): { readonly text: string; readonly indices: readonly number[] } | undefined {
  const written = text.slice(word.start, word.end);
  const quote = written[0];
  if (quote === "'" && written.indexOf("'", 1) === written.length - 1)
    return plain(written.slice(1, -1), word.start + 1);
  if (quote === '"' && written.endsWith('"') && written.length > 1)
    return withoutEscapes(written.slice(1, -1), word.start + 1);
  return /["'\\]/.test(written) ? undefined : plain(written, word.start);
}

type Decoded = Pick<RawWord, "value" | "isLiteral">;

function decode(node: Node, text: string): Decoded {
  const written = text.slice(node.startIndex, node.endIndex);
  switch (node.type) {
    case "command_name":
      return node.firstChild ? decode(node.firstChild, text) : decodeBare(written);
    case "word":
    case "number":
    case "variable_name":
      return decodeBare(written);
    case "raw_string":
      return { value: written.slice(1, -1), isLiteral: true };
    case "ansi_c_string":
      return { value: written.slice(2, -1), isLiteral: !written.includes("\\") };
    case "string":
      return decodeString(node, text);
    case "variable_assignment":
      return decodeAssignment(node, text);
    case "concatenation":
      return joined(present(node.children).map((child) => decode(child, text)));
    default:
      // The results of expansions, substitutions and patterns are known only when the command runs.
      return { value: written, isLiteral: !/[$`*?[{~]/.test(written) };
  }
}

function decodeBare(written: string): Decoded {
  return { value: written.replace(/\\([^])/g, "$1"), isLiteral: !/(?<!\\)[*?[{]|^~/.test(written) };
}

/** Decodes `A=b` as an argument of export and the like. */
function decodeAssignment(node: Node, text: string): Decoded {
  const value = node.childForFieldName("value");
  const end = value?.startIndex ?? node.endIndex;
  const before = { value: text.slice(node.startIndex, end), isLiteral: true };
  return value ? joined([before, decode(value, text)]) : before;
}

function decodeString(node: Node, text: string): Decoded {
  const parts: Decoded[] = [];
  let from = node.startIndex + 1;
  const until = node.endIndex - (text[node.endIndex - 1] === '"' ? 1 : 0);
  for (const child of present(node.namedChildren)) {
    if (child.type === "string_content") continue;
    parts.push(quotedText(text.slice(from, child.startIndex)), {
      value: text.slice(child.startIndex, child.endIndex),
      isLiteral: false,
    });
    from = child.endIndex;
  }
  parts.push(quotedText(text.slice(from, Math.max(from, until))));
  return joined(parts);
}

function quotedText(written: string): Decoded {
  return { value: written.replace(escapeInQuotes, "$1"), isLiteral: true };
}

function joined(parts: readonly Decoded[]): Decoded {
  return { value: parts.map(({ value }) => value).join(""), isLiteral: parts.every(({ isLiteral }) => isLiteral) };
}

/** Inside double quotes a backslash quotes only these. @see POSIX XCU 2.2.3 */
const escapeInQuotes = /\\([$`"\\])/g;

function plain(text: string, start: number): { text: string; indices: number[] } {
  return { text, indices: Array.from({ length: text.length + 1 }, (_, index) => start + index) };
}

function withoutEscapes(written: string, start: number): { text: string; indices: number[] } {
  const indices: number[] = [];
  let text = "";
  for (let index = 0; index < written.length; index++) {
    if (written[index] === "\\" && /[$`"\\]/.test(written[index + 1] ?? "")) index++;
    text += written[index] ?? "";
    indices.push(start + index);
  }
  indices.push(start + written.length);
  return { text, indices };
}

export function present<T>(items: readonly (T | null)[]): readonly T[] {
  return items.filter((item) => item !== null);
}
