import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { formatBytes } from "../../../../oci/core/bytes.ts";
import { success } from "../../../../oci/core/error.ts";
import { bunzip2 } from "../../../../oci/tar/bzip2.ts";
import { decompress, readProblem, sniffCompression, sniffedBytes } from "../../../../oci/tar/decompress.ts";
import { blockBytes, decodeHeader, entryKinds } from "../../../../oci/tar/header.ts";
import { tarLimits, walkTar, type TarVisitor } from "../../../../oci/tar/walk.ts";
import { walkChunks } from "../../../../oci/tar/walkChunks.ts";
import { unxz } from "../../../../oci/tar/xz.ts";
import { cleanPath } from "../../../syntax/cleanPath.ts";
import type { ArchiveMember, ArchivesFact, FactState, UnpackedFile } from "../../fact.ts";
import type { FactScope } from "../../scope.ts";
import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isZip, readZip } from "./zip.ts";

/** Limits on reading: larger content stays unknown. */
export interface ArchiveBounds {
  /** Per file of the context. */
  readonly maxFileBytes: number;
  readonly maxUnpackedBytes: number;
  readonly maxMembers: number;
  /** Per instruction. */
  readonly maxFiles: number;
  readonly maxMs: number;
}

export const archiveBounds: ArchiveBounds = {
  maxFileBytes: 512 * 1024 ** 2,
  maxUnpackedBytes: 2 * 1024 ** 3,
  maxMembers: 50_000,
  maxFiles: 500,
  maxMs: 20_000,
};

/**
 * Lists the archives among files of the build context. As for ADD, a file that begins with a tar header, compressed or
 * not, is a tar.
 */
export async function fetchArchives(
  paths: readonly string[],
  { contextRoot }: FactScope,
  signal: AbortSignal,
  bounds = archiveBounds,
): Promise<FactState<ArchivesFact>> {
  if (contextRoot === undefined)
    return { state: "unavailable", reason: "the Dockerfile is not in a folder on disk, so its archives are unknown" };
  if (paths.length > bounds.maxFiles)
    return { state: "unavailable", reason: `more than ${bounds.maxFiles} files may be archives` };
  const deadline = Date.now() + bounds.maxMs;
  const files: UnpackedFile[] = [];
  for (const path of paths) {
    signal.throwIfAborted();
    files.push(await readArchive(join(contextRoot, path), path, { ...bounds, deadline }, signal));
  }
  return { state: "known", value: { files } };
}

/** Limits with the time at which reading ends. */
export interface TimedBounds extends ArchiveBounds {
  readonly deadline: number;
}

/** Lists what is in a file on disk, if it is an archive. `path` is its name in results. */
export async function readArchive(
  file: string,
  path: string,
  bounds: TimedBounds,
  signal: AbortSignal,
): Promise<UnpackedFile> {
  // A path that was a regular file a moment ago may have become a link or a pipe.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(file, flags).catch(() => undefined);
  if (!handle) return { path, problem: `${path} can't be read` };
  try {
    const { size } = await handle.stat();
    const head = await headOf(handle);
    if (isZip(head)) return { path, zip: await readZip(handle, path, bounds.maxMembers) };
    if (!mayBeTar(head)) return { path };
    if (size > bounds.maxFileBytes)
      return {
        path,
        problem: `${path} is larger than the ${formatBytes(bounds.maxFileBytes)} that are looked through`,
      };
    return { path, ...(await readMembers(handle, path, bounds, signal)) };
  } finally {
    await handle.close();
  }
}

async function headOf(handle: FileHandle): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(blockBytes), 0, blockBytes, 0);
  return buffer.subarray(0, bytesRead);
}

/** True if compressed, or if it begins with a tar header. */
function mayBeTar(head: Buffer): boolean {
  if (sniffCompression(head) !== "none") return true;
  return head.length === blockBytes && decodeHeader(head).kind === "header";
}

type Members = Pick<UnpackedFile, "members" | "problem">;

/** Lists the members of an archive. Compressed data that doesn't contain a tar is copied as it is. */
async function readMembers(
  handle: FileHandle,
  path: string,
  bounds: TimedBounds,
  signal: AbortSignal,
): Promise<Members> {
  const members: ArchiveMember[] = [];
  const visitor = collect(members, path, bounds);
  const reading = { bytes: 0 };
  try {
    const plain = await unpacked(handle, path);
    if ("problem" in plain) return plain;
    const error = await walkChunks(
      bounded(plain.chunks, reading, bounds, signal),
      walkTar(path, visitor, { ...tarLimits, members: bounds.maxMembers }),
      visitor,
      () => undefined,
    );
    if (reading.bytes > bounds.maxUnpackedBytes || Date.now() > bounds.deadline)
      return { problem: `${path} holds more than is looked through` };
    if (!error) return members.length > 0 ? { members } : {};
    return members.length > 0 || error.kind === "tooLarge" ? { problem: `${path}: ${error.message}` } : {};
  } catch (thrown) {
    return { problem: `${path}: ${readProblem(path, thrown, signal).message}` };
  }
}

async function unpacked(
  handle: FileHandle,
  path: string,
): Promise<{ readonly chunks: AsyncIterable<Buffer> } | { readonly problem: string }> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(sniffedBytes), 0, sniffedBytes, 0);
  const compression = sniffCompression(buffer.subarray(0, bytesRead));
  const source = chunksOf(handle);
  if (compression === "bzip2") return { chunks: bunzip2(source) };
  if (compression === "xz") return { chunks: unxz(source) };
  const plain = compression === "none" ? success(source) : await decompress(path, source);
  return plain.ok ? { chunks: plain.value } : { problem: `${path}: ${plain.error.message}` };
}

const chunkBytes = 256 * 1024;

async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer> {
  for (let position = 0; ;) {
    const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function* bounded(
  chunks: AsyncIterable<Buffer>,
  reading: { bytes: number },
  { maxUnpackedBytes, deadline }: TimedBounds,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    reading.bytes += chunk.length;
    if (reading.bytes > maxUnpackedBytes || Date.now() > deadline) return;
    yield chunk;
  }
}

function collect(members: ArchiveMember[], path: string, { maxMembers }: TimedBounds): TarVisitor {
  return {
    member(member) {
      const kind = ownEntry(entryKinds, member.type);
      const clean = cleanPath(`/${member.path}`).slice(1);
      if (members.length >= maxMembers)
        return { ok: false, error: { kind: "tooLarge", what: path, message: `more than ${maxMembers} entries` } };
      if (kind === "file" || kind === "directory" || kind === "symlink" || kind === "hardlink")
        members.push({
          path: clean,
          ...(member.path.startsWith("./") && { isBelowDot: true }),
          kind,
          bytes: kind === "file" ? member.size : 0,
          ...linkOf(kind, member.linkTarget),
        });
      return success("skip");
    },
    content: () => undefined,
    memberEnd: () => undefined,
  };
}

function linkOf(kind: ArchiveMember["kind"], target: string): Pick<ArchiveMember, "linkTarget"> {
  if (kind === "symlink") return { linkTarget: target };
  return kind === "hardlink" ? { linkTarget: cleanPath(`/${target}`).slice(1) } : {};
}
