import { instructionKnowledge } from "../../syntax/instructions.ts";
import { mountOptions, mountTypes } from "../../syntax/instructions/mountOptions.ts";
import { describeFlag, describeMountOption } from "../describe.ts";
import { code, paragraphs } from "./markdown.ts";

/** Explains a flag of an instruction. */
export function hoverFlag(keyword: string, name: string): string | undefined {
  const knowledge = instructionKnowledge(keyword);
  const flag = knowledge?.flags.find((known) => known.name === name);
  return knowledge && flag && paragraphs(`**--${name}**`, describeFlag(flag, knowledge.source));
}

/** Explains an option of `--mount`, and the type if it names one. */
export function hoverMountOption(key: string, value?: string): string | undefined {
  const option = mountOptions.find((known) => known.key === key || known.aliases.includes(key));
  if (!option) return undefined;
  const type = option.key === "type" ? mountTypes.find(({ name }) => name === value) : undefined;
  return paragraphs(
    type ? `${code(type.name)}: ${type.doc}.` : undefined,
    `**${option.key}**`,
    describeMountOption(option),
  );
}
