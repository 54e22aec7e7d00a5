import { chmod, link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The content of a path: a file's content, a link, or a second name of a file. */
export type Entry = string | Buffer | { readonly link: string } | { readonly sameAs: string };

export interface ContextFolder {
  readonly path: string;
  write(entries: Readonly<Record<string, Entry>>): Promise<void>;
  /** Removes all permissions from a path. */
  lock(path: string): Promise<void>;
  remove(): Promise<void>;
}

/** A folder on disk with these files. */
export async function contextFolder(entries: Readonly<Record<string, Entry>>): Promise<ContextFolder> {
  const path = await mkdtemp(join(tmpdir(), "context-"));
  const locked: string[] = [];
  const folder: ContextFolder = {
    path,
    async write(more) {
      for (const [name, entry] of Object.entries(more)) await place(path, name, entry);
    },
    async lock(name) {
      locked.push(join(path, name));
      // The others stay readable, for any user.
      await chmod(path, 0o755);
      await chmod(join(path, name), 0);
    },
    async remove() {
      for (const each of locked) await chmod(each, 0o700);
      await rm(path, { recursive: true });
    },
  };
  await folder.write(entries);
  return folder;
}

async function place(folder: string, name: string, entry: Entry): Promise<void> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  if (typeof entry === "string" || Buffer.isBuffer(entry)) await writeFile(path, entry);
  else if ("link" in entry) await symlink(entry.link, path);
  else await link(join(folder, entry.sameAs), path);
}
