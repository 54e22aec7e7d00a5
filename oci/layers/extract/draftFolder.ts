import { createHash, randomUUID } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import type { FileSink } from "../../core/entry.ts";
import { draftSuffix } from "../../files/replaceFile.ts";

/** Files as they are written, out of sight: they take their places once all are there. */
export interface DraftFolder {
  /** Paths are relative, with `/`. Each of these returns why it could not be, where that is no reason to stop: a name that this disk can't have. */
  makeFolder(path: string): string | undefined;
  openFile(path: string, options: { readonly mode: number; readonly mtimeMs: number }): OpenedFile | string;
  /** One of its files, so that another one can be written in its place. */
  removeFile(path: string): void;
  /** Another name of a file, or a copy of it where the disk has no hard links. */
  link(path: string, existing: string): string | undefined;
  symlink(path: string, target: string): string | undefined;
  /** Permissions and time of a folder, once all is in it. */
  finishFolder(path: string, options: { readonly mode: number; readonly mtimeMs: number }): void;
  /** Moves what is at the top into the folder; the names that something else has there already, in which case nothing is moved. */
  moveIntoPlace(): readonly string[];
  remove(): void;
}

export interface OpenedFile extends FileSink {
  /** What was written; undefined until the end. */
  written(): { readonly sha256: string; readonly bytes: number } | undefined;
}

/** Writes below a new folder in `folder`, which is made if it isn't there. Nothing goes through a link: each file is new, and symlinks come last. */
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

/** What its owner may do is kept, so that it can be read and removed; setuid, setgid and sticky bits are not, nor others' right to write. */
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

/** Of a name that the disk can't have, in words; anything else is thrown. */
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
