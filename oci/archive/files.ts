import { constants } from "node:fs";
import { lstat, open, realpath, type FileHandle } from "node:fs/promises";
import { join, parse, sep } from "node:path";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { readProblem } from "../tar/decompress.ts";
import { cleanPath } from "../tar/layerPaths.ts";
import { blockBytes, entryKinds, isZero } from "../tar/header.ts";
import type { TarMember } from "../tar/member.ts";
import { ownEntry } from "../core/ownEntry.ts";
import { walkTar, type TarNeed, type TarVisitor, type TarWalk } from "../tar/walk.ts";

/** The files of an archive or of a layout folder, by clean path. Files outside it can't be reached. */
export interface ArchiveFiles {
  /** The name of the archive in errors. */
  readonly what: string;
  /**
   * True for a tar without its two final empty blocks. Some writers leave them out, and a truncated tar lacks them too.
   */
  readonly lacksEnd: boolean;
  /** The size in bytes; undefined if there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Reads a small file whole; `notFound` if it is missing, `tooLarge` beyond `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Result<Buffer>>;
  /** Streams a file's bytes; throws if reading fails. */
  stream(path: string): AsyncIterable<Buffer>;
  close(): Promise<void>;
}

/**
 * Indexes an uncompressed tar by its headers, skipping the content. Keeps the file open until `close`; `length` is the
 * file's length.
 */
export async function openTarFiles(
  what: string,
  file: FileHandle,
  length: number,
  signal: AbortSignal,
): Promise<Result<ArchiveFiles>> {
  const members = new Map<string, Place>();
  const visitor: TarVisitor = {
    member: (member) => {
      notePlace(members, member);
      return success("skip");
    },
    content: () => undefined,
    memberEnd: () => undefined,
  };
  const error = await seekThrough({ what, file, length }, walkTar(what, visitor), signal);
  if (error) return failure(error);
  const lacksEnd = !isZero(await readAt(file, Math.max(length - blockBytes, 0), blockBytes));
  return success({ ...tarFiles(what, file, members), lacksEnd });
}

/** An OCI layout or an unpacked archive in a folder. Symlinks are followed if they lead to files inside. */
export async function openFolderFiles(what: string, folder: string): Promise<ArchiveFiles> {
  const root = await realpath(folder);
  const withFile = async <T>(
    path: string,
    use: (file: FileHandle, length: number) => Promise<T>,
  ): Promise<T | undefined> => {
    const file = await openInside(root, path);
    if (!file) return undefined;
    try {
      return await use(file, (await file.stat()).size);
    } finally {
      await file.close();
    }
  };
  const isInside = createInsideCheck(root);
  return {
    what,
    lacksEnd: false,
    // Opening takes several times as long, and a layout may have tens of thousands of blobs.
    size: async (path) => {
      const { base, dir } = parse(join(root, path));
      const found = (await isInside(dir)) ? await lstat(join(dir, base)).catch(absent) : undefined;
      return found?.isFile() ? found.size : withFile(path, (_, length) => Promise.resolve(length));
    },
    read: async (path, maxBytes) =>
      (await withFile(path, (file, bytes) => readWhole({ file, start: 0, bytes }, `${path} of ${what}`, maxBytes))) ??
      missing(path, what),
    stream: (path) => streamInside(root, path),
    close: () => Promise.resolve(),
  };
}

/**
 * Streams a file's bytes from an offset, reading one chunk ahead. Chunks are new buffers, since a reader may keep them.
 */
export async function* streamFile(file: FileHandle, start: number, bytes: number): AsyncGenerator<Buffer> {
  const end = start + bytes;
  let ahead = readAhead(file, start, end);
  try {
    for (let position = start; position < end;) {
      const chunk = await ahead;
      if (chunk.length === 0) return;
      position += chunk.length;
      ahead = readAhead(file, position, end);
      yield chunk;
    }
  } finally {
    // A consumer that stops early closes the file next.
    await ahead.catch(() => undefined);
  }
}

/** Starts reading a chunk that may never be awaited; a failure is then ignored. */
function readAhead(file: FileHandle, position: number, end: number): Promise<Buffer> {
  const chunk = readChunk(file, position, end);
  chunk.catch(() => undefined);
  return chunk;
}

async function readChunk(file: FileHandle, position: number, end: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(Math.min(chunkBytes, end - position), 0));
  if (buffer.length === 0) return buffer;
  const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
  return buffer.subarray(0, bytesRead);
}

const chunkBytes = 256 * 1024; // Larger chunks aren't read faster.
const windowBytes = 64 * 1024; // The headers of a layer's small files are close together.
const maxLinkHops = 40; // The limit of Linux.

/** The position of a member, or the name it links to. */
type Place = { readonly start: number; readonly bytes: number } | { readonly target: string };

