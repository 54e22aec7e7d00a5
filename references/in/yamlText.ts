import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type Scalar,
  type YAMLMap,
} from "yaml";
import type { PlacedText } from "../../dockerfile/references/target.ts";

/** A document of a YAML file, whose texts can be edited in place. */
export interface YamlFile {
  /** The text of the whole file. */
  readonly text: string;
  readonly root: YAMLMap | undefined;
  /** The value of a map's member; undefined if there is no such member. Follows aliases and merged maps (`<<`). */
  member(map: Node | undefined, name: string): Node | undefined;
  /** The members of a map; empty for any other node. */
  members(node: Node | undefined): readonly YamlMember[];
  /** The items of a list; empty for any other node. */
  items(node: Node | undefined): readonly Node[];
}

export interface YamlMember {
  readonly name: string;
  readonly value: Node;
}

// Bounds aliases of aliases; people write one or two.
const maxDepth = 10;

/**
 * Reads YAML as its documents. Returns the reason as a text if it can't be parsed. Aliases are followed one by one and
 * never expanded, since a few can stand for gigabytes.
 */
export function readYaml(text: string): readonly YamlFile[] | string {
  const parsed = parsedYaml(text);
  return typeof parsed === "string" ? parsed : parsed.map((document) => readDocument(text, document));
}

function readDocument(text: string, parsed: Document.Parsed): YamlFile {
  const { contents } = parsed;
  const resolved = (node: unknown, depth = 0): Node | undefined => {
    if (isAlias(node)) return depth < maxDepth ? resolved(node.resolve(parsed), depth + 1) : undefined;
    return isMap(node) || isScalar(node) || isSeq(node) ? node : undefined;
  };
  const members = (node: Node | undefined): readonly YamlMember[] => {
    if (!isMap(node)) return [];
    return node.items.flatMap(({ key, value }): readonly YamlMember[] => {
      const found = resolved(value);
      return isScalar(key) && found ? [{ name: String(key.value), value: found }] : [];
    });
  };
  const items = (node: Node | undefined): readonly Node[] =>
    isSeq(node) ? node.items.flatMap((item) => resolved(item) ?? []) : [];
  const member = (map: Node | undefined, name: string, depth = 0): Node | undefined => {
    const own = members(map);
    const found = own.find((one) => one.name === name)?.value;
    if (found || depth >= maxDepth) return found;
    for (const { value } of own.filter((one) => one.name === "<<")) {
      for (const merged of isSeq(value) ? items(value) : [value]) {
        const inherited = member(merged, name, depth + 1);
        if (inherited) return inherited;
      }
    }
    return undefined;
  };
  return {
    text,
    root: isMap(contents) ? contents : undefined,
    member: (map, name) => member(map, name),
    members,
    items,
  };
}

function parsedYaml(text: string): readonly Document.Parsed[] | string {
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent" });
    if ("empty" in documents) return [];
    const error = documents.flatMap(({ errors }) => errors)[0];
    return error ? `it isn't valid YAML: ${error.message.split("\n", 1)[0] ?? ""}` : documents;
  } catch (error) {
    // The only exception that the parser throws for a text: it is recursive, and brackets can be nested until the stack
    // overflows.
    if (!(error instanceof RangeError)) throw error;
    return "it is nested too deeply";
  }
}

/** True for `null`, an empty value, and what Compose's `!reset` removes. */
export function isUnset(node: Node): boolean {
  return node.tag === "!reset" || (isScalar(node) && node.value === null);
}

/** A text in a file, with the file position of each character. */
export interface TextInFile extends PlacedText {
  /** False if the text can't be edited: it has escapes, or lines were joined. */
  readonly isEditable: boolean;
  readonly start: number;
  readonly end: number;
}

/** The text of a scalar and its positions; undefined if the node isn't a text. */
export function scalarText(file: YamlFile, node: Node | undefined): TextInFile | undefined {
  if (!isScalar(node) || typeof node.value !== "string" || !node.range) return undefined;
  const [start, end] = node.range;
  if (node.type === "BLOCK_LITERAL") return blockText(file.text, node as Scalar<string>, start, end);
  const from = node.type === "PLAIN" ? start : start + 1;
  const isEditable = file.text.startsWith(node.value, from);
  return {
    text: node.value,
    offsetAt: (index) => from + index,
    isEditable,
    start: from,
    end: from + node.value.length,
  };
}

/**
 * The text of a scalar as {@link scalarText}, also of a number that its file writes as it would be printed: not `3.10`.
 */
export function writtenText(file: YamlFile, node: Node | undefined): TextInFile | undefined {
  if (!isScalar(node) || typeof node.value !== "number") return scalarText(file, node);
  const text = String(node.value);
  const [start = 0] = node.range ?? [];
  if (node.source !== text || !file.text.startsWith(text, start)) return undefined;
  return { text, offsetAt: (index) => start + index, isEditable: true, start, end: start + text.length };
}

/** A literal block: each line of the text is one line of the file, after its indentation. */
function blockText(source: string, { value: text }: Scalar<string>, start: number, end: number): TextInFile {
  const header = source.indexOf("\n", start) + 1;
  const lines = text.split("\n");
  const starts: number[] = [];
  let isEditable = header > 0;
  let at = header;
  const indent = indentOf(source.slice(header, end), text);
  for (const line of lines) {
    const from = Math.min(at + indent, lineEnd(source, at));
    if (line !== "" && !source.startsWith(line, from)) isEditable = false;
    starts.push(from);
    at = lineEnd(source, at) + 1;
  }
  const offsetAt = (index: number): number => {
    const line = text.slice(0, index).split("\n").length - 1;
    const column = index - (text.lastIndexOf("\n", index - 1) + 1);
    return (starts[line] ?? source.length) + column;
  };
  return { text, offsetAt, isEditable, start: header, end };
}

function indentOf(source: string, text: string): number {
  const written = source.split("\n").find((line) => line.trim() !== "") ?? "";
  const meant = text.split("\n").find((line) => line.trim() !== "") ?? "";
  return Math.max(0, written.trimEnd().length - meant.trimEnd().length);
}

function lineEnd(source: string, from: number): number {
  const newline = source.indexOf("\n", from);
  return newline === -1 ? source.length : newline;
}
