import * as crypto from "node:crypto";
import { contentBytes, formatBytes } from "../core/bytes.ts";
import { parseDigest, type DiffId } from "../core/digest.ts";
import type { EntryKind, LayerContent, LayerEntry } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { shorten } from "../core/text.ts";
import { decompress, readProblem } from "./decompress.ts";
import { paxXattrs } from "./pax.ts";
import { entryKinds } from "./header.ts";
import { tarLimits, walkTar, type TarLimits, type TarMember, type TarVisitor } from "./walk.ts";
import { walkChunks } from "./walkChunks.ts";
import { ownEntry } from "../core/ownEntry.ts";

export interface LayerReadOptions {
  /** Names the layer in errors. */
  readonly what: string;
  /** What the config says; content with another one is a `digestMismatch`. */
  readonly diffId?: DiffId;
  /** Told the bytes that were read from the stream, as stored, after each chunk. */
  readonly onRead?: (bytes: number) => void;
  readonly limits?: TarLimits;
}

export interface LayerRead {
  readonly content: LayerContent;
  /** Computed from the tar. */
  readonly diffId: DiffId;
}

/** Reads a layer blob, plain or compressed: its entries with the SHA-256 of every file, its markers, its DiffID. Of entries with the same path the last is kept. Sparse files have no hash. */
export async function readLayer(
  blob: AsyncIterable<Buffer>,
  options: LayerReadOptions,
  signal: AbortSignal,
): Promise<Result<LayerRead>> {
  const { what, diffId: wanted, limits = tarLimits } = options;
  try {
    const tar = await decompress(what, counted(blob, options, signal));
    if (!tar.ok) return tar;
    const collector = createCollector(what);
    const hash = crypto.createHash(algorithmOf(wanted));
    const content = upTo(limits.layerBytes, tar.value);
    const error = await walkChunks(
      content.chunks,
      walkTar(what, collector.visitor, limits),
      collector.visitor,
      (chunk) => void hash.update(chunk),
    );
    if (content.isCut())
      return failure({ kind: "tooLarge", what, message: `it unpacks to more than ${formatBytes(limits.layerBytes)}` });
    if (error) return failure(error);
    const diffId = parseDigest(`${algorithmOf(wanted)}:${hash.digest("hex")}`) as DiffId;
    if (wanted !== undefined && wanted !== diffId)
      return failure({
        kind: "digestMismatch",
        what,
        message: `the content has DiffID ${diffId}, but the image config says ${wanted}`,
      });
    return success({ content: collector.finish(), diffId });
  } catch (thrown) {
    return failure(readProblem(what, thrown, signal));
  }
}

/** Ends before the chunk that would make it more. */
function upTo(
  maxBytes: number,
  source: AsyncIterable<Buffer>,
): { readonly chunks: AsyncIterable<Buffer>; isCut(): boolean } {
  let bytes = 0;
  const chunks = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > maxBytes) return;
      yield chunk;
    }
  };
  return { chunks: chunks(), isCut: () => bytes > maxBytes };
}

/** A path without `./`, doubled and outer slashes; undefined where it has a `..` part. */
export function cleanPath(path: string): string | undefined {
  if (!/(^|\/)\.{0,2}(\/|$)/.test(path)) return path;
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  return parts.includes("..") ? undefined : parts.join("/");
}

const maxTextBytes = 512 * 1024 * 1024; // Paths, link targets and xattrs of one layer; a hostile one could have 32 KiB in each of millions of entries.
const maxShownPath = 200; // Of a path in a message; a hostile one has 32 KiB.
const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const whiteoutPrefix = ".wh.";
const nothings: ReadonlySet<string> = new Set([".wh.", ".wh..", ".wh..."]);
const opaqueName = ".wh..wh..opq";
const aufsPrefix = ".wh..wh.";

/** What is collected while a layer's tar is walked. */
interface Collecting {
  readonly what: string;
  readonly entries: Map<string, LayerEntry>;
  readonly whiteouts: Set<string>;
  readonly opaque: Set<string>;
  /** Files of AUFS' own folders by path; its hard links point there (image-spec layer.md §Whiteouts). */
  readonly aufs: Map<string, LayerEntry>;
  textBytes: number;
  /** The file whose content is passing by. */
  current:
    | { readonly member: TarMember; readonly path: string; hash: crypto.Hash | undefined; sha256: string | undefined }
    | undefined;
}

function createCollector(what: string): { readonly visitor: TarVisitor; finish(): LayerContent } {
  const collecting: Collecting = {
    what,
    entries: new Map(),
    whiteouts: new Set(),
    opaque: new Set(),
    aufs: new Map(),
    textBytes: 0,
    current: undefined,
  };
  const visitor: TarVisitor = {
    member: (member) => takeMember(collecting, member),
    content: (chunk) => hashContent(collecting, chunk),
    memberEnd: () => endMember(collecting),
  };
  return { visitor, finish: () => finish(collecting) };
}

function takeMember(collecting: Collecting, member: TarMember): Result<"content" | "skip"> {
  collecting.current = undefined;
  const path = cleanPath(member.path);
  if (path === undefined)
    return bad(collecting, `the path \`${shorten(member.path, maxShownPath)}\` leads out of the layer`);
  collecting.textBytes += path.length + member.linkTarget.length;
  if (collecting.textBytes > maxTextBytes)
    return failure({ kind: "tooLarge", what: collecting.what, message: "the names in it take more than 512 MiB" });
  // The root's own attributes say nothing of what is in the layer.
  if (path === "") return success("skip");
  return takeMarker(collecting, path) ?? takeEntry(collecting, member, path);
}

