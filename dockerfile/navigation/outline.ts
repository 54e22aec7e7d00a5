import { shorten } from "../../oci/core/text.ts";
import type { Dockerfile, Instruction, Span, Stage } from "../syntax/syntax.ts";

/** An entry of a file's outline. */
export interface OutlineItem {
  readonly kind: "stage" | "instruction" | "arg" | "env" | "label";
  readonly name: string;
  readonly detail: string;
  readonly span: Span;
  /** The span to select; within `span`. */
  readonly nameSpan: Span;
  readonly children: readonly OutlineItem[];
}

/** The instructions before the first FROM, then the stages with their instructions. */
export function outlineOf(file: Dockerfile): readonly OutlineItem[] {
  return [...file.globals.map(instructionItem), ...file.stages.map(stageItem)];
}

function stageItem({ index, name, base, from, instructions }: Stage): OutlineItem {
  return {
    kind: "stage",
    name: name?.value || base?.value || `stage ${index}`,
    detail: name && base ? base.value : "",
    span: { start: from.span.start, end: (instructions.at(-1) ?? from).span.end },
    nameSpan: (name ?? base)?.span ?? from.keyword.span,
    children: instructions.map(instructionItem),
  };
}

function instructionItem(instruction: Instruction): OutlineItem {
  const { keyword, pairs, span } = instruction;
  const kind = pairKinds.get(keyword.value) ?? "instruction";
  return {
    kind,
    name: keyword.value,
    detail: shorten(detailOf(instruction).replace(/\s+/g, " "), maxDetail),
    span,
    nameSpan: kind === "instruction" ? keyword.span : (pairs[0]?.key.span ?? keyword.span),
    children: [],
  };
}

/** The instruction's text without its flags. */
function detailOf({ pairs, rest }: Instruction): string {
  if (pairs.length > 1) return pairs.map(({ key }) => key.value).join(" ");
  return rest.text.slice(0, maxDetail * 4).trim();
}

const maxDetail = 80;

const pairKinds: ReadonlyMap<string, OutlineItem["kind"]> = new Map([
  ["ARG", "arg"],
  ["ENV", "env"],
  ["LABEL", "label"],
]);
