import { EventEmitter, FileSystemError, type FileSystemProvider } from "vscode";
import { l10n } from "../ui/l10n.ts";

/** A read-only file system that never changes. Its reader is loaded with the first file. */
export function lazyFileSystem(
  load: () => Promise<Pick<FileSystemProvider, "stat" | "readDirectory" | "readFile">>,
): FileSystemProvider {
  const refuse = (): never => {
    throw FileSystemError.NoPermissions(l10n.t("Layers of images can't be changed"));
  };
  return {
    onDidChangeFile: new EventEmitter<never>().event,
    watch: () => ({ dispose: () => undefined }),
    stat: async (uri) => (await load()).stat(uri),
    readDirectory: async (uri) => (await load()).readDirectory(uri),
    readFile: async (uri) => (await load()).readFile(uri),
    createDirectory: refuse,
    writeFile: refuse,
    delete: refuse,
    rename: refuse,
  };
}