/** Notes a whiteout; undefined where the path is none. */
function takeMarker(collecting: Collecting, path: string): Result<"skip"> | undefined {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  if (!name.startsWith(whiteoutPrefix)) return undefined;
  const directory = path.slice(0, Math.max(slash, 0));
  if (name === opaqueName) collecting.opaque.add(directory);
  else if (nothings.has(name)) return bad(collecting, `the whiteout \`${shorten(path, maxShownPath)}\` names nothing`);
  else if (name.startsWith(aufsPrefix)) return undefined;
  else collecting.whiteouts.add(`${directory === "" ? "" : `${directory}/`}${name.slice(whiteoutPrefix.length)}`);
  return success("skip");
}

function takeEntry(collecting: Collecting, member: TarMember, path: string): Result<"content" | "skip"> {
  const kind = kindOf(member);
  if (!kind) return success("skip");
  if (kind === "file") {
    collecting.current = { member, path, hash: undefined, sha256: member.size === 0 ? emptySha256 : undefined };
    return success(member.isSparse ? "skip" : "content");
  }
  const entry = toEntry(member, path, kind);
  if (kind !== "hardlink") return keep(collecting, entry);
  const target = cleanPath(member.linkTarget);
  if (target === undefined)
    return bad(collecting, `the hard link \`${shorten(path, maxShownPath)}\` leads out of the layer`);
  const hidden = collecting.aufs.get(target);
  if (!hidden) return keep(collecting, { ...entry, linkTarget: target });
  // The first link to a file that AUFS hid is that file; later links are links to it.
  if (hidden.path !== target) return keep(collecting, { ...entry, linkTarget: hidden.path });
  collecting.aufs.set(target, { ...hidden, path });
  return keep(collecting, { ...hidden, path });
}

function keep(collecting: Collecting, entry: LayerEntry): Result<"skip"> {
  if (entry.xattrs) for (const value of Object.values(entry.xattrs)) collecting.textBytes += value.length;
  const isAufs = entry.path.startsWith(aufsPrefix) || entry.path.includes(`/${aufsPrefix}`);
  if (isAufs) {
    if (entry.kind === "file") collecting.aufs.set(entry.path, entry);
    return success("skip");
  }
  // Set anew at the end: the last of several entries wins, over what came between as well.
  collecting.entries.delete(entry.path);
  collecting.entries.set(entry.path, entry);
  return success("skip");
}

/** Unknown types are files (POSIX pax §typeflag), but capital letters are vendors' own records, no file system objects. */
function kindOf({ type, path }: TarMember): EntryKind | undefined {
  const kind = ownEntry(entryKinds, type) ?? (/[A-Z]/.test(type) ? undefined : "file");
  // v7 archives mark directories by the name alone.
  return kind === "file" && path.endsWith("/") ? "directory" : kind;
}

/** Members are set one by one: this runs for every file of an image. */
function toEntry(member: TarMember, path: string, kind: EntryKind): Mutable<LayerEntry> {
  const { mode, uid, gid, mtimeMs, userName, groupName, linkTarget, deviceMajor, deviceMinor } = member;
  const entry: Mutable<LayerEntry> = {
    path,
    kind,
    size: contentBytes(kind === "file" ? member.size : 0),
    mode: mode & 0o7777,
    uid,
    gid,
    mtimeMs,
  };
  if (userName !== "") entry.userName = userName;
  if (groupName !== "") entry.groupName = groupName;
  if (kind === "symlink") entry.linkTarget = linkTarget;
  if (kind === "character" || kind === "block") Object.assign(entry, { deviceMajor, deviceMinor });
  const xattrs = paxXattrs(member.pax);
  if (xattrs) entry.xattrs = xattrs;
  return entry;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function hashContent({ current }: Collecting, chunk: Buffer): void {
  if (!current) return;
  if (!current.hash && chunk.length === current.member.storedBytes) current.sha256 = sha256(chunk);
  else (current.hash ??= crypto.createHash("sha256")).update(chunk);
}

function endMember(collecting: Collecting): void {
  const { current } = collecting;
  if (!current) return;
  const entry = toEntry(current.member, current.path, "file");
  const digest = current.sha256 ?? current.hash?.digest("hex");
  if (digest !== undefined) entry.sha256 = digest;
  keep(collecting, entry);
  collecting.current = undefined;
}

function finish({ entries, whiteouts, opaque }: Collecting): LayerContent {
  const all = [...entries.values()];
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  return { entries: all, whiteouts: [...whiteouts], opaqueDirectories: [...opaque], contentBytes: contentBytes(bytes) };
}

/** One call is a third of the cost of a hash object; Node has it since 20.12. */
function sha256(bytes: Buffer): string {
  const { hash } = crypto as Partial<Pick<typeof crypto, "hash">>;
  return hash ? hash("sha256", bytes, "hex") : crypto.createHash("sha256").update(bytes).digest("hex");
}

async function* counted(
  blob: AsyncIterable<Buffer>,
  { onRead }: LayerReadOptions,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  for await (const chunk of blob) {
    signal.throwIfAborted();
    yield chunk;
    onRead?.(chunk.length);
  }
}

function algorithmOf(digest: DiffId | undefined): string {
  return digest === undefined ? "sha256" : digest.slice(0, digest.indexOf(":"));
}

function bad({ what }: Collecting, message: string): { readonly ok: false; readonly error: OciError } {
  return failure({ kind: "badArchive", what, message });
}
