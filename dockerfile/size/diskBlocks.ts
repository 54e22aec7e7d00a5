import type { Build } from "../semantics/build.ts";
import type { ImageFile } from "../semantics/files/imageFile.ts";
import { placedFiles, type Placement } from "../semantics/files/placement.ts";
import type { RunEffects } from "../semantics/files/runEffects.ts";
import type { Instruction } from "../syntax/syntax.ts";
import type { SizeRange } from "./estimator.ts";

/**
 * The disk space of a layer of copied files, as counted by a containerd store: 4 KiB blocks of files and folders,
 * including the layer's root. Exact on ext4 except for folders, which may take one more block each, and for files that
 * an earlier line already put there, which the layer may leave out.
 * @see containerd's continuity fs.DiskUsage; observed with Docker 28.5 on ext4
 */
export function diskOfCopy(build: Build, instruction: Instruction, placements: readonly Placement[]): SizeRange {
  const count = placements.reduce((sum, placement) => sum + placement.count, 0);
  if (count > maxListed || placements.some(({ at }) => !at.startsWith("/"))) return diskOfMany(placements, count);
  const placed = placedFiles(placements);
  const before = earlierFiles(build, instruction);
  const changed = new Map([...placed].filter(([path, file]) => !isSame(file, before.get(path))));
  const likely = diskOf(changed);
  const all = diskOf(placed);
  return {
    low: likely.files,
    likely: likely.files + likely.folders,
    high: all.files + 2 * all.folders,
  };
}

/**
 * The disk space of a layer that the file commands of a RUN wrote; undefined if its paths are too many to list. Exact
 * on ext4 except for folders, which may take another block each, and for files that a command wrote as they were.
 */
export function diskOfRun(effects: RunEffects): SizeRange | undefined {
  const written = effects.written();
  if (!written) return undefined;
  const all = diskOf(written.all);
  return { low: diskOf(written.changed).files, likely: all.files + all.folders, high: all.files + 2 * all.folders };
}

/** The disk space of a layer of nested empty folders. */
export function diskOfFolders(path: string): SizeRange {
  const { folders } = diskOf(new Map([[path, { kind: "directory", bytes: 0 }]]));
  return { low: 0, likely: folders, high: 2 * folders };
}

/** For instructions that write nothing and create no layer. */
export const noDisk: SizeRange = { low: 0, likely: 0, high: 0 };

const blockBytes = 4096;
/** Beyond this number files are counted but not listed, which would be too slow while typing. */
const maxListed = 5000;
/** ext4 keeps the target of a link in its inode up to this length. */
const maxInlineTarget = 59;

/**
 * The disk space of many files. Each file has at most one block, and a folder at most one, above what its content
 * fills.
 */
function diskOfMany(placements: readonly Placement[], count: number): SizeRange {
  const bytes = placements.reduce((sum, placement) => sum + placement.bytes, 0);
  return {
    low: bytes,
    likely: bytes + count * (blockBytes / 2),
    high: bytes + (count + 1) * blockBytes * 3,
  };
}

function diskOf(files: ReadonlyMap<string, ImageFile>): { readonly files: number; readonly folders: number } {
  const seen = new Set<object>();
  const folders = new Map<string, number>([["", 0]]);
  let fileBytes = 0;
  for (const [path, file] of files) {
    if (file.kind === "directory") addFolder(folders, path);
    addFolder(folders, path.slice(0, Math.max(0, path.lastIndexOf("/"))));
    if (file.inode && seen.has(file.inode)) continue;
    if (file.inode) seen.add(file.inode);
    fileBytes += blocksOf(file.kind === "symlink" ? linkBytes(file) : file.bytes);
    const parent = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    folders.set(parent, (folders.get(parent) ?? 0) + entryBytes(path));
  }
  return { files: fileBytes, folders: [...folders.values()].reduce((sum, bytes) => sum + folderBytes(bytes), 0) };
}

function addFolder(folders: Map<string, number>, path: string): void {
  const clean = path.replace(/\/+$/, "");
  for (let next = clean; next !== "" && !folders.has(next); next = next.slice(0, next.lastIndexOf("/")))
    folders.set(next, 0);
}

function blocksOf(bytes: number): number {
  return Math.ceil(bytes / blockBytes) * blockBytes;
}

function linkBytes({ linkTarget = "" }: ImageFile): number {
  return linkTarget.length > maxInlineTarget ? linkTarget.length : 0;
}

/** The size of an entry of an ext4 folder: 8 bytes and the name, rounded up to 4. */
function entryBytes(path: string): number {
  return 12 + Math.ceil((path.length - path.lastIndexOf("/")) / 4) * 4;
}

/** The size of a folder: one block, or several that are about three quarters full. */
function folderBytes(entries: number): number {
  return entries <= blockBytes ? blockBytes : blocksOf(entries / 0.75);
}

function isSame(file: ImageFile, before: ImageFile | undefined): boolean {
  return before !== undefined && before.kind === file.kind && before.bytes === file.bytes;
}

/** The files that the lines above have copied to the image, in the stage and those below it. */
function earlierFiles(build: Build, instruction: Instruction): ReadonlyMap<string, ImageFile> {
  const files = new Map<string, ImageFile>();
  const chain = build.stageChain(build.file.stages[instruction.stageIndex]).toReversed();
  for (const earlier of chain.flatMap(({ instructions }) => instructions)) {
    if (earlier.span.start >= instruction.span.start) break;
    if (!build.copy(earlier)) continue;
    const copied = build.files().copied(earlier);
    if ("unknown" in copied || copied.placements.some(({ count }) => count > maxListed)) continue;
    for (const [path, file] of placedFiles(copied.placements)) files.set(path, file);
  }
  return files;
}
