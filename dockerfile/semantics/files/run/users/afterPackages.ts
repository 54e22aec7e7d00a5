import { folderToChange, put } from "../../tree/change.ts";
import { lookUp } from "../../tree/lookUp.ts";
import { absent, listed, newFolder, type FileNode, type Tree, type TreeNode } from "../../tree/tree.ts";
import { forgetSystem, type Machine } from "../machine.ts";
import { databasePaths } from "./accounts.ts";

/** Ten users of packages, each with a line of at most 100 bytes; most packages add none. */
const maxAddedBytes = 1000;

/** Files that decide what the programs for users do; packages don't add lines to them. */
const settingsPaths: readonly string[] = [
  "/etc/login.defs",
  "/etc/default/useradd",
  "/etc/os-release",
  "/var/log/lastlog",
  "/var/log/faillog",
];

/**
 * Forgets the system's folders after a package manager has run. The files of users stay, with what packages may have
 * added to them; homes and their skeleton stay too.
 */
export function forgetPackaged(machine: Machine, gap: string): void {
  const { tree } = machine;
  const kept = [
    ...Object.values(databasePaths).flatMap((path) =>
      keptFile(tree, path, { unknown: gap, mayHaveMore: maxAddedBytes }),
    ),
    ...settingsPaths.flatMap((path) => keptFile(tree, path, { unknown: gap, mayHaveMore: 0 })),
  ];
  const folders = ["/etc/skel", "/home"].flatMap((path) => keptFolder(tree, path, gap));
  forgetSystem(machine, gap);
  for (const restore of folders) restore();
  for (const [path, file] of kept) put(tree, path, file);
}

type Uncertainty = Required<Pick<FileNode, "unknown" | "mayHaveMore">>;

function keptFile(
  tree: Tree,
  path: string,
  { unknown, mayHaveMore }: Uncertainty,
): readonly (readonly [string, TreeNode])[] {
  const found = lookUp(tree, path);
  if (found.state === "absent") return [[found.path, absent]];
  if (found.state !== "found" || found.node.kind !== "file") return [];
  const { node } = found;
  if (node.unknown !== undefined && node.mayHaveMore === undefined) return [];
  return [[found.path, { ...node, unknown, mayHaveMore: Math.max(mayHaveMore, node.mayHaveMore ?? 0) }]];
}

/** Puts a folder back with its listed content. */
function keptFolder(tree: Tree, path: string, gap: string): readonly (() => void)[] {
  const found = lookUp(tree, path);
  if (found.state !== "found" || found.node.kind !== "directory" || found.node.gap !== undefined) return [];
  const files = [...listed(found.node)].flatMap(([name]) =>
    keptFile(tree, `${found.path}/${name}`, { unknown: gap, mayHaveMore: 0 }),
  );
  return [
    () => {
      folderToChange(tree, found.path);
      put(tree, found.path, newFolder(tree.layer));
      for (const [at, file] of files) put(tree, at, file);
    },
  ];
}
