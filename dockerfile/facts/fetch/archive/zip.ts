import type { FileHandle } from "node:fs/promises";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { cleanPath } from "../../../syntax/cleanPath.ts";
import type { ArchiveMember, UnpackedFile } from "../../fact.ts";
import { endBytes, findDirectory, localBytes, readEntry, tooLargeFor32, type ZipEntry } from "./zipDirectory.ts";

type Zip = NonNullable<UnpackedFile["zip"]>;

/** True for the first bytes of a ZIP archive. */
export function isZip(head: Buffer): boolean {
  return head.length >= endBytes && ["PK\x03\x04", "PK\x05\x06"].includes(head.toString("latin1", 0, 4));
}

/** The largest directory that is read: 50,000 entries with long names. */
const maxDirectoryBytes = 16 * 1024 ** 2;
const maxCommentBytes = 0xffff;

/** Lists a ZIP archive by the directory at its end. */
export async function readZip(handle: FileHandle, path: string, maxMembers: number): Promise<Zip> {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - endBytes - maxCommentBytes), endBytes + maxCommentBytes);
  const found = findDirectory(tail);
  if (!found) return { problem: `${path} is a ZIP archive without its directory` };
  const { count, bytes, offset: start } = found;
  if (count === 0xffff || start === tooLargeFor32 || count > maxMembers || bytes > maxDirectoryBytes)
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

const linkType = 0xa;

/** The file of an entry; undefined if its size isn't in the directory, or if it needs a password. */
async function memberOf(handle: FileHandle, entry: ZipEntry): Promise<ArchiveMember | undefined> {
  const { name, bytes, isEncrypted, type } = entry;
  if (isEncrypted || bytes === tooLargeFor32) return undefined;
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
  const header = await readAt(handle, headerAt, localBytes);
  if (header.length < localBytes) return undefined;
  const start = headerAt + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
  const packed = await readAt(handle, start, packedBytes);
  if (!isDeflated) return packed.toString("utf8");
  const plain = await promisify(inflateRaw)(packed, { maxOutputLength: maxTargetBytes }).catch(() => undefined);
  return plain?.toString("utf8");
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
