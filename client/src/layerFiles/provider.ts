import { FilePermission, FileSystemError, type FileStat, type FileSystemProvider, FileType, Uri } from "vscode";
import type { EntryKind } from "../../../oci/core/entry.ts";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { BrowsedNode } from "../../../oci/layers/browse.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import { adviceFor } from "../ui/advice.ts";
import { layerPathOf, uriParts, type LayerPath } from "./location.ts";
import type { OpenedSide, SideOpener } from "./openSide.ts";

/** The URI of a path of an image, for any editor. */
export function layerFileUri(path: LayerPath): Uri {
  return Uri.from(uriParts(path));
}

/** A read-only file system of layers: stat, folders and content come from the layer worker. */
export function createLayerFileProvider(
  open: SideOpener,
  { browse, file }: Pick<LayerClient, "browse" | "file">,
): Pick<FileSystemProvider, "stat" | "readDirectory" | "readFile"> {
  const never = new AbortController().signal;
  const find = async (uri: Uri): Promise<{ readonly side: OpenedSide; readonly path: string }> => {
    const wanted = layerPathOf(uri);
    if (!wanted) throw FileSystemError.FileNotFound(uri);
    return { side: valueOf(uri, await open(wanted.side, never)), path: wanted.path };
  };
  const nodeAt = async (uri: Uri): Promise<BrowsedNode> => {
    const { side, path } = await find(uri);
    return valueOf(uri, await browse({ ...side, path }, never));
  };
  return {
    stat: async (uri) => statOf(await nodeAt(uri)),
    readDirectory: async (uri) => {
      const { kind, children } = await nodeAt(uri);
      if (kind !== "directory") throw FileSystemError.FileNotADirectory(uri);
      return children.map(({ name, kind: childKind, isSymlink }) => [name, typeOf(childKind, isSymlink)]);
    },
    readFile: async (uri) => {
      const { side, path } = await find(uri);
      return valueOf(uri, await file({ ...side, path, maxBytes }, () => undefined, never));
    },
  };
}

const maxBytes = 256 * 1024 ** 2; // An editor holds it in memory; VS Code asks before it opens a file this large.

function statOf({ kind, size, mtimeMs }: BrowsedNode): FileStat {
  return { type: typeOf(kind, false), ctime: 0, mtime: mtimeMs, size, permissions: FilePermission.Readonly };
}

function typeOf(kind: EntryKind, isSymlink: boolean): FileType {
  const type = kind === "file" ? FileType.File : kind === "directory" ? FileType.Directory : FileType.Unknown;
  return isSymlink ? type | FileType.SymbolicLink : type;
}

function valueOf<T>(uri: Uri, result: Result<T>): T {
  if (result.ok) return result.value;
  throw problemOf(uri, result.error);
}

function problemOf(uri: Uri, error: OciError): FileSystemError {
  const { title, detail } = adviceFor(error);
  if (error.kind !== "notFound") return FileSystemError.Unavailable(`${title}: ${detail}`);
  // Editors look for many files that don't exist; the text is only for people.
  return FileSystemError.FileNotFound(error.what === "" ? uri : `${title}: ${detail}`);
}
