import { ownEntry } from "./ownEntry.ts";

/** One entry of an image's history. @see image-spec config.md §history */
export interface HistoryStep {
  /** RFC 3339. */
  readonly created?: string;
  readonly createdBy: string;
  readonly author?: string;
  readonly comment?: string;
  /** Absent where the source (an engine's history call) doesn't tell. */
  readonly isEmptyLayer?: boolean;
  /** The engine's own size of the step. */
  readonly engineBytes?: number;
}

/** Which step made which layer. */
export interface PairedHistory {
  /** By the config's flags ("exact"), by what the steps' texts say ("inferred"); "none" where the counts don't fit, and then no step stands at any layer. */
  readonly pairing: "exact" | "inferred" | "none";
  /** One for each layer, base first. */
  readonly layers: readonly PairedLayer[];
  readonly emptyStepsAfter: readonly HistoryStep[];
}

export interface PairedLayer {
  readonly step?: HistoryStep;
  readonly emptyStepsBefore: readonly HistoryStep[];
}

/** Pairs history (oldest first) with layers, base first. Exact where every step says whether it made a layer and the counts fit; without the flags it is inferred where only one pairing is possible. Never shifts: counts that don't fit pair nothing. @see image-spec config.md §history */
export function pairHistory(steps: readonly HistoryStep[], layerCount: number): PairedHistory {
  const isFlagged = steps.every((step) => step.isEmptyLayer !== undefined);
  const made = isFlagged ? steps.map((step) => step.isEmptyLayer === false) : inferMade(steps, layerCount);
  if (!made || made.filter(Boolean).length !== layerCount) return unpaired(layerCount);
  return { pairing: isFlagged ? "exact" : "inferred", ...place(steps, made) };
}

type MakesLayer = "always" | "sometimes" | "never";

/**
 * Which instructions make a layer. RUN and WORKDIR make none in the classic builder when they change no file.
 * Sources: moby daemon/builder/dockerfile/dispatchers.go and image.IsEmpty; buildkit frontend/dockerfile/dockerfile2llb/convert.go.
 */
const instructionLayers: Readonly<Record<string, MakesLayer>> = {
  ADD: "always",
  ARG: "never",
  CMD: "never",
  COPY: "always",
  ENTRYPOINT: "never",
  ENV: "never",
  EXPOSE: "never",
  HEALTHCHECK: "never",
  LABEL: "never",
  MAINTAINER: "never",
  ONBUILD: "never",
  RUN: "sometimes",
  SHELL: "never",
  STOPSIGNAL: "never",
  USER: "never",
  VOLUME: "never",
  WORKDIR: "sometimes",
};

/** Which steps made layers, where the texts allow one answer only: either all that could have, or none but those that must have. */
function inferMade(steps: readonly HistoryStep[], layerCount: number): readonly boolean[] | undefined {
  const guesses = steps.map(makesLayer);
  const all = guesses.map((guess) => guess !== "never");
  if (all.filter(Boolean).length === layerCount) return all;
  const certain = guesses.map((guess) => guess === "always");
  return certain.filter(Boolean).length === layerCount ? certain : undefined;
}

function makesLayer(step: HistoryStep): MakesLayer {
  if (step.isEmptyLayer !== undefined) return step.isEmptyLayer ? "never" : "always";
  // An engine never gives bytes to a step without a layer; 0 bytes say nothing, real layers have been seen with 0.
  if (step.engineBytes !== undefined && step.engineBytes > 0) return "always";
  return ownEntry(instructionLayers, instructionOf(step.createdBy)) ?? "sometimes";
}

/** BuildKit writes the instruction (`COPY . /a # buildkit`), the classic builder a shell line (`/bin/sh -c #(nop)  CMD ["a"]`, `/bin/sh -c make`). */
function instructionOf(createdBy: string): string {
  const nop = createdBy.indexOf("#(nop)");
  const written = nop === -1 ? createdBy : createdBy.slice(nop + "#(nop)".length);
  return /^\s*([A-Z]+)(?:\s|$)/.exec(written)?.[1] ?? "";
}

function place(steps: readonly HistoryStep[], made: readonly boolean[]): Omit<PairedHistory, "pairing"> {
  const layers: PairedLayer[] = [];
  let empty: HistoryStep[] = [];
  for (const [index, step] of steps.entries()) {
    if (made[index]) {
      layers.push({ step, emptyStepsBefore: empty });
      empty = [];
    } else empty.push(step);
  }
  return { layers, emptyStepsAfter: empty };
}

function unpaired(layerCount: number): PairedHistory {
  return {
    pairing: "none",
    layers: Array.from({ length: layerCount }, () => ({ emptyStepsBefore: [] })),
    emptyStepsAfter: [],
  };
}
