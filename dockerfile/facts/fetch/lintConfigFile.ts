import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { readBounded } from "../../../oci/files/readBounded.ts";
import { remembered } from "../../../oci/source/remembered.ts";
import { isInside } from "../candidateRoots.ts";
import type { LintConfigFileFact } from "../fact.ts";

/** Locations of a configuration, other than the folders above the Dockerfile. */
export interface ConfigSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homedir: string;
  /** Absolute; searched after the folders of the Dockerfile, as in hadolint. */
  readonly workingDirectory?: string;
  /** True if the workspace isn't trusted: a configuration in it that links to a file outside isn't read. */
  readonly keepsInside?: true;
}

/** The disk as a search for configurations sees it. */
export interface ConfigDisk {
  readonly read: typeof readConfigFile;
  readonly hasGit: typeof hasGit;
}

/** Remembers what it has read, for a short run over many folders: those above them are mostly the same. */
export function rememberConfigDisk(): ConfigDisk {
  const files = new Map<string, Promise<LintConfigFileFact>>();
  const folders = new Map<string, Promise<boolean>>();
  return {
    read: (path, within) => remembered(files, `${path}\0${within ?? ""}`, () => readConfigFile(path, within)),
    hasGit: (folder) => remembered(folders, folder, () => hasGit(folder)),
  };
}

/**
 * Finds the configuration of the Dockerfiles in a folder. Searches for `.hadolint.yaml` or `.hadolint.yml` in the
 * folder and those above, up to `topFolder`, else up to the folder with a `.git`, else up to the root; then in the
 * working directory; then the user's own.
 * @see https://github.com/hadolint/hadolint#configure
 */
export async function findLintConfigFile(
  folder: string | undefined,
  topFolder: string | undefined,
  surroundings: ConfigSurroundings,
  disk: ConfigDisk = { read: readConfigFile, hasGit },
): Promise<LintConfigFileFact> {
  const above = folder === undefined ? [] : await foldersUp(folder, topFolder, disk);
  const { workingDirectory } = surroundings;
  const folders = [...new Set([...above, ...(workingDirectory === undefined ? [] : [workingDirectory])])];
  const within = surroundings.keepsInside ? above.at(-1) : undefined;
  const paths = folders.flatMap((it) => withEndings(join(it, ".hadolint")));
  for (const path of paths) {
    const found = await disk.read(path, within);
    if (found.kind !== "none") return found;
  }
  for (const path of usersOwn(surroundings)) {
    const found = await disk.read(path);
    if (found.kind !== "none") return found;
  }
  return { kind: "none" };
}

/**
 * Reads one file; "none" if it doesn't exist. If `within` is given, the file must be in that folder, even if it is a
 * link.
 */
export async function readConfigFile(path: string, within?: string): Promise<LintConfigFileFact> {
  const file = await readBounded(path, { maxBytes, ...(within !== undefined && { within }) });
  switch (file.state) {
    case "absent":
      return { kind: "none" };
    case "refused":
      return { kind: "unreadable", path, reason: file.reason };
    case "read":
      return { kind: "file", path, text: file.bytes.toString("utf8") };
  }
}

// The longest in use have some hundred lines.
const maxBytes = 1024 * 1024;

async function foldersUp(folder: string, topFolder: string | undefined, disk: ConfigDisk): Promise<string[]> {
  const top = topFolder !== undefined && isInside(topFolder, folder) ? topFolder : undefined;
  const folders: string[] = [];
  for (let current = folder; ; current = dirname(current)) {
    folders.push(current);
    const isTop = top === undefined ? await disk.hasGit(current) : current === top;
    if (isTop || dirname(current) === current) return folders;
  }
}

/** True for a folder, or the file of a worktree. */
function hasGit(folder: string): Promise<boolean> {
  return stat(join(folder, ".git")).then(
    () => true,
    () => false,
  );
}

function usersOwn({ env, homedir }: ConfigSurroundings): string[] {
  const xdg = env["XDG_CONFIG_HOME"];
  const places = [
    join(xdg !== undefined && isAbsolute(xdg) ? xdg : join(homedir, ".config"), "hadolint"),
    join(homedir, ".hadolint", "hadolint"),
    join(homedir, ".hadolint", "config"),
    join(homedir, "hadolint", "config"),
    join(homedir, ".hadolint"),
  ];
  return places.flatMap(withEndings);
}

function withEndings(path: string): string[] {
  return [`${path}.yaml`, `${path}.yml`];
}
