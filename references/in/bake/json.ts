import { parseTree, type Node, type ParseError } from "jsonc-parser";
import { bakeFile, type BakeFile, type BakeMember, type BakeValue } from "./bakeFile.ts";
import { quotedText, templatePieces } from "./template.ts";

/** Reads a Bake file in JSON. Returns the reason as a text if it can't be parsed. Its texts have `${…}`, as in HCL. */
export function readBakeJson(text: string): BakeFile | string {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true });
  if (!root || errors.length > 0) return "it isn't valid JSON";
  const uses = new Map<string, number>();
  const members = membersOf(root, { text, uses });
  const blocks = members.flatMap(({ name: type, value }) =>
    blockTypes.has(type) && value.kind === "object"
      ? value.members.map((block) => ({
          type,
          label: block.name,
          members: block.value.kind === "object" ? block.value.members : [],
        }))
      : [],
  );
  return bakeFile(
    blocks,
    members.filter(({ name }) => !blockTypes.has(name)),
    uses,
  );
}

const blockTypes: ReadonlySet<string> = new Set(["target", "group", "variable", "function"]);

interface Reading {
  readonly text: string;
  readonly uses: Map<string, number>;
}

function membersOf(node: Node, reading: Reading): readonly BakeMember[] {
  return (node.children ?? []).flatMap((property): readonly BakeMember[] => {
    const [key, value] = property.children ?? [];
    if (!key || !value) return [];
    const nameSpan = { start: key.offset + 1, end: key.offset + key.length - 1 };
    return [{ name: String(key.value), nameSpan, value: valueOf(value, reading) }];
  });
}

function valueOf(node: Node, reading: Reading): BakeValue {
  const span = { start: node.offset, end: node.offset + node.length };
  switch (node.type) {
    case "object":
      return { kind: "object", members: membersOf(node, reading) };
    case "array":
      return { kind: "list", items: (node.children ?? []).map((item) => valueOf(item, reading)) };
    case "string": {
      const text = quotedText(reading.text, { start: span.start + 1, end: span.end - 1 });
      for (const piece of templatePieces(text.text))
        if (piece.kind === "variable") reading.uses.set(piece.name, (reading.uses.get(piece.name) ?? 0) + 1);
      return { kind: "text", text };
    }
    default:
      return { kind: "other", span };
  }
}
