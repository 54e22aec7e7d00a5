import * as crypto from "node:crypto";
import { contentBytes, formatBytes } from "../core/bytes.ts";
import { createContentBuilder, type ContentBuilder } from "../core/columns/contentBuilder.ts";
import type { EntryKind, LayerContent, LayerEntry } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { shorten } from "../core/text.ts";
import { ownEntry } from "../core/ownEntry.ts";
import { entryKinds } from "./header.ts";
import { createLayerPaths, type LayerPaths } from "./layerPaths.ts";
import { paxXattrs } from "./pax.ts";
import { createSparseHash, maxHoleBytes, type HoleBudget, type SparseHash } from "./sparse.ts";
import type { TarMember } from "./member.ts";
import type { TarLimits, TarVisitor } from "./walk.ts";

const maxShownPath = 200; // For a path in a message; a hostile one has 32 KiB.
const emptySha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const whiteoutPrefix = ".wh.";
const nothings: ReadonlySet<string> = new Set([".wh.", ".wh..", ".wh..."]);
const opaqueName = ".wh..wh..opq";
const aufsPrefix = ".wh..wh.";

/** The state of a walk through a layer's tar. */
interface Collecting {
  readonly what: string;
  readonly limits: TarLimits;
  readonly builder: ContentBuilder;
  readonly paths: LayerPaths;
  /** Files in AUFS' own folders by path; its hard links point there (image-spec layer.md §Whiteouts). */
  readonly aufs: Map<string, FoundEntry>;
  readonly holes: HoleBudget;
  textBytes: number;
  /** The file whose content is being read. */
  current:
    | {
        readonly member: TarMember;
        readonly path: string;
        readonly sparse: SparseHash | undefined;
        hash: crypto.Hash | undefined;
        sha256: string | undefined;
      }
    | undefined;
}

interface FoundEntry {
  readonly entry: LayerEntry;
  /** The offset of its stored content in the tar; -1 without content and for sparse files. */
  readonly offset: number;
}

/** Collects the entries and markers found by a walk over a layer. */
export function createCollector(
  what: string,
  limits: TarLimits,
): { readonly visitor: TarVisitor; finish(): LayerContent } {
  const collecting: Collecting = {
    what,
    limits,
    builder: createContentBuilder(),
    paths: createLayerPaths(),
    aufs: new Map(),
    holes: { bytes: maxHoleBytes },
    textBytes: 0,
    current: undefined,
  };
  const visitor: TarVisitor = {
    member: (member) => takeMember(collecting, member),
    content: (chunk) => hashContent(collecting, chunk),
    memberEnd: () => endMember(collecting),
  };
  return { visitor, finish: () => collecting.builder.finish() };
}

function takeMember(collecting: Collecting, member: TarMember): Result<"content" | "skip"> {
  collecting.current = undefined;
  const path = collecting.paths.pathOf(member);
  const { linkTarget, userName, groupName } = member;
  collecting.textBytes += path.length + linkTarget.length + userName.length + groupName.length;
  const tooLarge = textProblem(collecting) ?? depthProblem(collecting, path);
  if (tooLarge) return failure(tooLarge);
  // The root's own attributes aren't part of the layer's content.
  if (path === "") return success("skip");
  return takeMarker(collecting, path) ?? takeEntry(collecting, member, path);
}

/** The problem if all texts, or the owner names among them, exceed any real layer's. */
function textProblem({ what, limits, builder, textBytes }: Collecting): OciError | undefined {
  const tooLarge = (message: string): OciError => ({ kind: "tooLarge", what, message });
  if (textBytes > limits.textBytes)
    return tooLarge(`the names and extended attributes in it take more than ${formatBytes(limits.textBytes)}`);
  return builder.ownerNameLength() > limits.ownerNames
    ? tooLarge(`the names of its files' owners take more than ${formatBytes(limits.ownerNames)}`)
    : undefined;
}

/** The problem if a path, or all of them, are deeper than in any file system. */
function depthProblem({ what, limits, builder }: Collecting, path: string): OciError | undefined {
  const tooLarge = (message: string): OciError => ({ kind: "tooLarge", what, message });
  if (path.length > limits.pathParts * 2 && partCount(path) > limits.pathParts)
    return tooLarge(`a path of more than ${limits.pathParts} folders`);
  return builder.pathCount() > limits.paths ? tooLarge(`more than ${limits.paths} paths and folders`) : undefined;
}

function partCount(path: string): number {
  let count = 1;
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) count++;
  return count;
}

