import { folderToChange, put } from "../../tree/change.ts";
import { listed, type AbsentNode, type FileNode, type FolderNode, type TreeNode } from "../../tree/tree.ts";
import { find, isOutside, withoutSlash, type Machine } from "../machine.ts";
import { failure, success, type Result } from "../output.ts";
import { replaceFile } from "../replaceFile.ts";
import { whyPartial } from "./attributes.ts";
import { makeFolder } from "./folders.ts";
import { readOptions, type Options } from "./options.ts";
import type { Call, Program, Unfollowed } from "./program.ts";
import { targetsOf } from "./targets.ts";

export const copyPrograms: readonly (readonly [string, Program])[] = [
  ["cp", copy],
  ["install", install],
];

type Present = Exclude<TreeNode, AbsentNode>;

interface Copying {
  readonly machine: Machine;
  readonly isRecursive: boolean;
  readonly links: "followed" | "kept";
  /** The copies of files with several names, if those should stay names of one file. */
  readonly names: Map<FileNode, FileNode> | undefined;
  /** True if an existing file is removed first. */
  readonly replaces: boolean;
  /** "hard" links to the file instead of copying it, "symbolic" creates a link with its name. */
  readonly as: "copy" | "hard" | "symbolic";
}

function copy(call: Call, machine: Machine) {
  const options = readOptions(call.words, {
    flags: "arRdpfvLPTHlsx",
    valued: "t",
    long: {
      archive: "a",
      recursive: "r",
      force: "f",
      verbose: "v",
      dereference: "L",
      "no-dereference": "P",
      "target-directory": "t",
      "no-target-directory": "T",
      link: "l",
      "symbolic-link": "s",
      preserve: "p",
      "one-file-system": "x",
    },
  });
  if (!options) return { unfollowed: "an option of `cp` isn't followed" };
  if (call.isPartial) return { unfollowed: whyPartial(machine, call) };
  const targets = targetsOf(machine, options, options.flags.has("T"));
  if ("unfollowed" in targets) return targets;
  if (targets.pairs.length === 0) return failure;
  return copyAll(copyingOf(machine, options), targets.pairs);
}

const plainCopy: Omit<Copying, "machine"> = {
  isRecursive: false,
  links: "followed",
  names: undefined,
  replaces: false,
  as: "copy",
};

function copyingOf(machine: Machine, { flags }: Options): Copying {
  const hasOneOf = (letters: string): boolean => Array.from(letters).some((letter) => flags.has(letter));
  const isRecursive = hasOneOf("arR");
  return {
    machine,
    isRecursive,
    links: hasOneOf("adP") || (isRecursive && !hasOneOf("LH")) ? "kept" : "followed",
    names: hasOneOf("ad") ? new Map() : undefined,
    replaces: flags.has("f") && hasOneOf("ls"),
    as: flags.has("l") ? "hard" : flags.has("s") ? "symbolic" : "copy",
  };
}

type Pairs = readonly { readonly source: string; readonly path: string }[];

function copyAll(copying: Copying, pairs: Pairs): Result | Unfollowed {
  let result = success;
  for (const { source, path } of pairs) {
    const from = find(copying.machine, source, copying.links);
    if (from.state === "unknown") return { unfollowed: from.reason };
    const copied = from.state === "found" ? copyNode(copying, from, path) : failure;
    if ("unfollowed" in copied) return copied;
    if (copied !== success) result = copied;
  }
  return result;
}

interface Source {
  readonly path: string;
  readonly node: Present;
}

function copyNode(copying: Copying, { path: from, node }: Source, path: string): Result | Unfollowed {
  const { machine } = copying;
  const isFolder = node.kind === "directory";
  const lastLink = node.kind === "symlink" || copying.replaces ? "kept" : "followed";
  const to = find(machine, isFolder ? withoutSlash(path) : path, lastLink);
  if (isOutside(to.path)) return success;
  if (to.state === "nowhere") return failure;
  switch (node.kind) {
    case "directory":
      return copying.isRecursive ? copyFolder(copying, { path: from, node }, to.path) : failure;
    case "symlink":
      put(machine.tree, to.path, { ...node, layer: machine.tree.layer });
      return success;
    case "file":
      if (to.state === "found" && !isReplaceable(copying, to.node, node)) return failure;
      copyFile(copying, { path: from, node }, to.path);
      return success;
  }
}

