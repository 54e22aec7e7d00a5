import type { Dockerfile, Flag, Heredoc, Instruction, Span } from "../../../dockerfile/syntax/syntax.ts";

/** The result of parsing a text, for golden tests: one line per instruction, with its parts and triggers indented. */
export function dump(file: Dockerfile): string {
  const directives = file.directives.map(({ name, value }) => `directive ${name} ${quote(value)}`);
  const comments = file.comments.map(
    ({ text, isInsideInstruction }) => `comment ${quote(text)}${isInsideInstruction ? " inside" : ""}`,
  );
  const instructions = file.instructions.flatMap((instruction) => dumpInstruction(file, instruction, ""));
  const problems = file.problems.map(({ kind, span }) => `problem ${kind} ${at(file, span)}`);
  return [...directives, ...comments, ...instructions, ...problems, ""].join("\n");
}

/** The tokens of a text, with kind and text. */
export function dumpTokens(file: Dockerfile): string {
  return file.tokens.map(({ kind, span }) => `${kind} ${at(file, span)}\n`).join("");
}

function dumpInstruction(file: Dockerfile, instruction: Instruction, indent: string): string[] {
  const { keyword, form, pairs, flags, heredocs, blankLines, trigger, stageIndex } = instruction;
  const words = instruction.arguments.map(({ value }) => quote(value)).join(" ");
  return [
    `${indent}${keyword.written} ${form} stage=${stageIndex} ${words} at ${at(file, instruction.span)}`,
    ...flags.map((flag) => `${indent}  ${dumpFlag(flag)}`),
    ...pairs.map(
      ({ key, value, isLegacy }) =>
        `${indent}  pair ${quote(key.value)}${value ? ` = ${quote(value.value)}` : ""}${isLegacy ? " legacy" : ""}`,
    ),
    ...heredocs.map((heredoc) => `${indent}  ${dumpHeredoc(file, heredoc)}`),
    ...blankLines.map((span) => `${indent}  blank line ${at(file, span)}`),
    ...(trigger ? dumpInstruction(file, trigger, `${indent}  `) : []),
  ];
}

function dumpFlag({ name, value, options }: Flag): string {
  const fields = options
    .map((option) => ` [${option.key}${option.value ? ` = ${quote(option.value.value)}` : ""}]`)
    .join("");
  return `flag ${name}${value ? ` = ${quote(value.value)}` : ""}${fields}`;
}

function dumpHeredoc(file: Dockerfile, { name, isExpanded, stripsTabs, fileDescriptor, body, end }: Heredoc): string {
  const traits = [
    isExpanded ? "" : " literal",
    stripsTabs ? " tabs stripped" : "",
    fileDescriptor === undefined ? "" : ` to ${fileDescriptor}`,
    end ? "" : " not ended",
  ];
  return `heredoc ${quote(name)}${traits.join("")} ${at(file, body)}`;
}

function at(file: Dockerfile, { start, end }: Span): string {
  return quote(file.text.slice(start, end));
}

function quote(text: string): string {
  return JSON.stringify(text);
}
