import { inflateRawSync } from "node:zlib";

/** A file in a zip archive. */
export interface ZipMember {
  readonly path: string;
  readonly bytes: number;
  readonly packedBytes: number;
  readonly isDeflated: boolean;
  /** Where its local header starts. */
  readonly offset: number;
}

/** Where a zip archive lists its files. */
export interface Directory {
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}

const endSignature = 0x06054b50;
const endBytes = 22;
const memberSignature = 0x02014b50;
const memberBytes = 46;
const localBytes = 30;
const deflated = 8;
/** Stands for numbers that only the 64-bit form can hold. */
const tooLargeFor32 = 0xffffffff;

/** Finds the directory in the last bytes of an archive. Undefined for anything else, and for archives above 4 GB. */
export function findDirectory(tail: Buffer): Directory | undefined {
  for (let at = tail.length - endBytes; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    const [count, bytes, offset] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    return bytes === tooLargeFor32 || offset === tooLargeFor32 ? undefined : { offset, bytes, count };
  }
  return undefined;
}

/** Reads a directory's bytes; undefined if they aren't one. */
export function readDirectory(directory: Buffer, count: number): readonly ZipMember[] | undefined {
  const members: ZipMember[] = [];
  for (let at = 0; members.length < count;) {
    if (at + memberBytes > directory.length || directory.readUInt32LE(at) !== memberSignature) return undefined;
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => directory.readUInt16LE(at + field));
    const end = at + memberBytes + (nameBytes ?? 0);
    members.push({
      path: directory.toString("utf8", at + memberBytes, end),
      bytes: directory.readUInt32LE(at + 24),
      packedBytes: directory.readUInt32LE(at + 20),
      isDeflated: directory.readUInt16LE(at + 10) === deflated,
      offset: directory.readUInt32LE(at + 42),
    });
    at = end + (extraBytes ?? 0) + (commentBytes ?? 0);
  }
  return members;
}

/** More than enough for a member's local header, whose length isn't in the directory. */
export const localHeaderBytes = 1024;

/** Unpacks a member, from the bytes that start at its local header; undefined if they are cut or damaged. */
export function unpackMember(bytes: Buffer, member: ZipMember, maxBytes: number): Buffer | undefined {
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