/** False for a link at an existing file, and for a file copied to itself. */
function isReplaceable({ as, replaces }: Copying, there: Present, source: FileNode): boolean {
  return there.kind !== "directory" && there !== source && (as === "copy" || replaces);
}

function copyFolder(copying: Copying, { path: from, node }: { path: string; node: FolderNode }, to: string) {
  const { machine } = copying;
  if (`${to}/`.startsWith(`${from}/`)) return { unfollowed: "a folder is copied into itself" };
  const entries = [...listed(node)];
  startFolder(machine, node, to);
  let result = success;
  for (const [name, entry] of entries) {
    const source = sourceIn(copying, `${from === "/" ? "" : from}/${name}`, entry);
    const copied = "unfollowed" in source ? source : copyNode(copying, source, `${to}/${name}`);
    if ("unfollowed" in copied) return copied;
    if (copied !== success) result = copied;
  }
  return result;
}

/** Creates the copy of a folder; it may contain more than is listed if the folder may. */
function startFolder(machine: Machine, { gap }: FolderNode, to: string): void {
  const folder = folderToChange(machine.tree, to);
  if (gap === undefined) return;
  machine.gap ??= gap;
  if (folder.gap === undefined) put(machine.tree, to, { ...folder, gap });
}

function sourceIn({ machine, links }: Copying, path: string, node: Present): Source | Unfollowed {
  if (links === "kept" || node.kind !== "symlink") return { path, node };
  const found = find(machine, path);
  return found.state === "found" ? found : { unfollowed: `${path} is a link to nothing that is known` };
}

function copyFile(
  { machine, names, replaces, as }: Copying,
  { path, node }: { path: string; node: FileNode },
  to: string,
): void {
  const { tree } = machine;
  const { layer } = tree;
  if (as === "symbolic") return put(tree, to, { kind: "symlink", target: path, layer });
  if (as === "hard") {
    const own = node.layer === layer ? node : { ...node, layer };
    put(tree, path, own);
    return put(tree, to, own);
  }
  const copied = names?.get(node);
  if (copied) return put(tree, to, copied);
  const made: FileNode = { ...node, layer };
  names?.set(node, made);
  const before = find(machine, to);
  // An existing file keeps its names: its content is replaced.
  if (before.state === "found" && before.node.kind === "file" && !replaces) replaceFile(tree, to, before.node, made);
  else put(tree, to, made);
}

function install(call: Call, machine: Machine) {
  const options = readOptions(call.words, {
    flags: "dDvcpTC",
    valued: "mogt",
    long: {
      directory: "d",
      mode: "m",
      owner: "o",
      group: "g",
      "target-directory": "t",
      verbose: "v",
      "preserve-timestamps": "p",
      "no-target-directory": "T",
    },
  });
  if (!options || options.flags.has("C")) return { unfollowed: "an option of `install` isn't followed" };
  if (call.isPartial) return { unfollowed: whyPartial(machine, call) };
  if (options.flags.has("d"))
    return options.operands.every((path) => makeFolder(machine, path, "parents")) ? success : failure;
  if (options.flags.has("D") && (options.operands.length === 2 || options.values.has("t")))
    makeTargetFolder(machine, options);
  const targets = targetsOf(machine, options, options.flags.has("T"));
  if ("unfollowed" in targets) return targets;
  if (targets.pairs.length === 0) return failure;
  return copyAll({ ...plainCopy, machine, replaces: true }, targets.pairs);
}

/** Creates the target folder for `-D`; if a source is missing, only the parent of a new name. */
function makeTargetFolder(machine: Machine, { operands, values }: Options): void {
  const given = values.get("t");
  const sources = given === undefined ? operands.slice(0, -1) : operands;
  const folder = given ?? operands.at(-1)?.replace(/\/?[^/]*\/*$/, "");
  const isMissing = sources.some((path) => find(machine, path).state !== "found");
  const isName = given === undefined && operands.at(-1)?.endsWith("/") === false;
  if (folder && (isName || !isMissing)) makeFolder(machine, folder, "parents");
}
