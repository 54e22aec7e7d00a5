import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import type { FileSink } from "../../core/entry.ts";
import { draftSuffix } from "../../files/replaceFile.ts";

/** Files being written to a hidden folder. They are moved into place once all are complete. */
export interface DraftFolder {
  /**
   * Creates a folder. Paths are relative, with `/`. This and the methods below return a reason for a failure that
   * needn't stop the extraction: a name that this disk can't store.
   */
  makeFolder(path: string): string | undefined;
  openFile(path: string, options: { readonly mode: number; readonly mtimeMs: number }): OpenedFile | string;
  /** Removes one of its files, so that another can be written there. */
  removeFile(path: string): void;
  /** Creates another name of a file, or a copy if the disk doesn't support hard links. */
  link(path: string, existing: string): string | undefined;
  symlink(path: string, target: string): string | undefined;
  /** Sets the permissions and time of a folder, after its content is complete. */
  finishFolder(path: string, options: { readonly mode: number; readonly mtimeMs: number }): void;
  /**
   * Moves the top-level items into the target folder. If some names already exist there, returns them and moves
   * nothing.
   */
  moveIntoPlace(): readonly string[];
  remove(): void;
}

export interface OpenedFile extends FileSink {
  /** The written content; undefined until the end. */
  written(): { readonly sha256: string; readonly bytes: number } | undefined;
}

/**
 * Writes below a new folder in `folder`, which is created if necessary. Writing never follows a link: each file is new,
 * and symlinks come last.
 */
export function createDraftFolder(folder: string): DraftFolder {
  fs.mkdirSync(folder, { recursive: true });
  const target = fs.realpathSync(folder);
  const draft = join(target, `.${randomUUID()}${draftSuffix}`);
  fs.mkdirSync(draft, { mode: 0o700 });
  const at = (path: string): string => join(draft, ...path.split("/"));
  return {
    makeFolder: (path) => tolerant(() => fs.mkdirSync(at(path), { mode: 0o700 })),
    openFile: (path, options) => {
      let file: number | undefined;
      const problem = tolerant(() => (file = fs.openSync(at(path), "wx", fileMode(options.mode))));
      return problem ?? sinkOf(file ?? -1, options.mtimeMs);
    },
    removeFile: (path) => fs.rmSync(at(path)),
    link: (path, existing) => {
      try {
        fs.linkSync(at(existing), at(path));
        return undefined;
      } catch {
        return tolerant(() => fs.copyFileSync(at(existing), at(path), fs.constants.COPYFILE_EXCL));
      }
    },
    symlink: (path, to) => tolerant(() => fs.symlinkSync(to, at(path))),
    finishFolder: (path, { mode, mtimeMs }) => {
      fs.chmodSync(at(path), folderMode(mode));
      fs.utimesSync(at(path), mtimeMs / 1000, mtimeMs / 1000);
    },
    moveIntoPlace: () => moveAll(draft, target),
    remove: () => fs.rmSync(draft, { recursive: true, force: true }),
  };
}

/**
 * The permissions of a file. The owner's are kept, so that it can be read and removed. Setuid, setgid and sticky bits
 * and others' write permission are dropped.
 */
function fileMode(mode: number): number {
  return (mode & 0o755) | 0o600;
}

function folderMode(mode: number): number {
  return (mode & 0o755) | 0o700;
}

function sinkOf(file: number, mtimeMs: number): OpenedFile {
  const hash = createHash("sha256");
  let bytes = 0;
  let sha256: string | undefined;
  return {
    write: (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = 0; at < chunk.length;) at += fs.writeSync(file, chunk, at);
    },
    end: () => {
      fs.futimesSync(file, mtimeMs / 1000, mtimeMs / 1000);
      fs.closeSync(file);
      sha256 = hash.digest("hex");
    },
    written: () => (sha256 === undefined ? undefined : { sha256, bytes }),
  };
}

function moveAll(draft: string, target: string): readonly string[] {
  const names = fs.readdirSync(draft);
  const taken = names.filter((name) => fs.lstatSync(join(target, name), { throwIfNoEntry: false }) !== undefined);
  if (taken.length > 0) return taken;
  for (const name of names) fs.renameSync(join(draft, name), join(target, name));
  return [];
}

/** Returns a description of a failure for a name that the disk can't store; rethrows anything else. */
function tolerant(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    const reason = reasons.get(error instanceof Error && "code" in error ? String(error.code) : "");
    if (reason === undefined) throw error;
    return reason;
  }
}

const reasons: ReadonlyMap<string, string> = new Map([
  ["EEXIST", "on this disk its name is the same as another file's"],
  ["ENAMETOOLONG", "its path is too long for this disk"],
  ["EILSEQ", "this disk doesn't allow its name"],
  ["EINVAL", "this disk doesn't allow its name"],
  ["EPERM", "this system doesn't allow you to create it"],
]);
