import type { Statement } from "../../../shell/posix/statement.ts";
import { forgetBelow, folderToChange, put } from "../tree/change.ts";
import { lookUp, type Found, type LastLink } from "../tree/lookUp.ts";
import { layerContent } from "../tree/layerContent.ts";
import type { FileNode, Tree } from "../tree/tree.ts";
import type { RunCommand } from "../runEffects.ts";
import type { Output, Result, Status } from "./output.ts";
import { replaceFile } from "./replaceFile.ts";

/** A shell on the file system of a stage, while the commands of one RUN are followed. */
export interface Machine {
  readonly tree: Tree;
  readonly shell: ShellState;
  readonly commands: RunCommand[];
  /** Runs a statement; for commands that run others. */
  readonly execute: (statement: Statement, machine: Machine, input: Output) => Result;
  /** Commands that may still be run. */
  budget: { left: number };
  /** Why more may have been written than is listed. */
  gap: string | undefined;
  /** Set once a branch was met that may or may not be taken. */
  uncertain: string | undefined;
  /** Set by a command after which anything may be anywhere: why, and what had been written before it. */
  forgotten: { readonly gap: string; readonly bytes: number } | undefined;
}

/** What a subshell has a copy of. */
export interface ShellState {
  /** Undefined for a variable whose value isn't known. */
  readonly variables: Map<string, string | undefined>;
  readonly exported: Map<string, string>;
  /** A variable of the Dockerfile or the base image; `value` is absent if it isn't known. */
  readonly outer: (name: string) => { readonly value?: string } | undefined;
  /** Absolute; undefined if it isn't known. */
  folder: string | undefined;
  /** Of SHELL; `sh` by default. */
  readonly program: string | undefined;
  endsOnError: boolean;
  /** What runs now is asked whether it fails: `set -e` doesn't hold for it. */
  isAsked: boolean;
  /** The build fails if what runs now fails: that it succeeds may be taken for granted. */
  mustSucceed: boolean;
  /** Set by `exit`, or by an error under `set -e`. */
  ended: Status | undefined;
}

/** Runs something with variables and a folder of its own; what ends it ends no more. */
export function inSubshell(machine: Machine, run: (inner: Machine) => Result): Result {
  const { shell } = machine;
  const own = { ...shell, variables: new Map(shell.variables), exported: new Map(shell.exported) };
  const inner: Machine = { ...machine, shell: own };
  const result = run(inner);
  takeNotes(machine, inner);
  return result;
}

/** What was found out in a subshell holds for the whole RUN. */
export function takeNotes(machine: Machine, { gap, uncertain, forgotten }: Machine): void {
  machine.gap ??= gap;
  machine.uncertain ??= uncertain;
  machine.forgotten = forgotten;
}

/** Mounts of every container, which are in no layer. */
const outside = /^\/(?:dev|proc|sys)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf)$/;

export function isOutside(path: string): boolean {
  return outside.test(path);
}

/** A path from the working folder; undefined if that isn't known. */
export function absoluteIn({ shell }: Machine, path: string): string | undefined {
  if (path.startsWith("/")) return path;
  return shell.folder === undefined ? undefined : `${shell.folder}/${path}`;
}

/** Looks a path up. A slash at its end stands for a folder: a file of that name is none, and none can be made. */
export function find(machine: Machine, path: string, lastLink: LastLink = "followed"): Found {
  const absolute = absoluteIn(machine, path);
  if (absolute === undefined) return { state: "unknown", path, reason: "the working folder isn't known" };
  const isFolder = /\/\.?$/.test(path);
  const found = lookUp(machine.tree, absolute, isFolder ? "followed" : lastLink);
  if (path === "") return { state: "nowhere", path };
  if (!isFolder || found.state === "unknown") return found;
  return found.state === "found" && found.node.kind === "directory" ? found : { state: "nowhere", path: found.path };
}

/** Without the slashes at its end. */
export function withoutSlash(path: string): string {
  return path.replace(/(?<=[^/])\/+$/, "");
}

/** From here on anything may be anywhere. What this RUN wrote so far stays listed, but may be gone. */
export function forgetAll(machine: Machine, gap: string): void {
  machine.forgotten = { gap, bytes: layerContent(machine.tree).bytes };
  forgetBelow(machine.tree, "/", gap);
}

/** Folders in which package managers, the scripts of packages, and what manages users write. */
const systemFolders: readonly string[] = [
  "/bin",
  "/boot",
  "/etc",
  "/home",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/opt",
  "/run",
  "/sbin",
  "/srv",
  "/tmp",
  "/usr",
  "/var",
];

/** From here on the system's folders may have anything in them. What this RUN wrote there stays. */
export function forgetSystem(machine: Machine, gap: string): void {
  folderToChange(machine.tree, "/");
  for (const path of systemFolders) {
    const found = lookUp(machine.tree, path, "kept");
    if (found.state !== "found" || found.node.kind === "directory") forgetBelow(machine.tree, path, gap);
  }
}

export type WriteMode = "replaced" | "appended";

/** Opens a file as a redirection does and writes to it. Returns why that fails; what isn't known becomes a gap. */
export function writeFile(machine: Machine, path: string, output: Output, mode: WriteMode): string | undefined {
  const found = find(machine, path);
  if (isOutside(found.path)) return undefined;
  if (found.state === "nowhere") return `${path}: its folder doesn't exist`;
  if (found.state === "found" && found.node.kind === "directory") return `${path} is a folder`;
  const before = found.state === "found" && found.node.kind === "file" ? found.node : undefined;
  const file = writtenFile(machine, { before, found }, output, mode);
  if (before) replaceFile(machine.tree, found.path, before, file);
  else put(machine.tree, found.path, file);
  return undefined;
}

interface Place {
  readonly before: FileNode | undefined;
  readonly found: Found;
}

function writtenFile({ tree }: Machine, place: Place, output: Output, mode: WriteMode): FileNode {
  const kept = mode === "appended" ? place.before : undefined;
  const text = textAfter(place, kept, output, mode);
  const unknown = whyUnknown(place, kept, output, mode);
  return {
    kind: "file",
    bytes: (kept?.bytes ?? 0) + (output.bytes ?? 0),
    layer: tree.layer,
    ...(text !== undefined && { text }),
    ...(unknown !== undefined && { unknown }),
  };
}

function textAfter(
  { found }: Place,
  kept: FileNode | undefined,
  { text }: Output,
  mode: WriteMode,
): string | undefined {
  if (text === undefined || (mode === "appended" && found.state === "unknown")) return undefined;
  if (!kept) return text;
  return kept.text === undefined ? undefined : kept.text + text;
}

function whyUnknown(
  { found }: Place,
  kept: FileNode | undefined,
  { bytes }: Output,
  mode: WriteMode,
): string | undefined {
  if (kept?.unknown !== undefined) return kept.unknown;
  if (bytes === undefined) return `what is written to ${found.path} is not known`;
  return mode === "appended" && found.state === "unknown" ? found.reason : undefined;
}
