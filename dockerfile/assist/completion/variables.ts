import { formatValue } from "../variableText.ts";
import { predefinedArgs } from "../../syntax/expand/predefinedArgs.ts";
import type { Variable } from "../../syntax/expand/variables.ts";
import { instructionKnowledge } from "../../syntax/instructions.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { baseImageKey } from "../../semantics/createBuild.ts";
import type { Completion, CompletionInput, Offer } from "./completion.ts";
import type { Slot } from "./slot.ts";

/** The variables available at an instruction with value and origin; in braces also with the modifiers. */
export function variableOffer({ build }: CompletionInput, slot: Extract<Slot, { readonly kind: "variable" }>): Offer {
  const { instruction, name, isBraced, isClosed } = slot;
  if (!instruction) return { items: [] };
  const closing = isBraced && !isClosed ? "}" : "";
  const known = build.scopesWithBases().variables(instruction);
  const visible = [...known, ...proxyArgs(instruction, known)];
  const names = visible.map((variable): Completion => ({
    label: variable.name,
    kind: "variable",
    text: `${variable.name}${closing}`,
    ...describe(variable),
  }));
  const typed = name.replace(/:$/, "");
  const isKnown = isBraced && !isClosed && visible.some((variable) => variable.name === typed);
  const items = name.endsWith(":") ? [] : [...names].sort((a, b) => origin(a) - origin(b));
  return {
    items: isKnown ? [...items, ...modifiersOf(typed, instruction)] : items,
    isIncomplete: isBasePending({ build }, instruction),
  };
}

/** Sorts the file's own variables first. */
function origin({ detail }: Completion): number {
  return /base image|predefined/.test(detail ?? "") ? 1 : 0;
}

function describe(variable: Variable): Pick<Completion, "detail" | "doc"> {
  const doc = predefinedArgs.get(variable.name)?.doc;
  return { detail: formatValue(variable), ...(doc !== undefined && { doc }) };
}

/** The proxy settings, which a RUN has without a declaration. */
function proxyArgs({ keyword }: Instruction, known: readonly Variable[]): readonly Variable[] {
  if (keyword.value !== "RUN") return [];
  return [...predefinedArgs.values()]
    .filter(({ name, kind }) => kind === "proxy" && !known.some((variable) => variable.name === name))
    .map(({ name }) => ({ name, origin: "predefined" }));
}

const modifiers: readonly (readonly [operator: string, operand: string, doc: string, since?: string])[] = [
  [":-", "default", "The default if the variable is unset or empty"],
  [":+", "alternative", "The alternative if the variable is set and not empty, else nothing"],
  [":?", "message", "Fails the build with the message if the variable is unset or empty"],
  ["#", "pattern", "The value without the shortest match of the pattern at its start", "1.7"],
  ["##", "pattern", "The value without the longest match of the pattern at its start", "1.7"],
  ["%", "pattern", "The value without the shortest match of the pattern at its end", "1.7"],
  ["%%", "pattern", "The value without the longest match of the pattern at its end", "1.7"],
  ["/", "pattern/replacement", "The value with the first match of the pattern replaced", "1.7"],
  ["//", "pattern/replacement", "The value with every match of the pattern replaced", "1.7"],
];

function modifiersOf(name: string, { keyword }: Instruction): readonly Completion[] {
  const isExpandedByBuild = instructionKnowledge(keyword.value)?.expandsVariables === true;
  return modifiers.map(([operator, operand, doc, since]) => ({
    label: `${name}${operator}${operand}`,
    kind: "variable",
    text: `${name}${operator}${operand}}`,
    snippet: `${name}${operator}\${1:${operand}}\\}`,
    doc,
    ...(since !== undefined && isExpandedByBuild && { detail: `needs docker/dockerfile:${since}` }),
  }));
}

/** True while the base image of a stage is being looked up. */
export function isBasePending(
  { build }: Pick<CompletionInput, "build">,
  instruction: Instruction | undefined,
): boolean {
  const root = build.rootStage(build.file.stages[instruction?.stageIndex ?? -1]);
  const base = build.baseImage(root);
  return base !== undefined && build.facts.get(baseImageKey(build, base.text)).state === "pending";
}
