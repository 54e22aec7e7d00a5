import { createHash } from "node:crypto";
import type { LayerEntry } from "../core/entry.ts";
import { failure, type OciError, type Result } from "../core/error.ts";
import type { TreeNode } from "../core/layerTree.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";
import { carrierOf, nodeAt, type FileSystemRequest, type FileSystems } from "./fileSystem.ts";

export interface FileRequest<Source> extends FileSystemRequest<Source> {
  /** Symlinks are followed inside the image. */
  readonly path: string;
  readonly maxBytes: number;
}

/** Reads a file of an image's file system and checks it against the hash computed when its layer was read. */
export async function readImageFile(
  { fileSystems, ...request }: FileRequest<LayerReader & FileReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<Buffer>> {
  const { source, image, path, maxBytes } = request;
  const found = await fileSystems.read(request, onProgress, signal);
  if (!found.ok) return found;
  const node = fileAt(found.value.root, path);
  if (!node.ok) return node;
  const carrier = carrierOf(node.value, found.value.contents);
  const diffId = image.layers[carrier?.layerIndex ?? -1]?.diffId;
  if (!carrier || diffId === undefined)
    return failure({ kind: "unsupported", what: path, message: "the layer that has its content is unknown" });
  const content = await source.file(image, { diffId, path: carrier.entry.path, maxBytes }, signal);
  if (!content.ok) return content;
  const { sha256 } = carrier.entry;
  if (sha256 !== undefined && createHash("sha256").update(content.value).digest("hex") !== sha256)
    return failure({ kind: "digestMismatch", what: path, message: "its content has changed since it was listed" });
  return content;
}

function fileAt(root: TreeNode, path: string): Result<TreeNode> {
  const found = nodeAt(root, path);
  if (!found.ok) return found;
  const shown = found.value.linked ?? found.value.entry;
  return shown?.kind === "file" ? found : failure(noFile(path, shown));
}

function noFile(path: string, shown: LayerEntry | undefined): OciError {
  const kind = shown?.kind ?? "directory";
  return {
    kind: "unsupported",
    what: path,
    message: `it is a ${kind === "hardlink" ? "broken hard link" : kind}, not a file`,
  };
}
