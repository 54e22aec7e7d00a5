import { join } from "node:path";

/** The layer worker beside a bundle, or its source if this runs from sources. */
export function layerWorkerPath(): string | URL {
  return typeof __dirname === "string" ? join(__dirname, "layerWorker.js") : new URL("worker.ts", import.meta.url);
}
