// Archives on disk for one test file, deleted at its end.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";
import { openArchive, type Archive, type ArchiveOptions } from "../../../oci/archive/archive.ts";
import type { ArchiveFiles } from "./archiveFiles.ts";
import { tarOf } from "./tarBytes.ts";

export interface ArchiveFolder {
  readonly folder: string;
  /** Writes a file and returns its path. */
  save(bytes: Buffer): string;
  /** Writes a folder of files, `-> x` as symlinks. */
  saveFolder(files: ArchiveFiles): string;
  opened(path: string, options?: ArchiveOptions): Promise<Archive>;
  /** Opens a tar of the files. */
  openFiles(files: ArchiveFiles): Promise<Archive>;
  /** Closes the archive at the end. */
  keep(archive: Archive): Archive;
}

export function archiveFolder(): ArchiveFolder {
  const folder = mkdtempSync(join(tmpdir(), "imagewright-archive-test-"));
  const archives: Archive[] = [];
  let count = 0;
  after(async () => {
    for (const archive of archives) await archive.close();
    rmSync(folder, { recursive: true });
  });
  const keep = (archive: Archive): Archive => {
    archives.push(archive);
    return archive;
  };
  const save = (bytes: Buffer): string => {
    const path = join(folder, `archive-${count++}`);
    writeFileSync(path, bytes);
    return path;
  };
  const opened = async (path: string, options: ArchiveOptions = {}): Promise<Archive> => {
    const archive = await openArchive(path, options, new AbortController().signal);
    assert.ok(archive.ok, archive.ok ? "" : `${archive.error.kind}: ${archive.error.message}`);
    return keep(archive.value);
  };
  const saveFolder = (files: ArchiveFiles): string => {
    const root = join(folder, `layout-${count++}`);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      if (typeof content === "string" && content.startsWith("-> ")) symlinkSync(content.slice(3), join(root, path));
      else writeFileSync(join(root, path), content);
    }
    return root;
  };
  return { folder, save, saveFolder, opened, openFiles: (files) => opened(save(tarOf(files))), keep };
}
