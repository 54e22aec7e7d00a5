import { expandWith } from "../expand/expand.ts";
import { isHeredocWord } from "../heredocs.ts";
import { instructionKnowledge } from "../instructions.ts";
import { lexShell } from "../expand/lexer.ts";
import type { Dockerfile, Heredoc, Instruction, SyntaxProblem, Word } from "../syntax.ts";
import { problem } from "./problem.ts";

/**
 * Checks for unclosed quotes and `${…}` that BuildKit can't read, in all texts that it expands.
 * @see moby/buildkit frontend/dockerfile/instructions/commands.go Expand
 */
export function checkExpansion(file: Dockerfile, instruction: Instruction): SyntaxProblem[] {
  const words = instruction.keyword.value === "RUN" ? mountValues(instruction) : expandedWords(instruction);
  const endsAtBlanks =
    instruction.form === "words" && instructionKnowledge(instruction.keyword.value)?.arguments === "jsonOrList";
  const advice = endsAtBlanks
    ? "words end at spaces here even in quotes, so use the JSON form for paths with spaces"
    : "fix it, or escape a $ or quote that is meant literally";
  const found = words.flatMap((word) => checkWord(word, file.escape, advice));
  // Quotes around a blank break two words; one finding is enough.
  return [
    ...(endsAtBlanks ? found.slice(0, 1) : found),
    ...expandedBodies(instruction).flatMap((heredoc) => checkBody(file.text, heredoc)),
  ];
}

function checkWord(word: Word, escape: string, advice: string): SyntaxProblem[] {
  if (!/[$'"`\\]/.test(word.value)) return [];
  const { failure } = expandWith(word.logical, escape, () => ({}));
  return failure
    ? [problem("expansion", failure.span, `BuildKit can't expand this: ${failure.message}; ${advice}`)]
    : [];
}

/** The words in which BuildKit expands variables; FROM's are checked with the stages. */
export function expandedWords(instruction: Instruction): readonly Word[] {
  const { keyword, pairs, arguments: words, flags } = instruction;
  if (keyword.value === "FROM" || !instructionKnowledge(keyword.value)?.expandsVariables) return [];
  if (keyword.value === "ENV" || keyword.value === "LABEL")
    return pairs.flatMap(({ key, value }) => (value ? [key, value] : [key]));
  if (keyword.value === "ARG") return pairs.flatMap(({ value }) => (value ? [value] : []));
  const values = flags.flatMap(({ name, value }) => (value && expandedFlags.has(name) ? [value] : []));
  return [...values, ...words.filter(({ value }) => instruction.heredocs.length === 0 || !isHeredocWord(value))];
}

/** Flags of ADD and COPY; `--from`, `--exclude` and switches are used literally. */
const expandedFlags = new Set(["chown", "chmod", "checksum"]);

/** The values of a RUN's mounts in which BuildKit expands variables. */
export function mountValues(instruction: Instruction): readonly Word[] {
  if (instruction.keyword.value !== "RUN") return [];
  return instruction.flags.flatMap(({ options }) =>
    options.flatMap(({ key, value }) => (value && key !== "from" ? [value] : [])),
  );
}

/** The heredocs in whose bodies BuildKit expands variables: those of ADD and COPY with an unquoted name. */
export function expandedBodies({ keyword, heredocs }: Instruction): readonly Heredoc[] {
  return keyword.value === "ADD" || keyword.value === "COPY" ? heredocs.filter(({ isExpanded }) => isExpanded) : [];
}

/** Checks a body, always with the backslash, whatever the escape directive says. */
function checkBody(text: string, { body, name }: Heredoc): SyntaxProblem[] {
  const content = text.slice(body.start, body.end);
  if (!content.includes("$")) return [];
  const { failure } = lexShell(content, { escape: "\\", lookup: () => ({}), ignoresQuotes: true });
  if (!failure) return [];
  const start = body.start + failure.range.start;
  const newline = text.indexOf("\n", start);
  const span = { start, end: newline === -1 || newline > body.end ? body.end : newline };
  return [
    problem(
      "expansion",
      span,
      `BuildKit can't expand this: ${failure.message}; write a backslash before the $, or quote the heredoc's name ("${name}") to turn off expansion`,
    ),
  ];
}
