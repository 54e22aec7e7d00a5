import { success, type Result } from "../core/error.ts";
import type { Image, Layer } from "../core/image.ts";
import { withDigest } from "../core/reference.ts";
import { resourceOf } from "./client.ts";
import type { RegistryParts } from "./image.ts";

/**
 * Reads the sizes of layers' uncompressed tars. A gzip file ends with the size of its content (RFC 1952 §2.3.1); a
 * Zstandard frame may begin with it (RFC 8878 §3.1.1.1.4). Takes two requests of a few bytes per layer.
 */
export async function readTarBytes(
  parts: RegistryParts,
  { layers }: Image,
  signal: AbortSignal,
): Promise<Result<readonly (number | undefined)[]>> {
  if (layers.length > maxLayers) return success(layers.map(() => undefined));
  const known = new Map<string, Promise<Result<number | undefined>>>();
  const sizes: Promise<Result<number | undefined>>[] = layers.map((layer) => {
    const size = known.get(layer.digest ?? "") ?? tarBytesOf(parts, layer, signal);
    known.set(layer.digest ?? "", size);
    return size;
  });
  const read = await Promise.all(sizes);
  const failed = read.find((size) => !size.ok);
  return failed && !failed.ok ? failed : success(read.map((size) => (size.ok ? size.value : undefined)));
}

/** Docker's own limit is 127 layers. */
const maxLayers = 200;
/** The longest header of a Zstandard frame. */
const headBytes = 18;
const tailBytes = 8;
/** gzip's size is modulo 4 GiB. A layer below this size has never been seen to unpack to more. */
const maxGzipBlob = 700 * 1024 * 1024;

async function tarBytesOf(
  parts: RegistryParts,
  layer: Layer,
  signal: AbortSignal,
): Promise<Result<number | undefined>> {
  const { digest, blobBytes = 0 } = layer;
  if (digest === undefined || blobBytes < headBytes) return success(undefined);
  const head = await readPart(parts, layer, `bytes=0-${headBytes - 1}`, signal);
  if (!head.ok) return head;
  switch (head.value && compressionOf(head.value)) {
    case "none":
      return success(blobBytes);
    case "zstd":
      return success(atLeast(head.value && zstdContentBytes(head.value), blobBytes));
    case "gzip":
      return gzipContentBytes(parts, layer, signal);
    case undefined:
      return success(undefined);
  }
}

async function gzipContentBytes(
  parts: RegistryParts,
  layer: Layer,
  signal: AbortSignal,
): Promise<Result<number | undefined>> {
  const { blobBytes = 0 } = layer;
  if (blobBytes > maxGzipBlob) return success(undefined);
  const tail = await readPart(parts, layer, `bytes=-${tailBytes}`, signal);
  return tail.ok ? success(atLeast(tail.value?.readUInt32LE(4), blobBytes)) : tail;
}

/**
 * The size, or undefined if it is smaller than the compressed size: then it is that of the last of several parts, or
 * modulo 4 GiB.
 */
function atLeast(bytes: number | undefined, blobBytes: number): number | undefined {
  return bytes !== undefined && bytes >= blobBytes ? bytes : undefined;
}

/** Reads some bytes of a layer's blob; undefined if the registry returns none, or more than requested. */
async function readPart(
  { client, reference }: RegistryParts,
  { digest }: Layer,
  range: string,
  signal: AbortSignal,
): Promise<Result<Buffer | undefined>> {
  if (digest === undefined) return success(undefined);
  const blob = resourceOf(withDigest(reference, digest));
  const request = { method: "GET", path: `blobs/${digest}`, range, maxBytes: headBytes } as const;
  const answer = await client.ask(blob, request, signal);
  if (!answer.ok) return answer.error.kind === "tooLarge" ? success(undefined) : answer;
  const wanted = range.startsWith("bytes=-") ? tailBytes : headBytes;
  const { status, body } = answer.value;
  return success(status === 206 && body.length === wanted ? body : undefined);
}

function compressionOf(head: Buffer): "gzip" | "zstd" | "none" {
  if (head.readUInt16BE(0) === 0x1f8b) return "gzip";
  return head.readUInt32LE(0) === 0xfd2fb528 ? "zstd" : "none";
}

function zstdContentBytes(head: Buffer): number | undefined {
  const descriptor = head.readUInt8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const at = 5 + (isSingleSegment ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  switch (descriptor >> 6) {
    case 0:
      return isSingleSegment ? head.readUInt8(at) : undefined;
    case 1:
      return head.readUInt16LE(at) + 256;
    case 2:
      return head.readUInt32LE(at);
    default: {
      const bytes = head.readBigUInt64LE(at);
      return bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(bytes) : undefined;
    }
  }
}
