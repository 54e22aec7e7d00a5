import { join } from "node:path";

/** The path of the layer worker next to the bundle, or of its source if run from sources. */
export function layerWorkerPath(): string | URL {
  return typeof __dirname === "string" ? join(__dirname, "layerWorker.js") : new URL("worker.ts", import.meta.url);
}
