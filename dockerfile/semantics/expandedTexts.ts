import { instructionKnowledge } from "../syntax/instructions.ts";
import type { Dockerfile, Instruction, LogicalText } from "../syntax/syntax.ts";

/**
 * The texts of an instruction in which BuildKit itself expands variables; empty for RUN, CMD and ENTRYPOINT, which a
 * shell reads, and for triggers.
 */
export function expandedTexts({
  keyword,
  pairs,
  arguments: words,
  flags,
  trigger,
}: Instruction): readonly LogicalText[] {
  if (trigger || !instructionKnowledge(keyword.value)?.expandsVariables) return [];
  const values =
    keyword.value === "ENV" || keyword.value === "LABEL" || keyword.value === "ARG"
      ? pairs.flatMap(({ key, value }) => (value ? [key, value] : [key]))
      : words;
  const flagValues = flags.flatMap(({ name, value }) => (value && name !== "from" ? [value] : []));
  return [...flagValues, ...values].map(({ logical }) => logical);
}

/** The same texts; empty for an instruction without any `$`, as most are. */
export function textsWithVariables({ text }: Dockerfile, instruction: Instruction): readonly LogicalText[] {
  const { start, end } = instruction.span;
  return text.slice(start, end).includes("$") ? expandedTexts(instruction) : [];
}
