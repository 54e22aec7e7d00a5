import type { DiffId } from "../core/digest.ts";
import { entryAt } from "../core/columns/content.ts";
import type { LayerContent, LayerEntry } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import type { TreeNode } from "../core/layerTree.ts";
import { stack } from "../core/stack.ts";
import type { LayerReader, Progress } from "../source/source.ts";
import { readLayersUpTo } from "./readUpTo.ts";
import { resolvePath } from "./resolvePath.ts";

/** A file system of an image: the one made by its lowest `layerCount` layers. */
export interface FileSystemRequest<Source> {
  readonly source: Source;
  readonly image: Image;
  /** All layers if absent. */
  readonly layerCount?: number | undefined;
}

/** The file system made by layers, with the data needed to read its files. */
export interface FileSystem {
  readonly root: TreeNode;
  /** Lowest first. */
  readonly contents: readonly LayerContent[];
  /** The errors of layers that couldn't be read, by index. Their changes are missing. */
  readonly problems: ReadonlyMap<number, OciError>;
}

/** Reads file systems and caches the last few: a user who opens a folder usually opens another. */
export interface FileSystems {
  read(
    request: FileSystemRequest<LayerReader>,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<Result<FileSystem>>;
}

const maxKept = 2; // The two sides of a comparison; each may take a hundred megabytes.

export function createFileSystems(): FileSystems {
  const kept = new Map<string, FileSystem>();
  return {
    read: async ({ source, image, layerCount }, onProgress, signal) => {
      const key = image.layers
        .slice(0, layerCount)
        .map(({ diffId }) => diffId)
        .join(" ");
      const known = kept.get(key);
      if (known && (layerCount ?? 0) <= image.layers.length) return success(known);
      const read = await readLayersUpTo(source, { image, count: layerCount, onProgress }, signal);
      if (!read.ok) return read;
      const { contents, problems } = read.value;
      const found: FileSystem = { root: stack(contents).root, contents, problems };
      // A layer that couldn't be read may be readable the next time.
      if (problems.size === 0) kept.set(key, found);
      for (const oldest of [...kept.keys()].slice(0, -maxKept)) kept.delete(oldest);
      return success(found);
    },
  };
}

/** The node that a path leads to, following symlinks inside the image. */
export function nodeAt(root: TreeNode, path: string): Result<TreeNode> {
  const found = resolvePath(root, path);
  if (found.kind === "found") return success(found.node);
  const isLink = found.kind === "missing" && found.path !== path.replace(/^\/+/, "");
  const message =
    found.kind === "loop"
      ? "it leads through circular links"
      : `the image's file system has no /${found.path}${isLink ? `, where ${path} leads` : ""}`;
  return failure({ kind: "notFound", what: path, message });
}

/** The layer and the entry that hold a file's bytes. */
export interface Carrier {
  readonly layerIndex: number;
  readonly entry: LayerEntry;
}

/**
 * The carrier of a file. For a hard link it is the carrier of the linked file, which may be in a lower layer and no
 * longer in the file system itself.
 */
export function carrierOf({ carrier }: TreeNode, contents: readonly LayerContent[]): Carrier | undefined {
  const content = contents[carrier?.layerIndex ?? -1];
  if (!carrier || !content) return undefined;
  const entry = entryAt(content, carrier.row);
  return entry.kind === "file" ? { layerIndex: carrier.layerIndex, entry } : undefined;
}

/** Files grouped by the layer, and its path, that hold their content. */
export interface CarriedFiles<T> {
  readonly layers: ReadonlyMap<DiffId, ReadonlyMap<string, readonly T[]>>;
  /** Files whose content can't be located. */
  readonly lost: readonly T[];
}

/** Groups files by the layer that holds their content, so that each layer is read once. */
export function byCarrier<T extends { readonly node: TreeNode }>(
  files: readonly T[],
  contents: readonly LayerContent[],
  image: Image,
): CarriedFiles<T> {
  const layers = new Map<DiffId, Map<string, T[]>>();
  const lost: T[] = [];
  for (const file of files) {
    const carrier = carrierOf(file.node, contents);
    const diffId = image.layers[carrier?.layerIndex ?? -1]?.diffId;
    if (!carrier || diffId === undefined) {
      lost.push(file);
      continue;
    }
    const layer = layers.get(diffId) ?? new Map<string, T[]>();
    layers.set(diffId, layer);
    const same = layer.get(carrier.entry.path);
    if (same) same.push(file);
    else layer.set(carrier.entry.path, [file]);
  }
  return { layers, lost };
}
