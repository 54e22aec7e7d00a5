import type { Image, ImageSummary } from "../../../oci/core/image.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import type { BuiltImage, BuiltStep, FactState, LastBuildFact } from "../fact.ts";

/** Newest first: what was built lately is among them. Each is one look at the engine. */
const maxImages = 12;

/** Reads the histories of the newest images. Images whose sizes the engine doesn't count as file content are left out. */
export async function fetchBuiltImages(
  engine: ImageReader & Partial<ImageLister>,
  signal: AbortSignal,
): Promise<FactState<LastBuildFact>> {
  const listed = await engine.list?.(signal);
  if (!listed) return { state: "unavailable", reason: "the engine doesn't list its images" };
  if (!listed.ok) return { state: "unavailable", reason: listed.error.message };
  const images: BuiltImage[] = [];
  for (const summary of listed.value.slice(0, maxImages)) {
    const image = await engine.image(summary.id, {}, signal);
    if (image.ok && image.value.engineSizeKind === "content" && image.value.historyPairing !== "none")
      images.push(builtImage(summary, image.value));
  }
  return { state: "known", value: { images } };
}

function builtImage({ id, tags, created }: ImageSummary, image: Image): BuiltImage {
  const steps = image.layers.flatMap(({ emptyStepsBefore, step, engineBytes }) => [
    ...emptyStepsBefore.map(emptyStep),
    { createdBy: step?.createdBy ?? "", ...(engineBytes !== undefined && { bytes: engineBytes }) },
  ]);
  return {
    name: tags[0] ?? id.slice(0, "sha256:".length + 12),
    ...(created !== undefined && { createdMs: created * 1000 }),
    layers: image.layers.map(({ diffId }) => diffId),
    steps: [...steps, ...image.emptyStepsAfter.map(emptyStep)],
  };
}

function emptyStep({ createdBy }: HistoryStep): BuiltStep {
  return { createdBy, bytes: 0 };
}
