import { createHash } from "node:crypto";
import type { LayerContent, LayerEntry } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import type { TreeNode } from "../core/layerTree.ts";
import { resolvePath } from "./resolvePath.ts";
import { stack } from "../core/stack.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";
import { readLayersUpTo } from "./readUpTo.ts";

export interface FileRequest<Source> {
  readonly source: Source;
  readonly image: Image;
  /** Of the file system that so many of the lowest layers make; of all where absent. */
  readonly layerCount?: number;
  /** Symlinks are followed inside the image. */
  readonly path: string;
  readonly maxBytes: number;
}

/** The content of a file of an image's file system, checked against the hash that was computed when its layer was read. */
export async function readImageFile(
  { source, image, layerCount, path, maxBytes }: FileRequest<LayerReader & FileReader>,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<Buffer>> {
  const read = await readLayersUpTo(source, { image, count: layerCount, onProgress }, signal);
  if (!read.ok) return read;
  const { contents } = read.value;
  const node = fileAt(stack(contents).root, path);
  if (!node.ok) return node;
  const place = placeOf(node.value, contents);
  const diffId = image.layers[place?.layerIndex ?? -1]?.diffId;
  if (!place || diffId === undefined)
    return failure({ kind: "unsupported", what: path, message: "which layer has its content can't be told" });
  const content = await source.file(image, { diffId, path: place.entry.path, maxBytes }, signal);
  if (!content.ok) return content;
  const { sha256 } = place.entry;
  if (sha256 !== undefined && createHash("sha256").update(content.value).digest("hex") !== sha256)
    return failure({ kind: "digestMismatch", what: path, message: "its content is not what it was before" });
  return content;
}

type FileNode = TreeNode & { readonly entry: LayerEntry };

function fileAt(root: TreeNode, path: string): Result<FileNode> {
  const found = resolvePath(root, path);
  if (found.kind !== "found") {
    const isLink = found.kind === "missing" && found.path !== path.replace(/^\/+/, "");
    const message =
      found.kind === "loop"
        ? "it leads through links that go round in circles"
        : `the image's file system has no /${found.path}${isLink ? `, where ${path} leads` : ""}`;
    return failure({ kind: "notFound", what: path, message });
  }
  const { node } = found;
  const shown = node.linked ?? node.entry;
  return node.entry && shown?.kind === "file" ? success({ ...node, entry: node.entry }) : failure(noFile(path, shown));
}

function noFile(path: string, shown: LayerEntry | undefined): OciError {
  const kind = shown?.kind ?? "directory";
  return {
    kind: "unsupported",
    what: path,
    message: `it is a ${kind === "hardlink" ? "broken hard link" : kind}, not a file`,
  };
}

/** The layer and the entry that carry the bytes: of a hard link its file's, which may stand in a layer below, and be gone from the file system itself. */
function placeOf(
  { entry, linked, layerIndex = 0 }: FileNode,
  contents: readonly LayerContent[],
): { readonly layerIndex: number; readonly entry: LayerEntry } | undefined {
  const wanted = linked ?? entry;
  for (let index = layerIndex; index >= 0; index--) {
    const carrier = contents[index]?.entries.find((candidate) => candidate === wanted || hasBytesOf(candidate, wanted));
    if (carrier) return { layerIndex: index, entry: carrier };
  }
  return undefined;
}

function hasBytesOf({ kind, sha256, size }: LayerEntry, wanted: LayerEntry): boolean {
  return kind === "file" && sha256 !== undefined && sha256 === wanted.sha256 && size === wanted.size;
}
