import { compileGoMatch, hasWildcard, type GoMatch } from "../../context/goMatch.ts";
import { cleanPath } from "../../syntax/cleanPath.ts";
import type { Copy } from "../build.ts";
import { folder, joinPath, lastPart, prefixOf, type FileMap, type ImageFile, type Unknown } from "./imageFile.ts";
import { placementOf, type Placement, type Target } from "./placement.ts";

/** The files of a stage as far as its lines tell. */
export interface StageFiles {
  readonly files: FileMap;
  /** Why there may be more, or other, than is listed; absent where all is known. What is listed is there for certain. */
  readonly gap?: string;
}

interface StageCopy {
  readonly copy: Copy;
  readonly target: Target;
}

/** What `COPY --from` takes of a stage. */
export function takeFromStage(
  stage: StageFiles,
  paths: readonly string[],
  { copy, target }: StageCopy,
): readonly Placement[] | Unknown {
  if (copy.style === "parents" || copy.excludes.length > 0)
    return { unknown: "--parents and --exclude are not followed into another stage" };
  const placements: Placement[] = [];
  for (const path of paths) {
    const found = findInStage(stage, cleanPath(`/${path}`));
    if ("unknown" in found) return found;
    for (const { name, real } of found) {
      const isFolder = target.isFolder || placements.some((placed) => placed.isFolder && placed.at === target.at);
      placements.push(take(stage, { name, real }, { at: target.at, isFolder }));
    }
  }
  return placements;
}

interface FoundPath {
  readonly name: string;
  /** Links followed. */
  readonly real: string;
}

function findInStage(stage: StageFiles, path: string): readonly FoundPath[] | Unknown {
  if (!hasWildcard(path)) {
    const real = realPath(stage.files, path);
    const found = real === undefined ? undefined : stage.files.get(real);
    // A folder may have more in it than is listed.
    if (real === undefined || !found || (found.kind === "directory" && stage.gap !== undefined))
      return { unknown: stage.gap ?? `there is no ${path} in the stage` };
    return [{ name: lastPart(path), real }];
  }
  if (stage.gap !== undefined) return { unknown: stage.gap };
  const glob = compileGoMatch(path);
  if (!glob) return { unknown: `${path} is no pattern` };
  return matchesOf(stage.files, glob);
}

/** What matches in what matched is not looked for. */
function matchesOf(files: FileMap, glob: GoMatch): readonly FoundPath[] {
  const found: FoundPath[] = [];
  for (const path of [...files.keys()].sort()) {
    const real = glob.test(path) ? realPath(files, path) : undefined;
    if (real !== undefined) found.push({ name: lastPart(path), real });
  }
  return found;
}

function take({ files }: StageFiles, { name, real }: FoundPath, target: Target): Placement {
  const file = files.get(real);
  if (file?.kind !== "directory")
    return placementOf(target.isFolder ? joinPath(target.at, name) : target.at, false, [["", alone(file)]]);
  const prefix = prefixOf(real);
  const below = [...files].flatMap(([path, found]): [string, ImageFile][] =>
    path.startsWith(prefix) && path !== prefix ? [[path.slice(prefix.length), found]] : [],
  );
  return placementOf(target.at, true, [["", folder], ...withOwnInodes(below)]);
}

function alone(file: ImageFile | undefined): ImageFile {
  const { inode: _, ...rest } = file ?? folder;
  return rest;
}

/** Names of one file stay such among those that are copied at once, and are another file than before. */
function withOwnInodes(files: readonly (readonly [string, ImageFile])[]): [string, ImageFile][] {
  const inodes = new Map<object, object>();
  return files.map(([path, file]) => {
    if (!file.inode) return [path, file];
    const own = inodes.get(file.inode) ?? {};
    inodes.set(file.inode, own);
    return [path, { ...file, inode: own }];
  });
}

/** As many as Linux follows before it says ELOOP. */
const maxHops = 40;

/** A path with the links on its way followed; undefined where nothing is listed there. */
export function realPath(files: FileMap, path: string): string | undefined {
  let parts = path.split("/").filter((part) => part !== "");
  let at = "/";
  for (let hops = 0; ;) {
    const [part, ...rest] = parts;
    if (part === undefined) return files.has(at) || at === "/" ? at : undefined;
    const next = joinPath(at, part);
    const file = files.get(next);
    if (!file) return undefined;
    parts = rest;
    if (file.kind !== "symlink") at = next;
    else {
      if (++hops > maxHops) return undefined;
      const target = cleanPath(file.linkTarget?.startsWith("/") ? file.linkTarget : `${at}/${file.linkTarget ?? ""}`);
      parts = [...target.split("/").filter((name) => name !== ""), ...rest];
      at = "/";
    }
  }
}
