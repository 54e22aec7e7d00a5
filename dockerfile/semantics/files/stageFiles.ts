import { compileGoMatch, hasWildcard } from "../../context/goMatch.ts";
import { cleanPath } from "../../syntax/cleanPath.ts";
import type { Copy } from "../build.ts";
import { folder, joinPath, lastPart, type ImageFile, type Unknown } from "./imageFile.ts";
import { placementOf, type Placement, type Target } from "./placement.ts";
import { gapIn } from "./tree/gapIn.ts";
import { lookUp } from "./tree/lookUp.ts";
import { listed, type AbsentNode, type FileNode, type FolderNode, type Tree, type TreeNode } from "./tree/tree.ts";

interface StageCopy {
  readonly copy: Copy;
  readonly target: Target;
}

type Present = Exclude<TreeNode, AbsentNode>;

/** The files that `COPY --from` takes from a stage. */
export function takeFromStage(
  stage: Tree,
  paths: readonly string[],
  { copy, target }: StageCopy,
): readonly Placement[] | Unknown {
  if (copy.style === "parents" || copy.excludes.length > 0)
    return { unknown: "--parents and --exclude are not followed into another stage" };
  const placements: Placement[] = [];
  for (const path of paths) {
    const found = findInStage(stage, cleanPath(`/${path}`));
    if ("unknown" in found) return found;
    for (const { name, node } of found) {
      const isFolder = target.isFolder || placements.some((placed) => placed.isFolder && placed.at === target.at);
      const taken = take({ name, node }, { at: target.at, isFolder });
      if ("unknown" in taken) return taken;
      placements.push(taken);
    }
  }
  return placements;
}

interface FoundPath {
  readonly name: string;
  /** The node, with links followed. */
  readonly node: Present;
}

function findInStage(stage: Tree, path: string): readonly FoundPath[] | Unknown {
  if (hasWildcard(path)) return matchesOf(stage, path);
  const found = lookUp(stage, path);
  if (found.state === "unknown") return { unknown: found.reason };
  if (found.state !== "found") return { unknown: `the stage has no ${path}` };
  return [{ name: lastPart(path), node: found.node }];
}

/** The matches of a pattern, without those inside another match. */
function matchesOf(stage: Tree, pattern: string): readonly FoundPath[] | Unknown {
  const start = pattern.slice(0, pattern.search(/[*?[\\]/));
  const folderPath = start.slice(0, start.lastIndexOf("/"));
  const top = lookUp(stage, folderPath);
  if (top.state === "unknown") return { unknown: top.reason };
  const glob = compileGoMatch(pattern);
  if (!glob) return { unknown: `${pattern} is not a valid pattern` };
  if (top.state !== "found" || top.node.kind !== "directory") return [];
  const gap = gapIn(top.node);
  if (gap !== undefined) return { unknown: gap };
  const found: FoundPath[] = [];
  for (const [below] of [...walk(top.node)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const path = `${folderPath}/${below}`;
    const target = glob.test(path) ? lookUp(stage, path) : undefined;
    if (target?.state === "found") found.push({ name: lastPart(path), node: target.node });
  }
  return found;
}

/** Everything in a folder, by its path below it. */
function* walk(top: FolderNode, prefix = ""): Iterable<readonly [string, Present]> {
  for (const [name, node] of listed(top)) {
    yield [`${prefix}${name}`, node];
    if (node.kind === "directory") yield* walk(node, `${prefix}${name}/`);
  }
}

/**
 * Copies files. Names of one file stay names of one file within one operation, but it is a different file from before.
 */
function take({ name, node }: FoundPath, target: Target): Placement | Unknown {
  const problem = problemOf(node);
  if (problem !== undefined) return { unknown: problem };
  const inodes = new Map<FileNode, object>();
  if (node.kind !== "directory")
    return placementOf(target.isFolder ? joinPath(target.at, name) : target.at, false, [["", imageFile(node, inodes)]]);
  const below = [...walk(node)].map(([path, found]): [string, ImageFile] => [path, imageFile(found, inodes)]);
  return placementOf(target.at, true, [["", folder], ...below]);
}

/** The reason why it is unknown what is copied. */
function problemOf(node: Present): string | undefined {
  if (node.kind === "file") return node.unknown;
  if (node.kind === "symlink") return undefined;
  return gapIn(node) ?? [...walk(node)].flatMap(([, file]) => (file.kind === "file" ? (file.unknown ?? []) : []))[0];
}

function imageFile(node: Present, inodes: Map<FileNode, object>): ImageFile {
  if (node.kind === "directory") return folder;
  if (node.kind === "symlink") return { kind: "symlink", bytes: 0, linkTarget: node.target };
  const inode = inodes.get(node) ?? {};
  inodes.set(node, inode);
  const { bytes, text, origin } = node;
  return { kind: "file", bytes, inode, ...(text !== undefined && { text }), ...(origin && { origin }) };
}
