import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary } from "../../../oci/core/image.ts";
import { createLru, type Lru } from "../../../oci/source/lru.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import type { BuiltImage, BuiltStep, FactState, LastBuildFact, SizeUnit } from "../fact.ts";

/** Reads the histories of an engine's newest images. */
export interface BuiltImagesReader {
  /** Leaves out images whose sizes the engine counts as whole tars. */
  fetch(engine: ImageReader & Partial<ImageLister>, signal: AbortSignal): Promise<FactState<LastBuildFact>>;
}

/** Newest first, because recent builds matter. Each image that wasn't read before costs one request to the engine. */
const maxImages = 12;
/** Covers several engines, and images that are no longer among the newest. */
const maxKept = 100;

/** An image with the unit of its sizes; `image` is absent if its sizes can't be used. */
interface ReadImage {
  readonly image?: Omit<BuiltImage, "name" | "createdMs">;
  readonly unit?: SizeUnit;
}

/** Creates a reader that reads each image once: the image with a given ID never changes. */
export function createBuiltImagesReader(): BuiltImagesReader {
  const known = createLru<string, ReadImage>(maxKept, () => 1);
  return { fetch: (engine, signal) => fetchBuiltImages(engine, known, signal) };
}

async function fetchBuiltImages(
  engine: ImageReader & Partial<ImageLister>,
  known: Lru<string, ReadImage>,
  signal: AbortSignal,
): Promise<FactState<LastBuildFact>> {
  const listed = await engine.list?.(signal);
  if (!listed) return { state: "unavailable", reason: "the engine doesn't list its images" };
  if (!listed.ok) return { state: "unavailable", reason: listed.error.message };
  const images: BuiltImage[] = [];
  let unit: SizeUnit | undefined;
  for (const summary of listed.value.slice(0, maxImages)) {
    const read = known.get(summary.id) ?? (await readImage(engine, summary.id, signal));
    if (!read) continue;
    if (isFinal(read)) known.set(summary.id, read);
    unit ??= read.unit;
    if (read.image) images.push({ ...read.image, ...nameAndTime(summary) });
  }
  return { state: "known", value: { images, ...(unit === "disk" && { unit }) } };
}

/** False if the containerd store doesn't know a layer's size because it isn't unpacked yet. */
function isFinal({ image }: ReadImage): boolean {
  return image === undefined || image.steps.every(({ bytes }) => bytes !== undefined);
}

/** Reads an image; undefined if the engine doesn't respond, in which case it is read again the next time. */
async function readImage(engine: ImageReader, id: string, signal: AbortSignal): Promise<ReadImage | undefined> {
  const read = await engine.image(id, {}, signal);
  if (!read.ok) return undefined;
  const { engineSizeKind, historyPairing } = read.value;
  if (engineSizeKind === undefined || engineSizeKind === "tar") return {};
  return { unit: engineSizeKind, ...(historyPairing !== "none" && { image: builtImage(read.value) }) };
}

function nameAndTime({ id, tags, created }: ImageSummary): Pick<BuiltImage, "name" | "createdMs"> {
  return {
    name: tags[0] ?? id.slice(0, "sha256:".length + 12),
    ...(created !== undefined && { createdMs: created * 1000 }),
  };
}

function builtImage(image: Image): Omit<BuiltImage, "name" | "createdMs"> {
  const steps = image.layers.flatMap(({ emptyStepsBefore, step, engineBytes }, layerIndex) => [
    ...emptyStepsBefore.map(emptyStep),
    {
      createdBy: step?.createdBy ?? "",
      layerIndex,
      ...timeOf(step),
      ...(engineBytes !== undefined && { bytes: engineBytes }),
    },
  ]);
  return {
    layers: image.layers.map(({ diffId }) => diffId),
    steps: [...steps, ...image.emptyStepsAfter.map(emptyStep)],
  };
}

function emptyStep(step: HistoryStep): BuiltStep {
  return { createdBy: step.createdBy, ...timeOf(step), bytes: 0 };
}

function timeOf(step: HistoryStep | undefined): Pick<BuiltStep, "createdMs"> {
  const createdMs = Date.parse(step?.created ?? "");
  return Number.isNaN(createdMs) ? {} : { createdMs };
}
