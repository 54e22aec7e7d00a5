// Entry of the worker thread that unpacks one package index and ends; bundled separately as dist/packageIndexWorker.js.
import { parentPort, workerData } from "node:worker_threads";
import { unpackPackages, type Compression } from "./unpack.ts";

const port = parentPort;
if (!port) throw new Error("packageIndexWorker runs in a worker thread only");
const { packed, compression } = workerData as { readonly packed: Uint8Array; readonly compression: Compression };
void unpackPackages(packed, compression).then((compact) => port.postMessage(compact));
