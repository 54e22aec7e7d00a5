import { ownEntry } from "./ownEntry.ts";

/** One entry of an image's history. @see image-spec config.md §history */
export interface HistoryStep {
  /** RFC 3339. */
  readonly created?: string;
  readonly createdBy: string;
  readonly author?: string;
  readonly comment?: string;
  /** Absent if the source (an engine's history call) doesn't report it. */
  readonly isEmptyLayer?: boolean;
  /** The engine's own size of the step. */
  readonly engineBytes?: number;
}

/** Layers with the steps that made them. */
export interface PairedHistory {
  /**
   * "exact": by the config's flags; "inferred": by the steps' texts; "none": the counts don't fit, and steps aren't
   * assigned to layers.
   */
  readonly pairing: "exact" | "inferred" | "none";
  /** One for each layer, base first. */
  readonly layers: readonly PairedLayer[];
  readonly emptyStepsAfter: readonly HistoryStep[];
}

export interface PairedLayer {
  readonly step?: HistoryStep;
  readonly emptyStepsBefore: readonly HistoryStep[];
}

/**
 * Pairs history (oldest first) with layers, base first. The result is exact if every step says whether it made a layer
 * and the counts fit. Without these flags it is inferred if only one pairing is possible. It never shifts: if counts
 * don't fit, nothing is paired.
 * @see image-spec config.md §history
 */
export function pairHistory(steps: readonly HistoryStep[], layerCount: number): PairedHistory {
  const isFlagged = steps.every((step) => step.isEmptyLayer !== undefined);
  const made = isFlagged ? steps.map((step) => step.isEmptyLayer === false) : inferMade(steps, layerCount);
  if (!made || made.filter(Boolean).length !== layerCount) return unpaired(layerCount);
  return { pairing: isFlagged ? "exact" : "inferred", ...place(steps, made) };
}

type MakesLayer = "always" | "sometimes" | "never";

/**
 * The instructions that make a layer. In the classic builder, RUN and WORKDIR don't make one if they change no file.
 * Sources: moby daemon/builder/dockerfile/dispatchers.go and image.IsEmpty; buildkit
 * frontend/dockerfile/dockerfile2llb/convert.go.
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

/**
 * Infers the steps that made layers if the texts allow only one answer: either all that could have, or only those that
 * must have.
 */
function inferMade(steps: readonly HistoryStep[], layerCount: number): readonly boolean[] | undefined {
  const guesses = steps.map(makesLayer);
  const all = guesses.map((guess) => guess !== "never");
  if (all.filter(Boolean).length === layerCount) return all;
  const certain = guesses.map((guess) => guess === "always");
  return certain.filter(Boolean).length === layerCount ? certain : undefined;
}

function makesLayer(step: HistoryStep): MakesLayer {
  if (step.isEmptyLayer !== undefined) return step.isEmptyLayer ? "never" : "always";
  // An engine never assigns bytes to a step without a layer. 0 bytes prove nothing: layers with 0 bytes have been seen.
  if (step.engineBytes !== undefined && step.engineBytes > 0) return "always";
  return ownEntry(instructionLayers, instructionOf(step.createdBy)) ?? "sometimes";
}

/**
 * The instruction of a step. BuildKit writes it (`COPY . /a # buildkit`), the classic builder a shell line (`/bin/sh -c
 * #(nop)  CMD ["a"]`, `/bin/sh -c make`).
 */
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