/** Records a whiteout; undefined if the path isn't one. */
function takeMarker(collecting: Collecting, path: string): Result<"skip"> | undefined {
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  if (!name.startsWith(whiteoutPrefix)) return undefined;
  const directory = path.slice(0, Math.max(slash, 0));
  if (name === opaqueName) collecting.builder.addOpaqueDirectory(directory);
  else if (nothings.has(name)) return bad(collecting, `the whiteout \`${shorten(path, maxShownPath)}\` names nothing`);
  else if (name.startsWith(aufsPrefix)) return undefined;
  else collecting.builder.addWhiteout(`${directory === "" ? "" : `${directory}/`}${name.slice(whiteoutPrefix.length)}`);
  return success("skip");
}

function takeEntry(collecting: Collecting, member: TarMember, path: string): Result<"content" | "skip"> {
  const kind = kindOf(member);
  if (!kind) return success("skip");
  if (kind === "file") {
    const sparse = member.sparse && createSparseHash(member.size, member.sparse, collecting.holes);
    collecting.current = {
      member,
      path,
      sparse,
      hash: undefined,
      sha256: member.size === 0 ? emptySha256 : undefined,
    };
    return success("content");
  }
  const entry = toEntry(member, { path, kind });
  if (kind !== "hardlink") return keep(collecting, { entry, offset: -1 });
  const target = collecting.paths.linkTargetOf(member);
  const hidden = collecting.aufs.get(target);
  if (!hidden) return keep(collecting, { entry: { ...entry, linkTarget: target }, offset: -1 });
  // The first link to a file that AUFS hid is treated as that file; later links are links to it.
  if (hidden.entry.path !== target)
    return keep(collecting, { entry: { ...entry, linkTarget: hidden.entry.path }, offset: -1 });
  const shown = { ...hidden, entry: { ...hidden.entry, path } };
  collecting.aufs.set(target, shown);
  return keep(collecting, shown);
}

function keep(collecting: Collecting, found: FoundEntry): Result<"skip"> {
  const { entry, offset } = found;
  for (const [name, value] of Object.entries(entry.xattrs ?? {})) collecting.textBytes += name.length + value.length;
  const isAufs = entry.path.startsWith(aufsPrefix) || entry.path.includes(`/${aufsPrefix}`);
  if (!isAufs) collecting.builder.add(entry, offset);
  else if (entry.kind === "file") collecting.aufs.set(entry.path, found);
  return success("skip");
}

/**
 * The kind of a member. Unknown types are files (POSIX pax §typeflag), but capital letters are vendors' own records,
 * not file system objects.
 */
export function kindOf({ type }: TarMember): EntryKind | undefined {
  return ownEntry(entryKinds, type) ?? (/[A-Z]/.test(type) ? undefined : "file");
}

/** Converts a member to an entry. Properties are set one by one for speed: this runs for every file of an image. */
function toEntry(
  member: TarMember,
  { path, kind }: { readonly path: string; readonly kind: EntryKind },
): Mutable<LayerEntry> {
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
  if (leadsUp.test(member.path)) entry.writtenPath = member.path;
  if (kind === "symlink") entry.linkTarget = linkTarget;
  if (kind === "character" || kind === "block") Object.assign(entry, { deviceMajor, deviceMinor });
  const xattrs = paxXattrs(member.pax);
  if (xattrs) entry.xattrs = xattrs;
  return entry;
}

const leadsUp = /(^|\/)\.\.(\/|$)/;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function hashContent({ current }: Collecting, chunk: Buffer): void {
  if (!current) return;
  if (current.sparse) current.sparse.update(chunk);
  else if (!current.hash && chunk.length === current.member.storedBytes) current.sha256 = sha256(chunk);
  else (current.hash ??= crypto.createHash("sha256")).update(chunk);
}

function endMember(collecting: Collecting): void {
  const { current } = collecting;
  if (!current) return;
  const { member, path } = current;
  const entry = toEntry(member, { path, kind: "file" });
  const digest = current.sha256 ?? current.sparse?.digest() ?? current.hash?.digest("hex");
  if (digest !== undefined) entry.sha256 = digest;
  keep(collecting, { entry, offset: member.sparse ? -1 : member.offset });
  collecting.current = undefined;
}

/** The SHA-256 of a buffer. A single call costs a third of a hash object; available since Node 20.12. */
function sha256(bytes: Buffer): string {
  const { hash } = crypto as Partial<Pick<typeof crypto, "hash">>;
  return hash ? hash("sha256", bytes, "hex") : crypto.createHash("sha256").update(bytes).digest("hex");
}

function bad({ what }: Collecting, message: string): { readonly ok: false; readonly error: OciError } {
  return failure({ kind: "badArchive", what, message });
}
