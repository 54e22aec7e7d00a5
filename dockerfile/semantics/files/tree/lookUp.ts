import { entryOf, partsOf, type FolderNode, type LinkNode, type Tree, type TreeNode, type AbsentNode } from "./tree.ts";

/** The result of a lookup. `path` doesn't contain links, except in the last name if that wasn't followed. */
export type Found =
  | { readonly state: "found"; readonly path: string; readonly node: Exclude<TreeNode, AbsentNode> }
  /** Its folder exists. */
  | { readonly state: "absent"; readonly path: string }
  /** Its folder doesn't exist either. */
  | { readonly state: "nowhere"; readonly path: string }
  | { readonly state: "unknown"; readonly path: string; readonly reason: string };

/** Determines whether a link at the end of the path is followed. */
export type LastLink = "followed" | "kept";

/** Looks up a path as the kernel does. */
export function lookUp({ root }: Pick<Tree, "root">, path: string, lastLink: LastLink = "followed"): Found {
  const walk: Walk = { stack: [{ name: "", folder: root }], parts: [...rawParts(path)], hops: 0, lastLink };
  for (;;) {
    const part = walk.parts.shift();
    if (part === undefined) return { state: "found", path: pathOf(walk), node: topOf(walk, root) };
    if (part === "..") {
      if (walk.stack.length > 1) walk.stack.pop();
      continue;
    }
    const end = step(walk, part, topOf(walk, root));
    if (end) return end;
  }
}

interface Walk {
  readonly stack: { readonly name: string; readonly folder: FolderNode }[];
  parts: string[];
  hops: number;
  readonly lastLink: LastLink;
}

/** The limit at which Linux fails with ELOOP. */
const maxHops = 40;

function rawParts(path: string): readonly string[] {
  return path.split("/").filter((part) => part !== "" && part !== ".");
}

function topOf({ stack }: Walk, root: FolderNode): FolderNode {
  return stack.at(-1)?.folder ?? root;
}

function pathOf({ stack }: Walk, name?: string): string {
  const names = stack.slice(1).map((entry) => entry.name);
  return `/${[...names, ...(name === undefined ? [] : [name])].join("/")}`;
}

function step(walk: Walk, name: string, folder: FolderNode): Found | undefined {
  const path = pathOf(walk, name);
  const node = entryOf(folder, name);
  const isLast = walk.parts.length === 0;
  if (!node) return { state: "unknown", path: below(path, walk.parts), reason: folder.gap ?? "" };
  switch (node.kind) {
    case "directory":
      walk.stack.push({ name, folder: node });
      return undefined;
    case "absent":
      return { state: isLast ? "absent" : "nowhere", path: below(path, walk.parts) };
    case "file":
      return isLast ? { state: "found", path, node } : { state: "nowhere", path: below(path, walk.parts) };
    case "symlink":
      return isLast && walk.lastLink === "kept" ? { state: "found", path, node } : follow(walk, path, node);
  }
}

function follow(walk: Walk, path: string, { target }: LinkNode): Found | undefined {
  if (++walk.hops > maxHops) return { state: "nowhere", path };
  if (target.startsWith("/")) walk.stack.length = 1;
  walk.parts = [...rawParts(target), ...walk.parts];
  return undefined;
}

function below(path: string, parts: readonly string[]): string {
  return `/${partsOf([path, ...parts].join("/")).join("/")}`;
}
