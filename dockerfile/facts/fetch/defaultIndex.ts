import { parsePlatform } from "../../../oci/core/platform.ts";
import type { FactMachine } from "../machine.ts";
import { layersKey } from "./layersKey.ts";

/** The place where images with a package manager keep the address of its index. */
export interface BuiltInAddress {
  /** Absolute paths of its own program text. */
  readonly paths: readonly string[];
  /** The address is its first group. */
  readonly pattern: RegExp;
}

interface WantedAddress extends BuiltInAddress {
  readonly reference: string;
  readonly platform?: string;
}

const maxBytes = 4 * 1024 * 1024;

/**
 * Finds the address that the package manager of a local image contacts unless it is told another; undefined if the
 * engine doesn't have the image, or the image not the package manager. Reads the image once.
 */
export async function builtInAddress(
  { reference, platform, paths, pattern }: WantedAddress,
  { engine, packageCache }: Pick<FactMachine, "engine" | "packageCache">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const opened = "refusal" in engine ? undefined : await engine.open(signal);
  if (!opened?.ok || !opened.value.imageFiles) return undefined;
  const parsed = platform === undefined ? undefined : parsePlatform(platform);
  const image = await opened.value.image(reference, parsed ? { platform: parsed } : {}, signal);
  if (!image.ok) return undefined;
  const cacheKey = layersKey(
    `built-in address 1 ${pattern.source}`,
    image.value.layers.map(({ diffId }) => diffId),
  );
  const kept = await packageCache.get(cacheKey);
  if (kept !== undefined) return kept === "" ? undefined : kept;
  const files = await opened.value.imageFiles(image.value, { paths, sizesBelow: [], maxBytes }, signal);
  if (!files.ok) return undefined;
  const texts = [...files.value.contents.values()].map((bytes) => new TextDecoder().decode(bytes));
  const [address] = texts.flatMap((text) => pattern.exec(text)?.[1] ?? []);
  await packageCache.put(cacheKey, address ?? "");
  return address;
}
