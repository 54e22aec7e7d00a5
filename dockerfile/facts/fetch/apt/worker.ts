// Entry of the worker thread that unpacks one package index and ends; bundled separately as dist/packageIndexWorker.js.
import { parentPort, workerData } from "node:worker_threads";
import { unpackApkIndex } from "../apk/unpack.ts";
import { unpackPackages, type Compression } from "./unpack.ts";

/** An index as downloaded, and its form: a Packages file by its compression, or apk's archive. */
export type PackedIndex = readonly [packed: Uint8Array, form: Compression | "APKINDEX"];

const port = parentPort;
if (!port) throw new Error("packageIndexWorker runs in a worker thread only");
const [packed, form] = workerData as PackedIndex;
void (async () =>
  port.postMessage(form === "APKINDEX" ? unpackApkIndex(packed) : await unpackPackages(packed, form)))();
