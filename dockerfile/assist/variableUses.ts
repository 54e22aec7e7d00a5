import { expandedTexts } from "../semantics/expandedTexts.ts";
import { variableReferences, type VariableReference } from "../syntax/expand/expand.ts";
import { spanOf } from "../syntax/logicalText.ts";
import type { Dockerfile, Instruction, LogicalText } from "../syntax/syntax.ts";

/** A variable named in an instruction. */
export interface VariableUse {
  /** The instruction, or its trigger, that contains the name. */
  readonly instruction: Instruction;
  readonly reference: VariableReference;
  /** "build": BuildKit inserts the value; "shell": the running program reads it from its environment. */
  readonly by: "build" | "shell";
}

/** The variables that an instruction and its trigger name, including those in expanded heredocs. */
export function variableUses(file: Dockerfile, instruction: Instruction): readonly VariableUse[] {
  if (!file.text.slice(instruction.span.start, instruction.span.end).includes("$")) return [];
  const { trigger } = instruction;
  if (trigger) return [...usesIn(file, instruction, expandedTexts(instruction)), ...variableUses(file, trigger)];
  return [...usesIn(file, instruction, textsOf(instruction)), ...usesInBodies(file, instruction)];
}

function textsOf(instruction: Instruction): readonly LogicalText[] {
  if (instruction.keyword.value === "RUN") return instruction.flags.flatMap(({ value }) => value?.logical ?? []);
  return expandedTexts(instruction);
}

function usesIn(file: Dockerfile, instruction: Instruction, texts: readonly LogicalText[]): readonly VariableUse[] {
  const expanded = texts
    .filter(({ text }) => text.includes("$"))
    .flatMap((text) => variableReferences(text, file.escape))
    .map((reference): VariableUse => ({ instruction, reference, by: "build" }));
  return shellInstructions.has(instruction.keyword.value) && !instruction.trigger
    ? [...expanded, ...shellUses(instruction, instruction.rest)]
    : expanded;
}

/**
 * Variables in the bodies of heredocs: BuildKit expands them for COPY and ADD, the shell of a RUN expands them itself.
 */
function usesInBodies({ text }: Dockerfile, instruction: Instruction): readonly VariableUse[] {
  const by = instruction.keyword.value === "RUN" ? "shell" : "build";
  return instruction.heredocs
    .filter(({ isExpanded }) => isExpanded)
    .flatMap(({ body }) =>
      shellUses(instruction, {
        text: text.slice(body.start, body.end),
        offsetAt: (index) => body.start + index,
      }),
    )
    .map((use) => ({ ...use, by }));
}

function shellUses(instruction: Instruction, text: LogicalText): readonly VariableUse[] {
  return [...text.text.matchAll(shellVariable)].map((match): VariableUse => {
    const [written, brace = "", name = "", modifier = ""] = match;
    const start = match.index + 1 + brace.length;
    return {
      instruction,
      reference: {
        name,
        nameSpan: spanOf(text, { start, end: start + name.length }),
        modifier,
        span: spanOf(text, { start: match.index, end: match.index + written.length }),
      },
      by: "shell",
    };
  });
}

/** `$name`, `${name` and the part after the name up to a word; not `\$name`. */
const shellVariable = /(?<!\\)\$(\{?)([A-Za-z_]\w*)((?<=\{[A-Za-z_]\w*)(?::?[-+=?]|##?|%%?|\/\/?)|)/g;

const shellInstructions: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT"]);