function notePlace(members: Map<string, Place>, { path, type, linkTarget, offset, storedBytes }: TarMember): void {
  const clean = cleanPath(path);
  if (clean === undefined || clean === "") return;
  const kind = ownEntry(entryKinds, type);
  if (kind === "file") members.set(clean, { start: offset, bytes: storedBytes });
  if (kind === "symlink") members.set(clean, { target: resolveLink(clean, linkTarget) });
  if (kind === "hardlink") members.set(clean, { target: resolveLink("", linkTarget) });
}

/** Resolves a link's target to a path of the archive. `..` stops at the archive's top, as in a chroot. */
function resolveLink(from: string, target: string): string {
  const parts = target.startsWith("/") ? [] : from.split("/").slice(0, -1);
  for (const part of target.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function tarFiles(what: string, file: FileHandle, members: ReadonlyMap<string, Place>): Omit<ArchiveFiles, "lacksEnd"> {
  const find = (path: string): { readonly start: number; readonly bytes: number } | undefined => {
    let place = members.get(path);
    for (let hop = 0; place && "target" in place && hop < maxLinkHops; hop++) place = members.get(place.target);
    return place && "start" in place ? place : undefined;
  };
  return {
    what,
    size: (path) => Promise.resolve(find(path)?.bytes),
    read: (path, maxBytes) => {
      const place = find(path);
      return place
        ? readWhole({ file, ...place }, `${path} of ${what}`, maxBytes)
        : Promise.resolve(missing(path, what));
    },
    stream: (path) => {
      const place = find(path);
      return streamFile(file, place?.start ?? 0, place?.bytes ?? 0);
    },
    close: () => file.close(),
  };
}

async function readWhole(
  { file, start, bytes }: { readonly file: FileHandle; readonly start: number; readonly bytes: number },
  what: string,
  maxBytes: number,
): Promise<Result<Buffer>> {
  if (bytes > maxBytes)
    return failure({ kind: "tooLarge", what, message: `it has ${bytes} bytes; at most ${maxBytes} are read` });
  const chunks: Buffer[] = [];
  for await (const chunk of streamFile(file, start, bytes)) chunks.push(chunk);
  return success(Buffer.concat(chunks));
}

function missing(path: string, what: string): { readonly ok: false; readonly error: OciError } {
  return failure({ kind: "notFound", what: path, message: `${what} has no ${path}` });
}

/** Returns a check for whether a folder is inside; each folder is checked once. */
function createInsideCheck(root: string): (folder: string) => Promise<boolean> {
  const known = new Map<string, Promise<boolean>>();
  return (folder) => {
    const check =
      known.get(folder) ??
      realpath(folder)
        .catch(absent)
        .then((real) => real !== undefined && `${real}${sep}`.startsWith(withSeparator(root)));
    known.set(folder, check);
    return check;
  };
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}

/** Opens a regular file inside a folder. A link can't lead out of it, and a pipe or device can't block. */
async function openInside(root: string, path: string): Promise<FileHandle | undefined> {
  try {
    const real = await realpath(join(root, path));
    if (!real.startsWith(withSeparator(root))) return undefined;
    // O_NOFOLLOW fails if the file has been replaced by a link since it was resolved.
    const file = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return undefined;
  } catch (thrown) {
    if (isAbsence(thrown)) return undefined;
    throw thrown;
  }
}

/** Returns undefined for a missing file and rethrows any other error. */
function absent(thrown: unknown): undefined {
  if (!isAbsence(thrown)) throw thrown;
}

function isAbsence(thrown: unknown): boolean {
  return (
    thrown instanceof Error && "code" in thrown && ["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"].includes(String(thrown.code))
  );
}

async function* streamInside(root: string, path: string): AsyncGenerator<Buffer> {
  const file = await openInside(root, path);
  if (!file) return;
  try {
    yield* streamFile(file, 0, (await file.stat()).size);
  } finally {
    await file.close();
  }
}

interface Seekable {
  readonly what: string;
  readonly file: FileHandle;
  readonly length: number;
}

/** Walks over a file, seeking past skipped parts. */
async function seekThrough(
  { what, file, length }: Seekable,
  walk: TarWalk,
  signal: AbortSignal,
): Promise<OciError | undefined> {
  let position = 0;
  let window: Buffer = Buffer.alloc(0);
  let windowStart = 0;
  try {
    let step = walk.next();
    while (step.done !== true) {
      const { kind, bytes } = step.value;
      const isInWindow = position >= windowStart && position + bytes <= windowStart + window.length;
      if (kind === "read" && !isInWindow) {
        signal.throwIfAborted();
        window = await readAt(file, position, Math.max(windowBytes, bytes));
        windowStart = position;
      }
      const from = position;
      position = Math.min(position + bytes, length);
      step = walk.next(
        giftOf(step.value, window.subarray(from - windowStart, from - windowStart + bytes), length - from),
      );
    }
    return step.value;
  } catch (thrown) {
    return readProblem(what, thrown, signal);
  }
}

function giftOf({ kind, bytes }: TarNeed, block: Buffer, left: number): Buffer | "passed" | "cut" {
  if (kind === "read") return block;
  return bytes <= left ? "passed" : "cut";
}

async function readAt(file: FileHandle, position: number, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of streamFile(file, position, bytes)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
