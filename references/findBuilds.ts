import { readdir } from "node:fs/promises";
import { dirname, join, relative, resolve, sep } from "node:path";
import { readBounded } from "../oci/files/readBounded.ts";
import { remembered } from "../oci/source/remembered.ts";
import type { BuildDefinition, BuildFile, BuildInput } from "./builds/definition.ts";
import { readBuildFile } from "./builds/buildFile.ts";
import type { FoundBuild } from "./builds/overrides.ts";
import type { HclReader } from "./in/bake/bakeFile.ts";
import { fileKinds } from "./in/fileKinds.ts";
import { lineNumbersIn } from "../dockerfile/syntax/lineNumber.ts";

/**
 * Finds the builds of a Dockerfile, or those of the Dockerfiles inside another file, given by absolute path. Reads each
 * folder and file once.
 */
export type FindBuilds = (path: string) => Promise<readonly FoundBuild[]>;

export interface BuildSearch {
  /** Folders above which nothing is read; a folder with `.git` also ends the search. */
  readonly roots: readonly string[];
  /** Files to read in addition to those in the folders of a Dockerfile and above it. */
  readonly files: readonly string[];
  readonly loadHcl: () => Promise<HclReader>;
}

// Compose files of several thousand lines are smaller.
const maxFileBytes = 512 * 1024;
// Far more than people keep in a folder; of a folder with thousands, not all are read.
const maxFilesInFolder = 50;
const maxLevels = 20;

/** Searches the Dockerfile's folder and those above it, up to the root of the project. */
export function createFindBuilds({ roots, files, loadHcl }: BuildSearch): FindBuilds {
  const folders = new Map<string, Promise<Folder>>();
  const read = new Map<string, Promise<readonly PlacedBuild[]>>();
  const folder = (path: string) => remembered(folders, path, () => listFolder(path));
  const builds = (path: string) => remembered(read, path, () => buildsIn(path, loadHcl));
  return async (dockerfile) => {
    const above = await projectFolders(dirname(dockerfile), roots, folder);
    const paths = new Set([...above.flatMap((one) => one.files), ...files]);
    const found = await Promise.all([...paths].map(builds));
    return found
      .flat()
      .filter((build) => build.dockerfile === dockerfile)
      .map((build) => ({ ...build, file: shownPath(build.path, dirname(dockerfile)) }));
  };
}

interface Folder {
  readonly isRoot: boolean;
  /** Absolute paths of the files that may define builds. */
  readonly files: readonly string[];
}

interface PlacedBuild extends Omit<FoundBuild, "file"> {
  readonly path: string;
  /** Absolute. */
  readonly dockerfile: string;
}

/** The folders from the given one up to the root of its project; only the given one if no root is found. */
async function projectFolders(
  start: string,
  roots: readonly string[],
  list: (path: string) => Promise<Folder>,
): Promise<readonly Folder[]> {
  const found: Folder[] = [];
  for (let path = start; found.length < maxLevels; path = dirname(path)) {
    const folder = await list(path);
    found.push(folder);
    if (folder.isRoot || roots.includes(path)) return found;
    if (path === dirname(path)) break;
  }
  return found.slice(0, 1);
}

async function listFolder(path: string): Promise<Folder> {
  const names = await namesIn(path);
  const inside = async (...parts: readonly string[]): Promise<readonly string[]> => {
    if (!names.includes(parts[0] ?? "")) return [];
    const folder = join(path, ...parts);
    return (await namesIn(folder)).map((name) => join(folder, name));
  };
  const candidates = [
    ...names.map((name) => join(path, name)),
    ...(await inside(".devcontainer")),
    ...(await inside(".github", "workflows")),
  ];
  return { isRoot: names.includes(".git"), files: candidates.filter(definesBuilds).slice(0, maxFilesInFolder) };
}

/** The names in a folder; empty if it can't be read. */
async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((): readonly string[] => []);
}

function kindOf(path: string) {
  const written = path.replaceAll(sep, "/");
  return fileKinds.find((kind) => kind.name !== "dockerfile" && kind.isNamed(written));
}

/** True if a path names a file that may build Dockerfiles. */
export function definesBuilds(path: string): boolean {
  return kindOf(path) !== undefined;
}

async function buildsIn(path: string, loadHcl: () => Promise<HclReader>): Promise<readonly PlacedBuild[]> {
  const kind = kindOf(path);
  const content = kind && (await readBounded(path, { maxBytes: maxFileBytes }));
  // A file that can't be read is skipped here; if it is named, the reason is reported.
  if (content?.state !== "read") return [];
  const text = content.bytes.toString("utf8");
  const file = await readBuildFile(kind?.name ?? "dockerfile", text, loadHcl);
  const base = folderOfPaths(path, file);
  const lineOf = lineNumbersIn(text);
  const inLines = (inputs: readonly BuildInput[]) =>
    inputs.map(({ name, value, text, offset }) => {
      // A default in a variable is a value too, unless the environment replaces it.
      const known = value ?? text?.text;
      return { name, line: lineOf(offset), ...(known !== undefined && { value: known }) };
    });
  const placed = ({ what, args, contexts }: Pick<BuildDefinition, "what" | "args" | "contexts">) => ({
    ...{ path, what, args: inLines(args), contexts: inLines(contexts) },
  });
  return [
    ...file.builds.map((build) => ({ ...placed(build), dockerfile: resolve(base, build.dockerfile) })),
    ...file.inlineBuilds.map((build) => {
      const { start, end } = build.dockerfile;
      return { ...placed(build), dockerfile: path, within: { start, end } };
    }),
  ];
}

/** The folder to which paths of a build file are relative: a workflow is in `.github/workflows` of its repository. */
export function folderOfPaths(path: string, { base }: BuildFile): string {
  return base === "repository" ? dirname(dirname(dirname(path))) : dirname(path);
}

function shownPath(path: string, folder: string): string {
  return relative(folder, path).replaceAll(sep, "/");
}
