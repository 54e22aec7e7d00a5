import type { LayerAccess } from "./sources.ts";
export function createLayerAccess(_workerPath: string): LayerAccess {
  return { layersOf: () => ({ layers: () => Promise.reject(new Error("soon")) }), openArchive: () => Promise.resolve({ ok: false, error: { kind: "unsupported", what: "archive", message: "soon" } }), dispose: () => undefined };
}
