import { mountsOf, type Mount } from "../../../syntax/mounts.ts";
import type { Instruction } from "../../../syntax/syntax.ts";
import type { Build } from "../../build.ts";
import { absolutePath } from "../../imagePaths.ts";
import { put } from "../tree/change.ts";
import { lookUp } from "../tree/lookUp.ts";
import { newFolder, type FolderNode } from "../tree/tree.ts";
import type { Machine } from "./machine.ts";

/** Mounts a RUN's mounts where its commands find them. Returns a function that unmounts them. */
export function mountAll(build: Build, instruction: Instruction, machine: Machine): () => void {
  const undo = mountsOf(instruction).map((mount) => mountOne(build, instruction, { machine, mount }));
  return () => undo.toReversed().forEach((unmount) => unmount());
}

interface Mounting {
  readonly machine: Machine;
  readonly mount: Mount;
}

function mountOne(build: Build, instruction: Instruction, { machine, mount }: Mounting): () => void {
  const { tree } = machine;
  const path = mount.target && absolutePath(mount.target.value, build.workingFolder(instruction));
  if (mount.type === "secret" || mount.type === "ssh" || path === undefined) return () => undefined;
  const before = lookUp(tree, path);
  const below = before.state === "found" && before.node.kind === "directory" ? before.node : undefined;
  put(tree, before.path, mounted(machine, mount));
  return () =>
    put(tree, before.path, below ?? newFolder(tree.layer, before.state === "unknown" ? before.reason : undefined));
}

function mounted({ tree: { layer } }: Machine, { type, target }: Mount): FolderNode {
  const gap = type === "tmpfs" ? undefined : `what is mounted at ${target?.value ?? "a folder"} is not known`;
  return { ...newFolder(layer, gap), isMount: true };
}
