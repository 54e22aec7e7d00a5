import { createHash } from "node:crypto";
import type { LayerEntry, TakeFile } from "../core/entry.ts";
import { failure, success, type Result } from "../core/error.ts";
import { walkTree, type TreeNode } from "../core/layerTree.ts";
import type { FileReader, ImageFiles, LayerReader, Progress, WantedImageFiles } from "../source/source.ts";
import { carrierOf, type FileSystem, type FileSystemRequest, type FileSystems } from "./fileSystem.ts";
import { listPaths } from "./listPaths.ts";
import { resolvePath } from "./resolvePath.ts";

export type FilesRequest<Source> = FileSystemRequest<Source> & WantedImageFiles;

/** Reads several files of an image's file system, each layer in a single pass. Symlinks are followed. */
export async function readImageFiles(
  { fileSystems, ...request }: FilesRequest<LayerReader & FileReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<ImageFiles>> {
  const { image, paths, sizesBelow, maxBytes, maxListed } = request;
  const read = await fileSystems.read(request, onProgress, signal);
  if (!read.ok) return read;
  const { root, problems } = read.value;
  const [problem] = problems.values();
  if (problem) return failure(problem);
  const wanted = wantedFiles(root, paths);
  const total = wanted.reduce((sum, { node }) => sum + sizeOf(node), 0);
  if (total > maxBytes)
    return failure({ kind: "tooLarge", what: image.reference, message: `the files to read have ${total} bytes` });
  const found = await readWanted(request, { wanted, fileSystem: read.value }, signal);
  if (!found.ok) return found;
  const files = { contents: found.value, sizes: sizesIn(root, sizesBelow) };
  if (maxListed === undefined) return success(files);
  const listing = listPaths(root, maxListed);
  return listing
    ? success({ ...files, listing })
    : failure({ kind: "tooLarge", what: image.reference, message: `it has more than ${maxListed} files` });
}

interface NamedNode {
  /** The path as requested. */
  readonly path: string;
  readonly node: TreeNode;
}

function wantedFiles(root: TreeNode, paths: readonly string[]): readonly NamedNode[] {
  return paths.flatMap((path) => (path.endsWith("/") ? filesBelow(root, path) : filesAt(root, path)));
}

function filesAt(root: TreeNode, path: string): readonly NamedNode[] {
  const found = resolvePath(root, path);
  return found.kind === "found" && isFile(found.node) ? [{ path, node: found.node }] : [];
}

/** The files in a folder. Symlinks to files count as files, as for a program that opens them. */
function filesBelow(root: TreeNode, folder: string): readonly NamedNode[] {
  const found = resolvePath(root, folder);
  if (found.kind !== "found") return [];
  const start = found.node.path === "" ? 0 : found.node.path.length + 1;
  return [...walkTree(found.node)].flatMap((node) => filesAt(root, folder + node.path.slice(start)));
}

function isFile({ entry, linked }: TreeNode): boolean {
  return (linked ?? entry)?.kind === "file";
}

function sizeOf({ entry, linked }: TreeNode): number {
  return (linked ?? entry)?.size ?? 0;
}

function sizesIn(root: TreeNode, folders: readonly string[]): ReadonlyMap<string, number> {
  const sizes = folders.flatMap((folder) =>
    filesBelow(root, folder).map(({ path, node }) => [path, sizeOf(node)] as const),
  );
  return new Map(sizes);
}

interface Found {
  readonly wanted: readonly NamedNode[];
  readonly fileSystem: FileSystem;
}

/** A wanted file with the entry that holds its bytes. */
interface Carried extends NamedNode {
  readonly entry: LayerEntry;
}

async function readWanted(
  { source, image }: FilesRequest<FileReader>,
  { wanted, fileSystem }: Found,
  signal: AbortSignal,
): Promise<Result<ReadonlyMap<string, Uint8Array>>> {
  const files = new Map<string, Uint8Array>();
  for (const [layerIndex, carried] of byLayer(wanted, fileSystem)) {
    const diffId = image.layers[layerIndex]?.diffId;
    if (diffId === undefined) continue;
    const taken = collect(new Map(carried.map(({ entry }) => [entry.path, entry.size])));
    const read = await source.files(image, { diffId, take: taken.take }, signal);
    if (!read.ok) return read;
    for (const { path, entry } of carried) {
      const bytes = taken.contentOf(entry.path);
      if (!bytes || !isContentOf(entry, bytes))
        return failure({ kind: "digestMismatch", what: path, message: "its content has changed since it was listed" });
      files.set(path, bytes);
    }
  }
  return success(files);
}

/** Collects the content of files of the expected size; of several at one path, the last. */
function collect(sizes: ReadonlyMap<string, number>): {
  readonly take: TakeFile;
  contentOf(path: string): Buffer | undefined;
} {
  const taken = new Map<string, Buffer[]>();
  return {
    take: ({ path, size }) => {
      if (sizes.get(path) !== size) return success(undefined);
      const chunks: Buffer[] = [];
      taken.set(path, chunks);
      // The reader's own buffers may be reused.
      const end = (problem?: string): void => void (problem !== undefined && taken.delete(path));
      return success({ write: (chunk) => void chunks.push(Buffer.from(chunk)), end });
    },
    contentOf: (path) => {
      const chunks = taken.get(path);
      return chunks && Buffer.concat(chunks);
    },
  };
}

function byLayer(wanted: readonly NamedNode[], { contents }: FileSystem): ReadonlyMap<number, readonly Carried[]> {
  const layers = new Map<number, Carried[]>();
  for (const { path, node } of wanted) {
    const carrier = carrierOf(node, contents);
    if (!carrier) continue;
    const carried = layers.get(carrier.layerIndex) ?? [];
    carried.push({ path, node, entry: carrier.entry });
    layers.set(carrier.layerIndex, carried);
  }
  return layers;
}

function isContentOf({ sha256 }: LayerEntry, bytes: Uint8Array): boolean {
  return sha256 === undefined || createHash("sha256").update(bytes).digest("hex") === sha256;
}
