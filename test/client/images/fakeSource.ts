import { type OciError, failure, success } from "../../../oci/core/error.ts";
import type { DiffId, Digest } from "../../../oci/core/digest.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";
import type { TreeReaders } from "../../../client/src/images/children.ts";
import type { ImageTreeNode, SourcesState } from "../../../client/src/images/node.ts";

export const digest = (digit: string): Digest => `sha256:${digit.repeat(64)}` as Digest;

export function summary(more: Partial<ImageSummary> = {}): ImageSummary {
  return { id: digest("a"), tags: ["debian:12"], repoDigests: [], created: 1_704_067_200, engineBytes: 117_000_000, ...more };
}

export function step(createdBy: string, more: Partial<HistoryStep> = {}): HistoryStep {
  return { createdBy, ...more };
}

export function layer(index: number, more: Partial<Layer> = {}): Layer {
  return { index, diffId: digest(String(index)) as DiffId, emptyStepsBefore: [], ...more };
}

export function image(more: Partial<Image> = {}): Image {
  return {
    reference: "debian:12", id: digest("a"), platform: { os: "linux", architecture: "amd64" }, tags: ["debian:12"], repoDigests: [], layers: [], emptyStepsAfter: [], historyPairing: "exact",
    config: { platform: { os: "linux", architecture: "amd64" }, user: "", env: [], workingDir: "", exposedPorts: [], volumes: [], labels: {}, onBuild: [], diffIds: [], history: [] },
    ...more,
  };
}

export const engineNode = { kind: "source", id: "engine", sourceId: "engine", sourceKind: "engine", label: "Container engine", place: "unix:///d.sock" } as const;
export const archiveNode = { kind: "source", id: "archive:/x.tar", sourceId: "archive:/x.tar", sourceKind: "archive", label: "x.tar", place: "/x.tar" } as const;

/** Readers of a state in which every source has the same images. */
export function readers(state: Partial<SourcesState>, images: readonly ImageSummary[] | OciError, one: Image | OciError = image()): TreeReaders {
  return {
    state: () => Promise.resolve({ engines: [{ kind: "ready", source: engineNode }], archives: [], isTrusted: true, ...state }),
    source: () => ({
      list: () => Promise.resolve("kind" in images ? failure(images) : success(images)),
      image: () => Promise.resolve("kind" in one ? failure(one) : success(one)),
    }),
  };
}

export const now = Date.UTC(2024, 0, 4);
export const never = new AbortController().signal;

export function imageNode(more: Partial<ImageSummary> = {}): Extract<ImageTreeNode, { kind: "image" }> {
  return { kind: "image", id: "engine/x", sourceId: "engine", summary: summary(more) };
}
