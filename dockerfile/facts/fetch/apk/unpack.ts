import { gunzipSync } from "node:zlib";
import { compactApkIndex } from "../../../size/apk/packageList.ts";
import type { CompactPackages } from "../../../size/apt/index/packagesFile.ts";

/** Ten times Alpine's largest. */
const maxRawBytes = 200 * 1024 * 1024;
const blockBytes = 512;

/**
 * Unpacks an `APKINDEX.tar.gz`, an archive that follows the archive of its signature, and keeps the lines needed for
 * sizes. Undefined if the bytes are something else.
 */
export function unpackApkIndex(packed: Uint8Array): CompactPackages | undefined {
  try {
    const archive = gunzipSync(packed, { maxOutputLength: maxRawBytes });
    const index = fileIn(archive, "APKINDEX");
    if (!index) return undefined;
    const text = compactApkIndex(index.toString("utf8"));
    return { text, count: text.split("\n\n").length, rawBytes: index.length, isTruncated: false };
  } catch (error) {
    // zlib throws its own errors for bad bytes, and nothing else in there can fail.
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}

function fileIn(archive: Buffer, wanted: string): Buffer | undefined {
  for (let at = 0; at + blockBytes <= archive.length;) {
    const text = (start: number, length: number): string =>
      archive.toString("latin1", at + start, at + start + length).replace(/\0.*$/s, "");
    const bytes = parseInt(text(124, 12).trim() || "0", 8);
    const start = at + blockBytes;
    if (!Number.isSafeInteger(bytes) || start + bytes > archive.length) return undefined;
    if (text(0, 100) === wanted) return archive.subarray(start, start + bytes);
    at = start + Math.ceil(bytes / blockBytes) * blockBytes;
  }
  return undefined;
}
