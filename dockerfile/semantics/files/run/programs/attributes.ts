import { folderToChange, put } from "../../tree/change.ts";
import { listed, type FolderNode } from "../../tree/tree.ts";
import type { Found } from "../../tree/lookUp.ts";
import { find, isOutside, type Machine } from "../machine.ts";
import { failure, success, type Result } from "../output.ts";
import { copyUp } from "../replaceFile.ts";
import { readOptions, type OptionSpec } from "./options.ts";
import type { Call, Program, Unfollowed } from "./program.ts";

/**
 * Programs that change modes, owners and times: overlay2 copies each file that they touch, even without an actual
 * change.
 */
export const attributePrograms: readonly (readonly [string, Program])[] = [
  ["chmod", changeMode],
  ["chown", changeOwner],
  ["chgrp", changeOwner],
  ["setfacl", () => ({ unfollowed: "what `setfacl` does isn't followed" })],
  ["touch", touch],
];

const spec: OptionSpec = {
  flags: "RvcfhHLP",
  long: {
    recursive: "R",
    verbose: "v",
    changes: "c",
    quiet: "f",
    silent: "f",
    "no-dereference": "h",
    reference: "=",
    "preserve-root": "p",
    "no-preserve-root": "p",
  },
  valued: "=",
};

function changeMode(call: Call, machine: Machine) {
  // `chmod -x file` has a mode that looks like an option.
  const mode = call.words.find((word) => /^-[rwxXst]+(?:,.*)?$/.test(word));
  const words = mode === undefined ? call.words : [...call.words.filter((word) => word !== mode), mode];
  return change(machine, { ...call, words }, { modeIsLast: mode !== undefined, links: "left" });
}

function changeOwner(call: Call, machine: Machine) {
  return change(machine, call, { modeIsLast: false, links: "changed" });
}

interface ChangeOptions {
  readonly modeIsLast: boolean;
  /** chmod -R skips links, chown -R changes them. */
  readonly links: "left" | "changed";
}

function change(machine: Machine, call: Call, { modeIsLast, links }: ChangeOptions): Result | Unfollowed {
  const options = readOptions(call.words, spec);
  if (!options || options.flags.has("L")) return { unfollowed: `an option of \`${call.program}\` isn't followed` };
  const { operands, flags, values } = options;
  const paths = modeIsLast ? operands.slice(0, -1) : operands.slice(values.has("=") ? 0 : 1);
  if (call.isPartial) machine.gap ??= whyPartial(machine, call);
  const isDone = paths.map((path) => changePath(machine, path, flags, links));
  return isDone.length > 0 && isDone.every(Boolean) ? success : failure;
}

/** Changes a path; false if the file doesn't exist. */
function changePath(
  machine: Machine,
  path: string,
  flags: ReadonlySet<string>,
  links: ChangeOptions["links"],
): boolean {
  const found = find(machine, path, flags.has("h") || flags.has("R") ? "kept" : "followed");
  if (isOutside(found.path)) return true;
  if (found.state === "unknown") machine.gap ??= found.reason;
  else if (found.state !== "found") return false;
  else if (found.node.kind === "directory" && flags.has("R")) changeBelow(machine, found.path, links);
  else changeOne(machine, found, links);
  return true;
}

type FoundNode = Extract<Found, { state: "found" }>;

function changeOne({ tree }: Machine, { path, node }: FoundNode, links: ChangeOptions["links"]): void {
  if (node.kind === "directory") folderToChange(tree, path);
  else if (node.kind === "file") copyUp(tree, path, node);
  else if (links === "changed") put(tree, path, { ...node, layer: tree.layer });
}

/** The reason why a folder searched by a pattern may contain more files. */
export function whyPartial(machine: Machine, { words }: Call): string {
  for (const word of words) {
    const found = find(machine, word);
    if (found.state === "unknown") return found.reason;
  }
  return machine.tree.root.gap ?? "which files a pattern finds is not known";
}

function changeBelow(machine: Machine, path: string, links: ChangeOptions["links"]): void {
  const folder = folderToChange(machine.tree, path);
  if (folder.isMount) return;
  if (folder.gap !== undefined) machine.gap ??= folder.gap;
  for (const [name, node] of [...listed(folder)]) changeEntry(machine, { folder, path, name }, node, links);
}

interface Entry {
  readonly folder: FolderNode;
  readonly path: string;
  readonly name: string;
}

function changeEntry(
  machine: Machine,
  { folder, path, name }: Entry,
  node: ReturnType<typeof listed> extends Iterable<readonly [string, infer Node]> ? Node : never,
  links: ChangeOptions["links"],
): void {
  const { layer } = machine.tree;
  const below = path === "/" ? `/${name}` : `${path}/${name}`;
  if (isOutside(below)) return;
  if (node.kind === "directory") changeBelow(machine, below, links);
  else if (node.layer !== layer && (node.kind === "file" || links === "changed"))
    folder.entries.set(name, { ...node, layer });
}

function touch(call: Call, machine: Machine) {
  const options = readOptions(call.words, {
    flags: "acfmh",
    valued: "dtr",
    long: { "no-create": "c", date: "d", reference: "r", time: "t", "no-dereference": "h" },
  });
  if (!options) return { unfollowed: "an option of `touch` isn't known" };
  const { flags, operands } = options;
  if (call.isPartial) machine.gap ??= whyPartial(machine, call);
  const isDone = operands.map((path) => touchOne(machine, path, flags));
  return isDone.length > 0 && isDone.every(Boolean) ? success : failure;
}

/** Touches a file, or creates an empty one; false if that fails. */
function touchOne(machine: Machine, path: string, flags: ReadonlySet<string>): boolean {
  const { tree } = machine;
  const found = find(machine, path, flags.has("h") ? "kept" : "followed");
  if (isOutside(found.path)) return true;
  const empty = { kind: "file", bytes: 0, layer: tree.layer } as const;
  switch (found.state) {
    case "nowhere":
      return false;
    case "unknown":
      put(tree, found.path, { ...empty, unknown: found.reason });
      return true;
    case "absent":
      if (!flags.has("c")) put(tree, found.path, { ...empty, text: "" });
      return true;
    case "found":
      changeOne(machine, found, "changed");
      return true;
  }
}
