import type { Image } from "../../../oci/core/image.ts";
import { isRecord } from "../../../oci/core/text.ts";

/** The image that a tag pointed to: plain data that outlives a reload, and the image itself. */
export interface Build {
  /** The engine's ID of the image. */
  readonly id: string;
  /** Milliseconds since 1970; absent if the image doesn't record it. */
  readonly createdMs?: number;
  /** Base first; absent if the engine no longer had the image when they were to be read. */
  readonly layers?: readonly BuildLayer[];
}

export interface BuildLayer {
  readonly diffId: string;
  /** The instruction that made it, cut to {@link maxInstruction} characters; empty if unknown. */
  readonly createdBy: string;
  /** As counted by the engine; absent if it doesn't report it. */
  readonly bytes?: number;
}

/** The last two images that a tag of an engine pointed to. */
export interface BuildRecord {
  /** The endpoint of the engine. */
  readonly engine: string;
  /** `shop:dev`. */
  readonly name: string;
  readonly current: Build;
  readonly previous: Build;
}

/** Enough to tell two instructions apart. */
const maxInstruction = 300;

export function buildOf(id: string, { config, layers }: Image): Build {
  const createdMs = Date.parse(config.created ?? "");
  return {
    id,
    ...(Number.isFinite(createdMs) && { createdMs }),
    layers: layers.map(({ diffId, step, engineBytes }) => ({
      diffId,
      createdBy: (step?.createdBy ?? "").slice(0, maxInstruction),
      ...(engineBytes !== undefined && { bytes: engineBytes }),
    })),
  };
}

/** The records among plain data; others are left out. */
export function decodeRecords(kept: unknown): readonly BuildRecord[] {
  return Array.isArray(kept) ? kept.flatMap((each: unknown) => decodeRecord(each) ?? []) : [];
}

function decodeRecord(kept: unknown): BuildRecord | undefined {
  if (!isRecord(kept)) return undefined;
  const { engine, name } = kept;
  const [current, previous] = [decodeBuild(kept["current"]), decodeBuild(kept["previous"])];
  return typeof engine === "string" && typeof name === "string" && current && previous
    ? { engine, name, current, previous }
    : undefined;
}

function decodeBuild(kept: unknown): Build | undefined {
  if (!isRecord(kept) || typeof kept["id"] !== "string") return undefined;
  const { id, createdMs, layers } = kept;
  const decoded = Array.isArray(layers) ? layers.map((layer: unknown) => decodeLayer(layer)) : [undefined];
  return {
    id,
    ...(typeof createdMs === "number" && { createdMs }),
    ...(decoded.every((layer) => layer !== undefined) && { layers: decoded }),
  };
}

function decodeLayer(kept: unknown): BuildLayer | undefined {
  if (!isRecord(kept)) return undefined;
  const { diffId, createdBy, bytes } = kept;
  if (typeof diffId !== "string" || typeof createdBy !== "string") return undefined;
  return { diffId, createdBy, ...(typeof bytes === "number" && { bytes }) };
}
