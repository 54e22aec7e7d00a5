import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { cleanPath } from "../../../syntax/cleanPath.ts";
import type { ArchiveMember, UnpackedFile } from "../../fact.ts";

type Zip = NonNullable<UnpackedFile["zip"]>;

/** True for the first bytes of a ZIP archive. */
export function isZip(head: Buffer): boolean {
  return head.length >= 22 && ["PK\x03\x04", "PK\x05\x06"].includes(head.toString("latin1", 0, 4));
}

/** The largest directory that is read: 50,000 entries with long names. */
const maxDirectoryBytes = 16 * 1024 ** 2;
const endBytes = 22;
const maxCommentBytes = 0xffff;
const entryBytes = 46;
const localHeaderBytes = 30;

/**
 * Lists a ZIP archive by the directory at its end.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function readZip(handle: FileHandle, path: string, maxMembers: number): Promise<Zip> {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - endBytes - maxCommentBytes), endBytes + maxCommentBytes);
  const at = tail.lastIndexOf("PK\x05\x06", tail.length - endBytes, "latin1");
  if (at < 0) return { problem: `${path} is a ZIP archive without its directory` };
  const [count, bytes, start] = [tail.readUInt16LE(at + 10), tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  if (count === 0xffff || start === 0xffffffff || count > maxMembers || bytes > maxDirectoryBytes)
    return { problem: `${path} holds more than is looked through` };
  const directory = await readAt(handle, start, bytes);
  const members: ArchiveMember[] = [];
  for (let position = 0; members.length < count;) {
    const entry = readEntry(directory, position);
    if (!entry) return { problem: `${path} has a broken directory` };
    const member = await memberOf(handle, entry);
    if (!member) return { problem: `${path} has content that can't be listed` };
    members.push(member);
    position = entry.end;
  }
  return { members };
}

interface ZipEntry {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly isDeflated: boolean;
  readonly packedBytes: number;
  readonly bytes: number;
  /** The file type in the mode that Unix keeps, 0 if another system made it. */
  readonly type: number;
  readonly headerAt: number;
  /** The position of the next entry. */
  readonly end: number;
}

function readEntry(directory: Buffer, at: number): ZipEntry | undefined {
  if (at + entryBytes > directory.length || directory.toString("latin1", at, at + 4) !== "PK\x01\x02") return undefined;
  const nameEnd = at + entryBytes + directory.readUInt16LE(at + 28);
  const end = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  if (end > directory.length) return undefined;
  const isUnix = directory[at + 5] === 3;
  return {
    name: directory.toString("utf8", at + entryBytes, nameEnd),
    isEncrypted: (directory.readUInt16LE(at + 8) & 1) === 1,
    isDeflated: directory.readUInt16LE(at + 10) === 8,
    packedBytes: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
    type: isUnix ? (directory.readUInt32LE(at + 38) >>> 28) & 0xf : 0,
    headerAt: directory.readUInt32LE(at + 42),
    end,
  };
}

const linkType = 0xa;

/** The file of an entry; undefined if its size isn't in the directory, or if it needs a password. */
async function memberOf(handle: FileHandle, entry: ZipEntry): Promise<ArchiveMember | undefined> {
  const { name, bytes, isEncrypted, type } = entry;
  if (isEncrypted || bytes === 0xffffffff) return undefined;
  const path = cleanPath(`/${name.replaceAll("\\", "/")}`).slice(1);
  if (name.endsWith("/")) return { path, kind: "directory", bytes: 0 };
  if (type !== linkType) return { path, kind: "file", bytes };
  const linkTarget = await textOf(handle, entry);
  return linkTarget === undefined ? undefined : { path, kind: "symlink", bytes: 0, linkTarget };
}

/** Longer than any path. */
const maxTargetBytes = 4096;

/** The content of an entry, which is the target for a link. */
async function textOf(
  handle: FileHandle,
  { headerAt, packedBytes, bytes, isDeflated }: ZipEntry,
): Promise<string | undefined> {
  if (bytes > maxTargetBytes || packedBytes > maxTargetBytes) return undefined;
  const header = await readAt(handle, headerAt, localHeaderBytes);
  if (header.length < localHeaderBytes) return undefined;
  const start = headerAt + localHeaderBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await readAt(handle, start, packedBytes);
  if (!isDeflated) return packed.toString("utf8");
  const plain = await promisify(inflateRaw)(packed, { maxOutputLength: maxTargetBytes }).catch(() => undefined);
  return plain?.toString("utf8");
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
