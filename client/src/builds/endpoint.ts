import type { ImageSource } from "../sources/source.ts";

/** The endpoint of an engine, by which its builds are recorded; undefined for other sources. */
export function endpointOf(source: Pick<ImageSource, "layerSource"> | undefined): string | undefined {
  return source?.layerSource.kind === "engine" ? source.layerSource.connection.endpoint : undefined;
}
