import { stat } from "node:fs/promises";
import { dirname, isAbsolute, join } from "node:path";
import { readBounded } from "../../../oci/files/readBounded.ts";
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
): Promise<LintConfigFileFact> {
  const above = folder === undefined ? [] : await foldersUp(folder, topFolder);
  const { workingDirectory } = surroundings;
  const folders = [...new Set([...above, ...(workingDirectory === undefined ? [] : [workingDirectory])])];
  const within = surroundings.keepsInside ? above.at(-1) : undefined;
  const paths = folders.flatMap((it) => withEndings(join(it, ".hadolint")));
  for (const path of paths) {
    const found = await readConfigFile(path, within);
    if (found.kind !== "none") return found;
  }
  for (const path of usersOwn(surroundings)) {
    const found = await readConfigFile(path);
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

async function foldersUp(folder: string, topFolder: string | undefined): Promise<string[]> {
  const top = topFolder !== undefined && isInside(topFolder, folder) ? topFolder : undefined;
  const folders: string[] = [];
  for (let current = folder; ; current = dirname(current)) {
    folders.push(current);
    const isTop = top === undefined ? await hasGit(current) : current === top;
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
