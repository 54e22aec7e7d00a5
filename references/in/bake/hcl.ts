import treeSitter, { type Node, type Parser } from "@vscode/tree-sitter-wasm";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import { bakeFile, type BakeFile, type BakeMember, type BakeValue, type HclReader } from "./bakeFile.ts";
import { linesOf, quotedText } from "./template.ts";

/** The two files needed to read HCL: tree-sitter's own, and the grammar of `@tree-sitter-grammars/tree-sitter-hcl`. */
export interface HclAssets {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

/** Loads the grammar, which takes about 15 ms; once per process is enough. Rejects only if the bytes are invalid. */
export async function createHclReader({ runtime, grammar }: HclAssets): Promise<HclReader> {
  const options = { wasmBinary: runtime, locateFile: (name: string) => name };
  await treeSitter.Parser.init(options);
  const parser = new treeSitter.Parser();
  parser.setLanguage(await treeSitter.Language.load(grammar));
  return (text) => readHcl(parser, text);
}

// Far above any real Bake file; a larger file's tree would take hundreds of megabytes.
const maxCharacters = 1024 * 1024;

// A file with 3,000 targets takes 1.6 s; brackets that are never closed take a minute.
const maxParseMs = 5000;

// Real files nest a few levels; hostile ones must not overflow the stack.
const maxDepth = 50;

function readHcl(parser: Parser, text: string): BakeFile | string {
  if (text.length > maxCharacters) return "it is too long for a Bake file";
  const endMs = Date.now() + maxParseMs;
  const tree = parser.parse(text, null, { progressCallback: () => Date.now() > endMs });
  if (!tree) {
    parser.reset();
    return "it is too complicated to parse";
  }
  try {
    if (tree.rootNode.hasError) return `it isn't valid HCL${lineOfError(tree.rootNode)}`;
    const uses = new Map<string, number>();
    const { blocks, attributes } = bodyOf(children(tree.rootNode)[0], { text, uses }, 0);
    return bakeFile(blocks, attributes, uses);
  } finally {
    tree.delete();
  }
}

function lineOfError(root: Node): string {
  let node: Node = root;
  for (let depth = 0; depth < maxDepth && !node.isError && !node.isMissing; depth++) {
    const next = node.children.find((child) => child?.hasError || child?.isMissing);
    if (!next) break;
    node = next;
  }
  // If a bracket is never closed, the whole text is one error, and its first line is meaningless.
  return node === root ? "" : ` (line ${node.startPosition.row + 1})`;
}

interface Reading {
  readonly text: string;
  readonly uses: Map<string, number>;
}

interface Block {
  readonly type: string;
  readonly label: string;
  readonly members: readonly BakeMember[];
}

interface Body {
  readonly blocks: readonly Block[];
  readonly attributes: readonly BakeMember[];
}

function bodyOf(body: Node | undefined, reading: Reading, depth: number): Body {
  if (body?.type !== "body" || depth > maxDepth) return { blocks: [], attributes: [] };
  const parts = children(body);
  const blocks = parts.flatMap((part): readonly Block[] => {
    if (part.type !== "block") return [];
    const [type, ...rest] = children(part);
    const label = rest.find(({ type: kind }) => kind === "string_lit" || kind === "identifier");
    const inner = bodyOf(
      rest.find(({ type: kind }) => kind === "body"),
      reading,
      depth + 1,
    );
    return [{ type: type?.text ?? "", label: label ? unquoted(label) : "", members: inner.attributes }];
  });
  return { blocks, attributes: parts.flatMap((part) => attributeOf(part, reading, depth)) };
}

function attributeOf(part: Node, reading: Reading, depth: number): readonly BakeMember[] {
  if (part.type !== "attribute") return [];
  const [name, , value] = children(part);
  if (!name || !value) return [];
  return [{ name: name.text, nameSpan: spanOf(name), value: valueOf(value, reading, depth + 1) }];
}

function valueOf(node: Node, reading: Reading, depth: number): BakeValue {
  const inner = children(node).find(({ isNamed }) => isNamed);
  if (!inner || depth > maxDepth) return { kind: "other", span: spanOf(node) };
  const isOnly = children(node).length === 1;
  switch (isOnly ? node.type : "") {
    case "expression":
    case "literal_value":
    case "template_expr":
    case "collection_value":
      return inner.type === "string_lit" || inner.type.endsWith("_template")
        ? textOf(inner, reading)
        : valueOf(inner, reading, depth + 1);
    case "variable_expr":
      countUses(node, reading, depth);
      return { kind: "variable", name: inner.text, span: spanOf(inner) };
    default:
      return compoundOf(node, reading, depth);
  }
}

function compoundOf(node: Node, reading: Reading, depth: number): BakeValue {
  const elements = children(node);
  if (node.type === "tuple")
    return {
      kind: "list",
      items: elements.flatMap((item) => (item.type === "expression" ? [valueOf(item, reading, depth + 1)] : [])),
    };
  if (node.type === "object")
    return { kind: "object", members: elements.flatMap((element) => elementOf(element, reading, depth)) };
  countUses(node, reading, depth);
  return { kind: "other", span: spanOf(node) };
}

function elementOf(element: Node, reading: Reading, depth: number): readonly BakeMember[] {
  const [key, value] = children(element).filter(({ type }) => type === "expression");
  if (element.type !== "object_elem" || !key || !value) return [];
  return [{ name: unquoted(key), nameSpan: insideQuotes(key), value: valueOf(value, reading, depth + 1) }];
}

function textOf(node: Node, reading: Reading): BakeValue {
  countUses(node, reading, 0);
  if (node.type !== "heredoc_template") return { kind: "text", text: quotedText(reading.text, insideQuotes(node)) };
  const start = reading.text.indexOf("\n", node.startIndex) + 1;
  const end = reading.text.lastIndexOf("\n", node.endIndex - 1) + 1;
  const isIndented = reading.text.startsWith("<<-", node.startIndex);
  const indent = isIndented ? commonIndent(reading.text.slice(start, end)) : 0;
  return { kind: "text", text: linesOf(reading.text, { start, end }, indent) };
}

function commonIndent(text: string): number {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.reduce((least, line) => Math.min(least, line.length - line.trimStart().length), Infinity);
}

/** Counts the variables in a node, of which the values of a file are made. */
function countUses(node: Node, { uses }: Reading, depth: number): void {
  if (node.type === "variable_expr") uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
  if (depth < maxDepth) for (const child of children(node)) countUses(child, { text: "", uses }, depth + 1);
}

/** The children without comments, which may be anywhere. */
function children(node: Node): readonly Node[] {
  return node.children.filter((child) => child !== null).filter(({ type }) => type !== "comment");
}

function spanOf({ startIndex, endIndex }: Node): Span {
  return { start: startIndex, end: endIndex };
}

function insideQuotes(node: Node): Span {
  const { start, end } = spanOf(node);
  return node.text.startsWith('"') ? { start: start + 1, end: end - 1 } : { start, end };
}

function unquoted({ text }: Node): string {
  return text.startsWith('"') ? text.slice(1, -1) : text;
}
