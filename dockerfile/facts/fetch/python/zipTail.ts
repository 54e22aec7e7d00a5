import { inflateRawSync } from "node:zlib";
import {
  findDirectory,
  localBytes,
  readEntry,
  tooLargeFor32,
  type ZipDirectory,
  type ZipEntry,
} from "../archive/zipDirectory.ts";

/** The directory in the last bytes of an archive; undefined also for archives above 4 GB. */
export function directoryIn(tail: Buffer): ZipDirectory | undefined {
  const found = findDirectory(tail);
  return found?.bytes === tooLargeFor32 || found?.offset === tooLargeFor32 ? undefined : found;
}

/** Reads a directory's bytes; undefined if they aren't one. */
export function readDirectory(directory: Buffer, count: number): readonly ZipEntry[] | undefined {
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    const entry = readEntry(directory, at);
    if (!entry) return undefined;
    entries.push(entry);
    at = entry.end;
  }
  return entries;
}

/** More than enough for a member's local header, whose length isn't in the directory. */
export const localHeaderBytes = 1024;

/** Unpacks a member, from the bytes that start at its local header; undefined if they are cut or damaged. */
export function unpackMember(bytes: Buffer, member: ZipEntry, maxBytes: number): Buffer | undefined {
  if (bytes.length < localBytes || member.bytes > maxBytes) return undefined;
  const start = localBytes + bytes.readUInt16LE(26) + bytes.readUInt16LE(28);
  const packed = bytes.subarray(start, start + member.packedBytes);
  if (packed.length < member.packedBytes) return undefined;
  if (!member.isDeflated) return packed;
  try {
    return inflateRawSync(packed, { maxOutputLength: maxBytes });
  } catch {
    return undefined;
  }
}
