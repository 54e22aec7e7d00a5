import type { EffectiveShell } from "../shell/inEffect.ts";
import type { Dockerfile, Instruction } from "../syntax/syntax.ts";
import { fitAny, type Fit } from "./match.ts";
import { secondsOf, withoutBrackets } from "./goFormat.ts";
import { collapseSpace } from "./collapseSpace.ts";
import { portSet } from "./ports.ts";
import type { VariableReading } from "./variableReadings.ts";
import { shellIn } from "./shellPrefix.ts";
import type { RecordedStep } from "./step.ts";

/** The compared instruction and its possible readings. */
export interface Compared {
  readonly file: Dockerfile;
  readonly instruction: Instruction;
  /** The shell that runs its text. */
  readonly shell: EffectiveShell;
  readonly readings: readonly VariableReading[];
}

type Fits = (step: RecordedStep) => Fit;

/** Compares ENV and LABEL: `A=1 B=two words`. */
export function pairsFit({ instruction, readings }: Compared): Fits {
  const texts = readings.map(({ expand }) => {
    const word = (text: string): string => expand(instruction, text);
    return collapseSpace(
      instruction.pairs.map(({ key, value }) => `${word(key.value)}=${word(value?.value ?? "")}`).join(" "),
    );
  });
  return ({ text }) => fitAny(text, texts);
}

/**
 * Compares by names: the presence of the value, and whether it is the default, differ by builder and caller. Buildah
 * records all names so far.
 */
export function argFit({ instruction }: Compared): Fits {
  const names = instruction.pairs.map(({ key }) => key.value);
  return ({ text }) => {
    const words = text.split(" ").map((word) => word.split("=", 1)[0] ?? "");
    const isThere = (from: number): boolean => names.every((name, index) => words[from + index] === name);
    return names.length > 0 && (isThere(0) || isThere(words.length - names.length)) ? "same" : "other";
  };
}

/** Compares CMD and ENTRYPOINT: `["/bin/sh" "-c" "echo"]`. */
export function commandFit({ instruction, shell: effective }: Compared): Fits {
  const words = instruction.arguments.map(({ value }) => collapseSpace(value));
  const { command: shell, isExplicit } = effective;
  const expected = JSON.stringify(instruction.form === "json" ? words : [...shell, ...words]);
  return ({ words: recorded }) => {
    if (!recorded || JSON.stringify(recorded) === expected) return recorded ? "same" : "other";
    // True for the shell that a base image sets.
    const isInherited =
      instruction.form === "words" &&
      !isExplicit &&
      recorded.at(-1) === words[0] &&
      shellIn(`${recorded.slice(0, -1).join(" ")} `) !== undefined;
    return isInherited ? "same" : "other";
  };
}

/** Compares VOLUME and SHELL: `[/data /more]`. */
export function listFit({ instruction, readings }: Compared): Fits {
  const texts = readings.map(({ expand }) =>
    collapseSpace(
      instruction.arguments
        .map(({ value }) => (instruction.keyword.value === "SHELL" ? value : expand(instruction, value)))
        .join(" "),
    ),
  );
  return ({ text }) => fitAny(withoutBrackets(text), texts);
}

/** Compares USER, STOPSIGNAL and MAINTAINER; the oldest builders put brackets around them. */
export function textFit({ instruction, readings }: Compared): Fits {
  const isExpanded = instruction.keyword.value !== "MAINTAINER";
  const texts = readings.map(({ expand }) =>
    collapseSpace(isExpanded ? expand(instruction, instruction.rest.text) : instruction.rest.text),
  );
  return ({ text }) => fitAny(withoutBrackets(text), texts);
}

/** Compares in any order, with or without `tcp`. */
export function exposeFit({ instruction, readings }: Compared): Fits {
  const texts = readings.map(({ expand }) =>
    portSet(instruction.arguments.map(({ value }) => expand(instruction, value)).join(" ")),
  );
  return ({ ports }) => fitAny(ports ?? "", texts);
}

/** Compares the test and the times; the notation of retries is too irregular. */
export function healthFit({ instruction }: Compared): Fits {
  const { trigger, flags } = instruction;
  const words = (trigger?.arguments ?? []).map(({ value }) => collapseSpace(value));
  const test = (trigger ? [trigger.form === "json" ? "CMD" : "CMD-SHELL", ...words] : ["NONE"]).join(" ");
  const times = healthTimes.map((name) => secondsOf(flags.find((flag) => flag.name === name)?.value?.value ?? "0s"));
  return ({ health }) =>
    health?.test === test && times.every((seconds, index) => seconds === (health.times[index] ?? 0)) ? "same" : "other";
}

const healthTimes = ["interval", "timeout", "start-period", "start-interval"] as const;
