import { instructionKnowledge, instructionTable } from "../instructions.ts";
import { lineAt } from "../lines.ts";
import { inCaseOf, nearestName } from "../nearestName.ts";
import type { Dockerfile, Heredoc, Instruction, SyntaxProblem } from "../syntax.ts";
import { checkArguments } from "./arguments.ts";
import { checkExpansion } from "./expansion.ts";
import { checkFlags } from "./flags.ts";
import { checkHealthcheck } from "./healthcheck.ts";
import { checkMounts } from "./mounts.ts";
import { checkPorts } from "./ports.ts";
import { problem, quoted } from "./problem.ts";
import { checkStages } from "./stages.ts";
import { checkValues } from "./values.ts";

/** Checks for everything else that BuildKit rejects, beyond the parser's problems. */
export function checkFile(file: Dockerfile): SyntaxProblem[] {
  return [...checkOrder(file), ...checkInstructions(file), ...checkStages(file), ...checkLineLengths(file.text)];
}

// A binary file has a problem in each line; more than these aren't useful.
const enoughProblems = 1000;

function checkInstructions(file: Dockerfile): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  for (const instruction of file.instructions) {
    if (problems.length >= enoughProblems) break;
    for (const found of checkInstruction(file, instruction)) problems.push(found);
  }
  return problems;
}

function checkOrder(file: Dockerfile): SyntaxProblem[] {
  const [first] = file.instructions;
  if (!first)
    return [
      problem(
        "emptyFile",
        { start: 0, end: 0 },
        "The file has no instructions; start with FROM and an image, or with FROM scratch",
      ),
    ];
  if (file.stages.length === 0)
    return [
      problem(
        "noFrom",
        first.keyword.span,
        "The file has no FROM, so there is nothing to build; start with FROM and an image, or with FROM scratch",
      ),
    ];
  return file.globals
    .filter(({ keyword }) => keyword.value !== "ARG" && instructionKnowledge(keyword.value))
    .map(({ keyword }) =>
      problem(
        "beforeFrom",
        keyword.span,
        `${keyword.value} comes before the first FROM, where only ARG is allowed; move it below a FROM`,
      ),
    );
}

/** Checks an instruction. An ONBUILD's instruction is checked as well: it runs in every image built on this one. */
function checkInstruction(file: Dockerfile, instruction: Instruction): SyntaxProblem[] {
  const { keyword, trigger } = instruction;
  if (!instructionKnowledge(keyword.value)) return [unknownInstruction(instruction)];
  const inner =
    keyword.value === "ONBUILD" && trigger && trigger.keyword.value !== "ONBUILD"
      ? checkInstruction(file, trigger)
      : [];
  return [
    ...checkFlags(instruction),
    ...checkArguments(instruction, file.escape),
    ...checkExpansion(file, instruction),
    ...checkValues(instruction, file.escape),
    ...checkSpecial(file, instruction),
    ...(keyword.value === "ONBUILD" ? [] : instruction.heredocs.flatMap(checkHeredoc)),
    ...inner,
  ];
}

function checkSpecial({ escape }: Dockerfile, instruction: Instruction): SyntaxProblem[] {
  switch (instruction.keyword.value) {
    case "RUN":
      return checkMounts(instruction, escape);
    case "HEALTHCHECK":
      return checkHealthcheck(instruction);
    case "EXPOSE":
      return checkPorts(instruction, escape);
    default:
      return [];
  }
}

function unknownInstruction({ keyword }: Instruction): SyntaxProblem {
  const meant = nearestName(keyword.written, instructionTable.keys());
  const suggestion = meant && inCaseOf(meant, keyword.written);
  const advice = suggestion
    ? `did you mean ${suggestion}?`
    : "if it belongs to the line above, that line needs the escape character at its end";
  return problem(
    "unknownInstruction",
    keyword.span,
    `Unknown instruction ${quoted(keyword.written)}: ${advice}`,
    suggestion,
  );
}

function checkHeredoc({ name, stripsTabs, span, end }: Heredoc): SyntaxProblem[] {
  if (end) return [];
  const place = stripsTabs ? "with nothing before it but tabs" : "with nothing before it";
  return [
    problem(
      "heredoc",
      span,
      `This heredoc isn't closed, so the rest of the file belongs to it; end it with a line ${quoted(name)}, ${place} or after it`,
    ),
  ];
}

/** BuildKit can't read longer lines, in bytes without the newline. @see https://pkg.go.dev/bufio#MaxScanTokenSize */
const maxLineBytes = 64 * 1024 - 1;

function checkLineLengths(text: string): SyntaxProblem[] {
  const problems: SyntaxProblem[] = [];
  for (let line = lineAt(text, 0); line; line = lineAt(text, line.end)) {
    // Each UTF-16 code unit takes at most three bytes.
    if ((line.end - line.start) * 3 <= maxLineBytes || utf8Length(text, line.start, line.end) <= maxLineBytes + 1)
      continue;
    problems.push(
      problem(
        "line",
        { start: line.start, end: line.contentEnd },
        `This line has more than ${maxLineBytes} bytes, BuildKit's limit; split it with continuations, or move the data into a file`,
      ),
    );
  }
  return problems;
}

function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let index = start; index < end; index++) {
    const code = text.charCodeAt(index);
    // Each half of a surrogate pair accounts for two of its four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return bytes;
}
