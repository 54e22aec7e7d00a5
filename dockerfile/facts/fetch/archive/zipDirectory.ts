// The directory at the end of a ZIP archive. @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

/** The place of a ZIP archive's list of files. */
export interface ZipDirectory {
  readonly offset: number;
  readonly bytes: number;
  readonly count: number;
}

/** A file as the directory lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly isDeflated: boolean;
  readonly packedBytes: number;
  readonly bytes: number;
  /** The file type in the mode that Unix keeps, 0 if another system made it. */
  readonly type: number;
  /** The offset of its local header. */
  readonly headerAt: number;
  /** The position of the next entry. */
  readonly end: number;
}

export const endBytes = 22;
const entryBytes = 46;
/** A local header without the name and the extra field that follow it. */
export const localBytes = 30;
const deflated = 8;
/** Stands for numbers that only the 64-bit form can hold. */
export const tooLargeFor32 = 0xffffffff;

/** Finds the directory in the last bytes of an archive; undefined for anything else. */
export function findDirectory(tail: Buffer): ZipDirectory | undefined {
  const at = tail.length < endBytes ? -1 : tail.lastIndexOf("PK\x05\x06", tail.length - endBytes, "latin1");
  return at < 0
    ? undefined
    : { count: tail.readUInt16LE(at + 10), bytes: tail.readUInt32LE(at + 12), offset: tail.readUInt32LE(at + 16) };
}

/** Reads the entry at a position of a directory's bytes; undefined if it is broken or cut. */
export function readEntry(directory: Buffer, at: number): ZipEntry | undefined {
  if (at + entryBytes > directory.length || directory.toString("latin1", at, at + 4) !== "PK\x01\x02") return undefined;
  const nameEnd = at + entryBytes + directory.readUInt16LE(at + 28);
  const end = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  if (end > directory.length) return undefined;
  const isUnix = directory[at + 5] === 3;
  return {
    name: directory.toString("utf8", at + entryBytes, nameEnd),
    isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    isDeflated: directory.readUInt16LE(at + 10) === deflated,
    packedBytes: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
    type: isUnix ? (directory.readUInt32LE(at + 38) >>> 28) & 0xf : 0,
    headerAt: directory.readUInt32LE(at + 42),
    end,
  };
}
