import { readdir, stat } from "node:fs/promises";
import { join, resolve, sep } from "node:path";
import { compileGlob } from "../../dockerfile/patterns/glob.ts";
import { CommandError } from "./command.ts";
import { printError } from "./output/messages.ts";

/** The files that operands stand for, each once, in the operands' order: files as they are, folders for the Dockerfiles and ignore files in them, patterns for what they match. `-` stays. */
export async function lintTargets(operands: readonly string[]): Promise<readonly string[]> {
  const paths = new Map<string, string>();
  for (const operand of operands) {
    for (const path of await targetsOf(operand))
      paths.set(path === "-" ? path : resolve(path), paths.get(resolve(path)) ?? path);
  }
  return [...paths.values()];
}

async function targetsOf(operand: string): Promise<readonly string[]> {
  if (operand === "-") return [operand];
  const found = await stat(operand).catch(() => undefined);
  if (found?.isDirectory()) return dockerfilesIn(operand);
  // A file may have a bracket in its name.
  return found || !/[*?[]/.test(operand) ? [operand] : matchesOf(operand);
}

/** Names that editors take for Dockerfiles too: see `contributes.languages` in package.json; and their ignore files. */
const lintedName = /^(?:Dockerfile|Containerfile)(?:[._-].*)?$|\.(?:dockerfile|containerfile|dockerignore)$/i;

async function dockerfilesIn(folder: string): Promise<readonly string[]> {
  const files = await filesBelow(folder, (path) => lintedName.test(path.slice(path.lastIndexOf("/") + 1)));
  if (files.length === 0)
    throw new CommandError(`there is no Dockerfile in ${folder}; name a file, or a pattern such as "**/*.docker"`);
  return files;
}

/** `a/b*`, `**` for folders in between, classes in brackets; the shell left it alone, as it does in quotes. */
async function matchesOf(pattern: string): Promise<readonly string[]> {
  const parts = pattern.split(sep === "/" ? "/" : /[\\/]/);
  const firstPattern = parts.findIndex((part) => /[*?[]/.test(part));
  const folder = parts.slice(0, firstPattern).join("/");
  const glob = compileGlob(parts.slice(firstPattern).join("/"));
  if (!glob) throw new CommandError(`${pattern} is no pattern: a bracket is not closed`);
  const base = folder === "" ? (pattern.startsWith("/") ? "/" : ".") : folder;
  const files = await filesBelow(base, (path) => glob.matches(path));
  if (files.length === 0) throw new CommandError(`no file matches ${pattern}`);
  return files;
}

/** What is fetched rather than written. */
const passedOver: ReadonlySet<string> = new Set(["node_modules", ".git"]);

// More than any repository; a walk of a whole disk is a mistake.
const maxEntries = 1_000_000;

/** Files that are wanted by their path below the folder, in the paths' order. Links are not followed: they could lead round. */
async function filesBelow(folder: string, isWanted: (path: string) => boolean): Promise<string[]> {
  const wanted: string[] = [];
  const folders = [""];
  let entries = 0;
  for (let next = folders.pop(); next !== undefined; next = folders.pop()) {
    const inFolder = await readdir(join(folder, next), { withFileTypes: true }).catch((error: unknown) => {
      printError(`${join(folder, next)} could not be read: ${error instanceof Error ? error.message : String(error)}`);
      return [];
    });
    entries += inFolder.length;
    if (entries > maxEntries)
      throw new CommandError(`${folder} has more than ${maxEntries} files; name a folder in it`);
    for (const entry of inFolder) {
      const path = `${next}${entry.name}`;
      if (entry.isDirectory() && !passedOver.has(entry.name)) folders.push(`${path}/`);
      else if (entry.isFile() && isWanted(path)) wanted.push(path);
    }
  }
  return wanted.sort().map((path) => (folder === "." ? path : join(folder, path)));
}
