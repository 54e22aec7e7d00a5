import { isHeredocWord } from "../syntax/heredocs.ts";
import type { Instruction } from "../syntax/syntax.ts";
import { fitAny, type Fit } from "./match.ts";
import type { VariableReading } from "./variableReadings.ts";
import { collapseSpace } from "./collapseSpace.ts";
import type { RecordedStep } from "./step.ts";

/**
 * Compares the recorded text of a COPY or ADD with an instruction. The classic builder and Buildah record hashes of the
 * sources, which leaves only the destination to compare.
 */
export function copyFit(instruction: Instruction, readings: readonly VariableReading[]): (step: RecordedStep) => Fit {
  const copies = readings.map((reading) => readCopy(instruction, reading));
  const texts = copies.flatMap(recordedForms);
  // Buildah doesn't expand variables in it.
  const destinations = [
    ...copies.map(({ destination }) => destination),
    collapseSpace(instruction.arguments.at(-1)?.value ?? ""),
  ];
  return ({ text, hashed }) => {
    if (!hashed) return fitAny(text, texts);
    return canBe(instruction, hashed.kind) && fitAny(hashed.destination, destinations) !== "other" ? "open" : "other";
  };
}

interface Copy {
  /** In BuildKit's order. */
  readonly flags: readonly string[];
  readonly sources: readonly string[];
  readonly destination: string;
}

function readCopy(instruction: Instruction, { expand }: VariableReading): Copy {
  const words = instruction.arguments.map(({ value }) => value);
  const isHeredoc = (word: string): boolean => instruction.heredocs.length > 0 && isHeredocWord(word);
  const sources = words.slice(0, -1).filter((word) => !isHeredoc(word));
  return {
    flags: recordedFlags.flatMap((name) => flagText(instruction, name, expand)),
    sources: [
      ...sources.map((word) => expand(instruction, word)),
      ...instruction.heredocs.map(({ name }) => `<<${name}`),
    ],
    destination: collapseSpace(expand(instruction, words.at(-1) ?? "")),
  };
}

const recordedFlags = ["parents", "chown", "chmod"] as const;

function flagText(
  instruction: Instruction,
  name: (typeof recordedFlags)[number],
  expand: VariableReading["expand"],
): readonly string[] {
  const flag = instruction.flags.findLast((one) => one.name === name);
  if (!flag) return [];
  if (name === "parents") return flag.value?.value === "false" ? [] : ["--parents"];
  return [`--${name}=${expand(instruction, flag.value?.value ?? "")}`];
}

/** Older versions of BuildKit leave flags out. */
function recordedForms({ flags, sources, destination }: Copy): readonly string[] {
  const forms = [flags, flags.filter((flag) => flag.startsWith("--chown=")), []];
  return forms.map((some) => collapseSpace([...some, ...sources, destination].join(" ")));
}

/** True if the source can be of this kind. One source that isn't a pattern is one file or folder. */
function canBe({ arguments: words, heredocs }: Instruction, kind: string): boolean {
  const sources = words.slice(0, -1);
  const isOne = sources.length === 1 && heredocs.length < 2 && !/[*?[$]/.test(sources[0]?.value ?? "");
  return isOne ? kind !== "multi" : sources.length === 1 || kind === "multi";
}
