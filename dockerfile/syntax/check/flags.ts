import type { FlagKnowledge } from "../instructions/flags.ts";
import { instructionKnowledge } from "../instructions.ts";
import { nearestName } from "../nearestName.ts";
import type { Flag, Instruction, SyntaxProblem } from "../syntax.ts";
import { listed, problem, quoted } from "./problem.ts";

/**
 * Checks for flags that an instruction doesn't have or has twice, and for missing or wrong values.
 * @see moby/buildkit frontend/dockerfile/instructions/bflag.go
 */
export function checkFlags(instruction: Instruction): SyntaxProblem[] {
  const knowledge = instructionKnowledge(instruction.keyword.value);
  if (!knowledge || ignoresFlags(instruction)) return [];
  const seen = new Set<string>();
  return instruction.flags.flatMap((flag) => {
    const known = knowledge.flags.find(({ name }) => name === flag.name);
    if (!known) return [unknownFlag(knowledge.keyword, flag, knowledge.flags)];
    const isRepeated = seen.has(flag.name) && !known.isRepeatable;
    seen.add(flag.name);
    return isRepeated ? [duplicateFlag(knowledge.keyword, flag)] : checkValue(flag, known);
  });
}

/** True for instructions whose flags BuildKit never examines. */
function ignoresFlags({ keyword, arguments: [first] }: Instruction): boolean {
  if (keyword.value === "HEALTHCHECK") return first?.value.toUpperCase() === "NONE";
  return keyword.value === "ARG" || keyword.value === "STOPSIGNAL";
}

function unknownFlag(keyword: string, flag: Flag, known: readonly FlagKnowledge[]): SyntaxProblem {
  const names = known.map(({ name }) => name);
  const suggestion = nearestName(flag.name, names);
  const advice =
    names.length === 0
      ? `it takes no flags; remove it`
      : suggestion
        ? `did you mean --${suggestion}?`
        : `${keyword} takes ${listed(names.map((name) => `--${name}`))}`;
  return problem(
    "unknownFlag",
    flag.nameSpan,
    `Unknown flag ${quoted(`--${flag.name}`)} for ${keyword}: ${advice}`,
    suggestion,
  );
}

function duplicateFlag(keyword: string, flag: Flag): SyntaxProblem {
  return problem("duplicateFlag", flag.span, `--${flag.name} is given twice, but ${keyword} takes it once; remove one`);
}

function checkValue(flag: Flag, known: FlagKnowledge): SyntaxProblem[] {
  if (known.value === "boolean") return checkBoolean(flag);
  if (flag.value) return [];
  return [
    problem("flagValue", flag.span, `--${flag.name} has no value; write --${flag.name}=…, without spaces around the =`),
  ];
}

function checkBoolean(flag: Flag): SyntaxProblem[] {
  const value = flag.value?.value;
  if (value === undefined || /^(true|false)$/i.test(value)) return [];
  if (value === "")
    return [
      problem("flagValue", flag.span, `--${flag.name}= has no value; write --${flag.name} or --${flag.name}=true`),
    ];
  return [
    problem(
      "flagValue",
      flag.value?.span ?? flag.span,
      `--${flag.name} takes true or false, not ${quoted(value)}; variables aren't expanded here`,
    ),
  ];
}
