import type { Dockerfile, Instruction, Stage } from "../syntax/syntax.ts";
import { argFit, commandFit, exposeFit, healthFit, listFit, pairsFit, textFit, type Compared } from "./configFits.ts";
import { copyFit } from "./copies.ts";
import { fitAny, type Fit } from "./match.ts";
import { collapseSpace } from "./collapseSpace.ts";
import { resolveDirectory, type VariableReading } from "./variableReadings.ts";
import type { ShellInEffect } from "../shell/inEffect.ts";
import { runFit } from "./matchRun.ts";
import type { RecordedStep } from "./step.ts";
import { ownEntry } from "../../oci/core/ownEntry.ts";

/** An instruction of a build, prepared for comparison with steps. */
export interface PlannedStep {
  /** For a trigger, the ONBUILD that contains it. */
  readonly instruction: Instruction;
  readonly stage: Stage;
  /** False if a builder may not record it: ONBUILD, ARG. */
  readonly isAlwaysRecorded: boolean;
  /** True if its step is distinctive: it changes files, not settings. */
  readonly makesFiles: boolean;
  fit(step: RecordedStep): Fit;
}

/** The context in which a file's instructions are compared with steps. */
export interface StepInput {
  readonly file: Dockerfile;
  readonly shellAt: ShellInEffect;
  readonly readings: readonly VariableReading[];
}

/**
 * The steps that a build of the chain's last stage runs, base first, including the triggers that stages leave to those
 * built on them.
 */
export function planSteps(chain: readonly Stage[], { file, shellAt, readings }: StepInput): readonly PlannedStep[] {
  let directories = readings.map(({ firstDirectory }) => firstDirectory);
  const plan = (stage: Stage, line: Instruction, instruction: Instruction): PlannedStep => {
    const compared: Compared = { file, instruction, shell: shellAt(line), readings };
    if (instruction.keyword.value === "WORKDIR") {
      directories = readings.map(({ expand }, index) =>
        resolveDirectory(directories[index] ?? "/", expand(instruction, instruction.rest.text)),
      );
    }
    return plannedStep({ stage, line, compared, directories });
  };
  return chain.flatMap((stage, index) => {
    const triggers = (chain[index - 1]?.instructions ?? []).flatMap((line) =>
      line.keyword.value === "ONBUILD" && line.trigger ? [plan(stage, line, line.trigger)] : [],
    );
    return [...triggers, ...stage.instructions.map((line) => plan(stage, line, line))];
  });
}

interface Planning {
  readonly stage: Stage;
  readonly line: Instruction;
  readonly compared: Compared;
  /** The directory after the instruction, one per reading. */
  readonly directories: readonly string[];
}

function plannedStep({ stage, line, compared, directories }: Planning): PlannedStep {
  const { file, instruction } = compared;
  const keyword = instruction.keyword.value;
  const written = writtenText(instruction, file);
  const recorded = fitOf(compared, { written, directories });
  return {
    instruction: line,
    stage,
    isAlwaysRecorded: keyword !== "ONBUILD" && keyword !== "ARG",
    makesFiles: fileKeywords.has(keyword),
    // Buildah and Kaniko record many instructions as written.
    fit: (step) => (step.keyword !== keyword ? "other" : step.text === written ? "same" : recorded(step)),
  };
}

const fileKeywords = new Set(["RUN", "COPY", "ADD"]);

function fitOf(
  compared: Compared,
  { written, directories }: { readonly written: string; readonly directories: readonly string[] },
): (step: RecordedStep) => Fit {
  const { instruction, readings } = compared;
  switch (instruction.keyword.value) {
    case "RUN":
      return runFit(compared, written);
    case "COPY":
    case "ADD":
      return copyFit(instruction, readings);
    case "WORKDIR":
      return ({ text }) => fitAny(resolveDirectory("/", text), directories);
    case "ONBUILD":
      return () => "other";
    default:
      return ownEntry(configFits, instruction.keyword.value)?.(compared) ?? (() => "other");
  }
}

const configFits: Readonly<Record<string, (compared: Compared) => (step: RecordedStep) => Fit>> = {
  ENV: pairsFit,
  LABEL: pairsFit,
  ARG: argFit,
  CMD: commandFit,
  ENTRYPOINT: commandFit,
  VOLUME: listFit,
  SHELL: listFit,
  USER: textFit,
  STOPSIGNAL: textFit,
  MAINTAINER: textFit,
  EXPOSE: exposeFit,
  HEALTHCHECK: healthFit,
};

/** The text after the keyword, on one line. */
function writtenText({ flags, rest }: Instruction, { text }: Dockerfile): string {
  return collapseSpace([...flags.map(({ span }) => text.slice(span.start, span.end)), rest.text].join(" "));
}
