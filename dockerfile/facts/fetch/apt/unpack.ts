import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import xz from "xz-decompress";
import { createPackagesReader, type CompactPackages } from "../../../size/apt/index/packagesFile.ts";

/** The compression of a Packages file, by the end of its name; "" for none. */
export type Compression = ".xz" | ".gz" | "";

/** Eight times Debian's largest Packages file; a small file that unpacks to more is an attack. */
const maxRawBytes = 400 * 1024 * 1024;

/**
 * Unpacks a Packages file piece by piece and keeps the data needed for sizes. Takes two seconds for Debian's main, so
 * call it in a worker. Undefined if the bytes don't match the compression, or are too many.
 */
export async function unpackPackages(
  packed: Uint8Array,
  compression: Compression,
): Promise<CompactPackages | undefined> {
  const reader = createPackagesReader();
  let rawBytes = 0;
  try {
    for await (const piece of unpacked(packed, compression)) {
      rawBytes += piece.length;
      if (rawBytes > maxRawBytes) return undefined;
      reader.push(piece);
    }
  } catch (error) {
    // Both decoders throw their own errors for bad bytes, and nothing else in there can fail.
    if (error instanceof Error) return undefined;
    throw error;
  }
  const compact = reader.end();
  return compact.isTruncated ? undefined : compact;
}

function unpacked(packed: Uint8Array, compression: Compression): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  switch (compression) {
    case ".xz":
      return new xz.XzReadableStream(streamOf(packed));
    case ".gz":
      return Readable.from([packed]).pipe(createGunzip());
    case "":
      return [packed];
  }
}

/** A stream in pieces, because the decoder copies each into its own memory. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (at >= bytes.length) return controller.close();
      controller.enqueue(bytes.subarray(at, at + pieceBytes));
      at += pieceBytes;
    },
  });
}

const pieceBytes = 64 * 1024;
