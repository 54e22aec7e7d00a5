import type { LayerEntry } from "../../core/entry.ts";
import { walkTree, type TreeNode } from "../../core/layerTree.ts";
import { fileNameProblem } from "./fileName.ts";
import { linkTarget } from "./linkTarget.ts";

/** The files to write and their locations. Paths are relative to the target folder, with `/` between names. */
export interface ExtractionPlan {
  /** Parents before their content. */
  readonly folders: readonly PlannedFolder[];
  readonly files: readonly PlannedFile[];
  readonly symlinks: readonly PlannedSymlink[];
  /** Omitted entries with reasons. */
  readonly omitted: readonly Omitted[];
}

export interface PlannedFolder {
  readonly to: string;
  readonly entry: LayerEntry | undefined;
}

export interface PlannedFile {
  readonly to: string;
  readonly node: TreeNode;
}

export interface PlannedSymlink {
  readonly to: string;
  /** Relative, and within the extracted files. */
  readonly target: string;
  readonly mtimeMs: number;
}

export interface Omitted {
  /** The path in the image. */
  readonly path: string;
  /** Completes "PATH is left out: …". */
  readonly reason: string;
}

/**
 * Plans the extraction of a file, or of a folder with all its content. `name` is the name to write it under; if empty,
 * the folder's content is written directly.
 */
export function planExtraction(
  root: TreeNode,
  { top, name, platform }: { readonly top: TreeNode; readonly name: string; readonly platform: NodeJS.Platform },
): ExtractionPlan {
  const plan = {
    folders: new Array<PlannedFolder>(),
    files: new Array<PlannedFile>(),
    symlinks: new Array<PlannedSymlink>(),
    omitted: new Array<Omitted>(),
  };
  const left = new Set<string>();
  const from = top.path === "" ? 0 : top.path.length + 1;
  for (const node of [top, ...walkTree(top)]) {
    const below = node.path.slice(from);
    const to = name === "" || below === "" ? name || below : `${name}/${below}`;
    const parent = node.path.slice(0, Math.max(node.path.lastIndexOf("/"), 0));
    if (left.has(node.path)) continue;
    if (node !== top && left.has(parent)) left.add(node.path);
    else if (to !== "") place({ plan, root, top, left }, node, { to, platform });
  }
  return plan;
}

interface Planning {
  readonly plan: { readonly [K in keyof ExtractionPlan]: ExtractionPlan[K][number][] };
  readonly root: TreeNode;
  readonly top: TreeNode;
  /** Omitted paths, including everything below them. */
  readonly left: Set<string>;
}

function place(
  { plan, root, top, left }: Planning,
  node: TreeNode,
  { to, platform }: { readonly to: string; readonly platform: NodeJS.Platform },
): void {
  const shown = node.linked ?? node.entry;
  const omit = (reason: string): void => {
    plan.omitted.push({ path: node.path, reason });
    left.add(node.path);
  };
  // A layer may have entries below a file or a link, which a disk can't store.
  const leaveOutBelow = (): void => {
    for (const { path } of node.children.values()) {
      plan.omitted.push({ path, reason: "its parent is not a folder" });
      left.add(path);
    }
  };
  const problem = fileNameProblem(to.slice(to.lastIndexOf("/") + 1), platform);
  if (problem !== undefined) return omit(problem);
  if (!shown) return void plan.folders.push({ to, entry: undefined });
  switch (shown.kind) {
    case "directory":
      plan.folders.push({ to, entry: shown });
      return;
    case "file":
      plan.files.push({ to, node });
      return leaveOutBelow();
    case "symlink": {
      const target = linkTarget(root, top, node);
      if (target === undefined) return omit(`its target ${shown.linkTarget ?? ""} is not among what is extracted`);
      plan.symlinks.push({ to, target, mtimeMs: shown.mtimeMs });
      return leaveOutBelow();
    }
    default:
      return omit(kindReasons[shown.kind]);
  }
}

const kindReasons: Readonly<Record<Exclude<LayerEntry["kind"], "file" | "directory" | "symlink">, string>> = {
  hardlink: "it is a hard link to a file that the image doesn't have",
  character: "devices are not extracted",
  block: "devices are not extracted",
  fifo: "pipes are not extracted",
};
