import type { FactState, LocalImagesFact } from "../fact.ts";
import type { FactMachine } from "../machine.ts";
import { withoutEngine } from "./baseImage.ts";

/** Lists the engine's images by their tags, newest first. */
export async function fetchLocalImages(
  engine: FactMachine["engine"],
  signal: AbortSignal,
): Promise<FactState<LocalImagesFact>> {
  if ("refusal" in engine) return { state: "unavailable", reason: engine.refusal };
  const opened = await engine.open(signal);
  if (!opened.ok) return withoutEngine(opened.error);
  const listed = await opened.value.list?.(signal);
  if (!listed) return { state: "unavailable", reason: "this source of images has no list of them" };
  if (!listed.ok) return { state: "unavailable", reason: listed.error.message };
  const images = listed.value.flatMap(({ tags, engineBytes: bytes }) =>
    tags.map((reference) => ({ reference, ...(bytes !== undefined && { bytes }) })),
  );
  return { state: "known", value: { images } };
}
