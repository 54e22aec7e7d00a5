import type { WastedVersion } from "../core/waste.ts";
import { readableStep } from "./readableStep.ts";

/** The layers of an image as advice on its waste names them. */
export interface AdvisedImage {
  /** `created_by` of each layer, base first; empty if unknown. */
  readonly steps: readonly string[];
  /** The name of a layer: `line 12`, or `layer 3` if its line isn't known. */
  place(layerIndex: number): string;
  /** The number of lowest layers that belong to the base image; 0 if unknown. */
  readonly baseLayerCount: number;
}

type Version = Pick<WastedVersion, "cause" | "introducedBy" | "hiddenBy" | "attributes">;

/**
 * The number of lowest layers that no line of the Dockerfile made, by the line of each: those of the base image. 0 if
 * no line is known.
 */
export function layersBelowLines(lines: readonly (number | null | undefined)[]): number {
  return Math.max(
    0,
    lines.findIndex((line) => typeof line === "number"),
  );
}

/** Says in one sentence how an image could be built without shipping this hidden version of a file. */
export function wasteAdvice(version: Version, image: AdvisedImage): string {
  const { cause, introducedBy, hiddenBy } = version;
  if (hiddenBy < image.baseLayerCount) return "Waste within the base image; another base may be smaller";
  const at = {
    from: image.place(introducedBy),
    to: image.place(hiddenBy),
    maker: sourceOf(image.steps[introducedBy]),
    hider: sourceOf(image.steps[hiddenBy]),
  };
  return introducedBy < image.baseLayerCount ? fromBase[cause](at) : advice[cause](at, version);
}

/** The kinds of steps that differ in how waste is avoided. */
type Source = "run" | "copy" | "download" | "other";

/** The layers that brought and hid a version, and what made each. */
interface At {
  readonly from: string;
  readonly to: string;
  readonly maker: Source;
  readonly hider: Source;
}

const advice: Readonly<Record<WastedVersion["cause"], (at: At, version: Version) => string>> = {
  deleted: ({ from, to, maker, hider }) => {
    if (maker === "run") return `Remove it in the RUN of ${from}`;
    if (maker === "download") return `Download, use and remove it in one RUN instead of the ADD of ${from}`;
    if (maker === "copy" && hider === "run")
      return `Mount it in the RUN of ${to} (--mount=type=bind) instead of copying`;
    return `Leave it out in ${from}, or copy the result from another stage`;
  },
  metadata: (at, { attributes = [] }) => {
    if (at.hider === "copy") return `Copy it once: ${at.to} stores it again with other attributes`;
    if (attributes.every((attribute) => attribute === "mtime"))
      return `Leave it untouched in the RUN of ${at.to}, which changes only its time`;
    return at.maker === "copy" || at.maker === "download" ? copiedAs(at, attributes) : madeAs(at);
  },
  identical: ({ from, to, hider }) =>
    hider === "run"
      ? `Leave it untouched in the RUN of ${to}, which stores it again unchanged`
      : `Copy it once: ${from} has already stored it`,
  overwritten: ({ from, to, maker, hider }) => {
    if (maker === "run" && hider === "run") return `Change it in the RUN that adds it: join ${from} and ${to}`;
    if (hider === "run") return "Change it before the build, or in another stage";
    return `Leave it out in ${from}: ${to} replaces it`;
  },
};

/** COPY and ADD can set owner and mode; for the rest the file is finished elsewhere. */
function copiedAs({ from, to }: At, attributes: readonly string[]): string {
  const flags = [
    ...(attributes.includes("owner") ? ["--chown"] : []),
    ...(attributes.includes("mode") ? ["--chmod"] : []),
  ];
  const isSettable = attributes.every((attribute) => ["owner", "mode", "mtime"].includes(attribute));
  return isSettable
    ? `Set it where it is copied, in ${from}: ${flags.join(" ")}`
    : `Do what ${to} does in another stage, and copy the result`;
}

function madeAs({ from, to }: At): string {
  return `Set its attributes in the RUN that adds it: join ${from} and ${to}`;
}

/** Advice on files of the base image that a later layer hides. */
const fromBase: Readonly<Record<WastedVersion["cause"], (at: At) => string>> = {
  deleted: ({ to }) => `It ships with the base image; removing it in ${to} saves nothing`,
  metadata: ({ to }) => `It ships with the base image; ${to} stores it again with other attributes`,
  identical: ({ to }) => `It ships with the base image; ${to} stores it again unchanged`,
  overwritten: ({ to }) => `It ships with the base image; ${to} replaces it`,
};

function sourceOf(createdBy = ""): Source {
  const { keyword, text } = readableStep(createdBy);
  if (keyword === "RUN") return "run";
  if (keyword === "ADD") return /(?:^|\s)https?:\/\//.test(text) ? "download" : "copy";
  return keyword === "COPY" ? "copy" : "other";
}
