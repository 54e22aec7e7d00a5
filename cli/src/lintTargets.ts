import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve, sep } from "node:path";
import { isDockerfileName } from "../../dockerfile/lint/subject/fileNames.ts";
import { compileGlob } from "../../dockerfile/patterns/glob.ts";
import { diskProblem } from "../../oci/files/diskProblem.ts";
import { CommandError } from "./command.ts";

/** A file to lint. */
export interface LintTarget {
  readonly path: string;
  /** "folder": the file wasn't named but found in a folder. */
  readonly by: "name" | "folder";
  /** Why the path can't be looked into; present for a folder that can't be listed. */
  readonly problem?: string;
}

/**
 * The files that operands stand for, each once, in operand order: files as they are, folders as the files of
 * `isOfFolder` in them (Dockerfiles and ignore files), patterns as their matches. `-` is kept.
 */
export async function lintTargets(
  operands: readonly string[],
  isOfFolder: IsOfFolder = (path) => isDockerfileName(basename(path)),
): Promise<readonly LintTarget[]> {
  const targets = new Map<string, LintTarget>();
  for (const operand of operands) {
    for (const target of await targetsOf(operand, isOfFolder)) {
      const key = target.path === "-" ? target.path : resolve(target.path);
      const known = targets.get(key);
      targets.set(key, { ...target, path: known?.path ?? target.path, by: known?.by === "name" ? "name" : target.by });
    }
  }
  return [...targets.values()];
}

/** True if a file, given by its whole path with `/`, is included when its folder is. */
type IsOfFolder = (path: string) => boolean;

async function targetsOf(operand: string, isOfFolder: IsOfFolder): Promise<readonly LintTarget[]> {
  const found = operand === "-" ? undefined : await stat(operand).catch(() => undefined);
  if (found?.isDirectory()) return filesIn(operand, isOfFolder);
  // A file may have a bracket in its name.
  const isPattern = operand !== "-" && !found && /[*?[]/.test(operand);
  return isPattern ? matchesOf(operand) : [{ path: operand, by: "name" }];
}

async function filesIn(folder: string, isOfFolder: IsOfFolder): Promise<readonly LintTarget[]> {
  const root = resolve(folder).replaceAll(sep, "/");
  const files = await targetsBelow(folder, "folder", (path) => isOfFolder(`${root}/${path}`));
  if (files.length === 0)
    throw new CommandError(`no Dockerfile found in ${folder}; name a file, or a pattern such as "**/*.docker"`);
  return files;
}

/**
 * Expands `a/b*`, `**` for any folders in between, and classes in brackets. The shell leaves a quoted pattern to us.
 */
async function matchesOf(pattern: string): Promise<readonly LintTarget[]> {
  const parts = pattern.split(sep === "/" ? "/" : /[\\/]/);
  const firstPattern = parts.findIndex((part) => /[*?[]/.test(part));
  const folder = parts.slice(0, firstPattern).join("/");
  const glob = compileGlob(parts.slice(firstPattern).join("/"));
  if (!glob) throw new CommandError(`${pattern} is not a valid pattern: a bracket is not closed`);
  const base = folder === "" ? (pattern.startsWith("/") ? "/" : ".") : folder;
  const files = await targetsBelow(base, "name", (path) => glob.matches(path));
  if (files.length === 0) throw new CommandError(`no file matches ${pattern}`);
  return files;
}

/** Folders of downloaded rather than authored files. */
const passedOver: ReadonlySet<string> = new Set(["node_modules", ".git"]);

// More than any repository has; walking a whole disk is a mistake.
const maxEntries = 1_000_000;

/**
 * The wanted files below the folder, in path order, and the folders that can't be listed. `isWanted` gets the path
 * below the folder. Links are not followed: they could form a loop.
 */
async function targetsBelow(
  folder: string,
  by: LintTarget["by"],
  isWanted: (path: string) => boolean,
): Promise<readonly LintTarget[]> {
  const found: LintTarget[] = [];
  const folders = [""];
  let entries = 0;
  const add = (path: string, problem?: string): void =>
    void found.push({
      path: folder === "." ? path : join(folder, path),
      by,
      ...(problem !== undefined && { problem }),
    });
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const inFolder = await entriesOf(join(folder, next));
    if (typeof inFolder === "string") {
      add(next, inFolder);
      continue;
    }
    entries += inFolder.length;
    if (entries > maxEntries)
      throw new CommandError(`${folder} has more than ${maxEntries} files; name a folder in it`);
    for (const entry of inFolder) {
      const path = `${next}${entry.name}`;
      if (entry.isDirectory() && !passedOver.has(entry.name)) folders.push(`${path}/`);
      else if (entry.isFile() && isWanted(path)) add(path);
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The entries of a folder, or the reason why it can't be listed. A folder that was just removed has none. */
async function entriesOf(folder: string): Promise<readonly Dirent[] | string> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    const reason = diskProblem(error);
    return reason === undefined ? [] : `${folder} could not be read: ${reason}`;
  }
}
