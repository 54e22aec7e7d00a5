import { indexOf, type ContextIndex } from "../context/contextIndex.ts";
import { generatedFolders } from "../context/generatedFolders.ts";
import { secretCandidate } from "../context/secretFiles.ts";
import type { Build } from "../semantics/build.ts";

/** A file to be written. */
export interface NewFile {
  /** The folder it is for, absolute. */
  readonly root: string;
  /** Below it. */
  readonly path: string;
  readonly text: string;
}

// More patterns than anyone reads.
const maxPatterns = 200;

/**
 * An ignore file for a build context that has none: the folders that tools keep or make again and the files that often
 * hold secrets, as far as they are there. What an instruction names is left out. Undefined if nothing is left, and
 * while not all files are known.
 */
export function newIgnoreFile(build: Build): NewFile | undefined {
  const fact = build.facts.get({ kind: "contextFiles" });
  if (fact.state !== "known" || fact.value.isTruncated || fact.value.ignoreFile !== undefined) return undefined;
  const index = indexOf(fact.value);
  const named = build.contextSources().map(({ match }) => match.path);
  const isFree = (path: string): boolean => !named.some((one) => one === path || one.startsWith(`${path}/`));
  const pathsAt = (positions: readonly number[]) =>
    positions.flatMap((at) => index.files[at]?.path ?? []).filter(isFree);
  const folders = pathsAt(generatedFolders(index));
  const files = index.files.filter(({ kind, path }) => kind === "file" && secretCandidate(path) !== undefined);
  const secrets = files.map(({ path }) => path).filter((path) => isFree(path) && !isBelow(path, folders));
  const sections = [
    section("Version control, and what tools keep or make again", patternsOf(index, folders)),
    section("Files that often hold secrets", secrets.flatMap(patternOf)),
  ];
  const text = sections.flat().join("\n");
  return text === "" ? undefined : { root: fact.value.root, path: ".dockerignore", text };
}

function section(title: string, patterns: readonly string[]): readonly string[] {
  return patterns.length === 0 ? [] : [`# ${title}`, ...patterns.slice(0, maxPatterns), ""];
}

function isBelow(path: string, folders: readonly string[]): boolean {
  return folders.some((folder) => path.startsWith(`${folder}/`));
}

/** The folders by their paths; by name if there are several of it, and no others. */
function patternsOf(index: ContextIndex, folders: readonly string[]): readonly string[] {
  const all = index.files.filter(({ kind, path }) => kind === "directory" && !isBelow(path, folders));
  return [...new Set(folders.map(nameOf))].flatMap((name) => {
    const paths = folders.filter((path) => nameOf(path) === name);
    const isEach = all.filter(({ path }) => nameOf(path) === name).length === paths.length;
    return paths.length > 1 && isEach ? patternOf(name).map((pattern) => `**/${pattern}`) : paths.flatMap(patternOf);
  });
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The pattern that matches one path alone; nothing for names that no line can hold. */
function patternOf(path: string): readonly string[] {
  if (/[\r\n]|^\s|\s$/.test(path)) return [];
  return [path.replace(/[\\*?[\]]|^[!#]/g, "\\$&")];
}
