import { isRecord } from "../../../oci/core/text.ts";
import type { WasteSummary } from "../../../oci/core/waste.ts";
import type { ImageReader, WasteReader } from "../../../oci/source/source.ts";
import type { FactKeyOf, FactState } from "../fact.ts";
import { parseKeptJson, type TextCache } from "./apt/cache.ts";
import { layersKey } from "./layersKey.ts";
import { unavailable } from "./unavailable.ts";

/** An engine sends all layers of an image, which takes a second or more for each 100 MB. */
const maxImageBytes = 1024 ** 3;

/** Sums up what a local image hides, once for its layers: `cache` keeps the result. */
export async function fetchImageWaste(
  { reference, layers }: FactKeyOf<"imageWaste">,
  engine: ImageReader & Partial<WasteReader>,
  cache: TextCache,
  signal: AbortSignal,
): Promise<FactState<WasteSummary>> {
  const key = layersKey("waste 1", layers);
  const kept = parseSummary(await cache.get(key));
  if (kept) return { state: "known", value: kept };
  if (!engine.waste) return unavailable("layers of images aren't read here");
  const image = await engine.image(reference, {}, signal);
  if (!image.ok) return unavailable(image.error.message);
  if (image.value.layers.map(({ diffId }) => diffId).join() !== layers.join())
    return unavailable(`${reference} names another image now`);
  if ((image.value.engineBytes ?? Infinity) > maxImageBytes)
    return unavailable(`${reference} is too large to be read in the background`);
  const found = await engine.waste(image.value, signal);
  if (!found.ok) return unavailable(`the layers of ${reference} can't be read: ${found.error.message}`);
  const { bytes, byLayers } = found.value;
  await cache.put(key, JSON.stringify({ bytes, byLayers }));
  return { state: "known", value: { bytes, byLayers } };
}

/** Decodes a report that this machine wrote itself. */
function parseSummary(text: string | undefined): WasteSummary | undefined {
  const kept = parseKeptJson(text);
  return isRecord(kept) && Array.isArray(kept["byLayers"]) ? (kept as unknown as WasteSummary) : undefined;
}
