import type { FactKey, Facts } from "../../../facts/fact.ts";
import type { Statement } from "../../../shell/posix/statement.ts";
import { forgetBelow, folderToChange, put } from "../tree/change.ts";
import { lookUp, type Found, type LastLink } from "../tree/lookUp.ts";
import { layerContent } from "../tree/layerContent.ts";
import type { FileNode, Tree } from "../tree/tree.ts";
import type { RunCommand } from "../runEffects.ts";
import type { Output, Result, Status } from "./output.ts";
import { replaceFile } from "./replaceFile.ts";

/** A shell on the file system of a stage, while following the commands of one RUN. */
export interface Machine {
  readonly tree: Tree;
  readonly shell: ShellState;
  readonly commands: RunCommand[];
  readonly facts: RecordedFacts;
  /** Runs a statement, for commands that run others. */
  readonly execute: (statement: Statement, machine: Machine, input: Output) => Result;
  /** The number of commands that may still be run. */
  budget: { left: number };
  /** The reason why more may have been written than is listed. */
  gap: string | undefined;
  /** Set once a branch was met that may or may not be taken. */
  uncertain: string | undefined;
  /** Set by a command after which any file may exist anywhere: the reason, and the bytes written before it. */
  forgotten: { readonly gap: string; readonly bytes: number } | undefined;
}

/** Facts that remember which of them were read. */
export interface RecordedFacts extends Facts {
  readonly read: ReadonlyMap<string, FactKey>;
}

/** The state that a subshell copies. */
export interface ShellState {
  /** Undefined for a variable whose value is unknown. */
  readonly variables: Map<string, string | undefined>;
  readonly exported: Map<string, string>;
  /** A variable of the Dockerfile or the base image; `value` is absent if unknown. */
  readonly outer: (name: string) => { readonly value?: string } | undefined;
  /** Absolute; undefined if unknown. */
  folder: string | undefined;
  /** The program from SHELL; `sh` by default. */
  readonly program: string | undefined;
  endsOnError: boolean;
  /** True while running something whose failure is tested: `set -e` doesn't apply to it. */
  isAsked: boolean;
  /** True if a failure of the current statement fails the build: its success may be assumed. */
  mustSucceed: boolean;
  /** The program that reads the output of the current command, if a pipe leads to a simple one. */
  pipedInto: string | undefined;
  /** Set by `exit`, or by an error under `set -e`. */
  ended: Status | undefined;
}

/** Runs something with its own variables and folder; ending it doesn't end the outer shell. */
export function inSubshell(machine: Machine, run: (inner: Machine) => Result): Result {
  const { shell } = machine;
  const own = { ...shell, variables: new Map(shell.variables), exported: new Map(shell.exported) };
  const inner: Machine = { ...machine, shell: own };
  const result = run(inner);
  takeNotes(machine, inner);
  return result;
}

/** Applies findings from a subshell to the whole RUN. */
export function takeNotes(machine: Machine, { gap, uncertain, forgotten }: Machine): void {
  machine.gap ??= gap;
  machine.uncertain ??= uncertain;
  machine.forgotten = forgotten;
}

/** Mounts of every container, which don't belong to any layer. */
const outside = /^\/(?:dev|proc|sys)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf)$/;

export function isOutside(path: string): boolean {
  return outside.test(path);
}

/** A path relative to the working folder; undefined if that is unknown. */
export function absoluteIn({ shell }: Machine, path: string): string | undefined {
  if (path.startsWith("/")) return path;
  return shell.folder === undefined ? undefined : `${shell.folder}/${path}`;
}

/** Looks up a path. A trailing slash requires a folder: a file with that name doesn't count, and can't be created. */
export function find(machine: Machine, path: string, lastLink: LastLink = "followed"): Found {
  const absolute = absoluteIn(machine, path);
  if (absolute === undefined) return { state: "unknown", path, reason: "the working folder isn't known" };
  const isFolder = /\/\.?$/.test(path);
  const found = lookUp(machine.tree, absolute, isFolder ? "followed" : lastLink);
  if (path === "") return { state: "nowhere", path };
  if (!isFolder || found.state === "unknown") return found;
  return found.state === "found" && found.node.kind === "directory" ? found : { state: "nowhere", path: found.path };
}

/** The path without trailing slashes. */
export function withoutSlash(path: string): string {
  return path.replace(/(?<=[^/])\/+$/, "");
}

/** From now on any file may exist anywhere. Files that this RUN wrote so far stay listed, but may be gone. */
export function forgetAll(machine: Machine, gap: string): void {
  machine.forgotten = { gap, bytes: layerContent(machine.tree).bytes };
  forgetBelow(machine.tree, "/", gap);
}

/** Folders to which package managers, the scripts of packages, and user management write. */
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

/** From now on the system's folders may contain anything. Files that this RUN wrote there stay. */
export function forgetSystem(machine: Machine, gap: string): void {
  folderToChange(machine.tree, "/");
  for (const path of systemFolders) {
    const found = lookUp(machine.tree, path, "kept");
    if (found.state !== "found" || found.node.kind === "directory") forgetBelow(machine.tree, path, gap);
  }
}

export type WriteMode = "replaced" | "appended";

/**
 * Opens a file as a redirection does and writes to it. Returns the reason for a failure; unknown parts become a gap.
 */
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
  // What is appended to an empty file is its content.
  const isWhole = mode === "replaced" || (kept?.bytes === 0 && kept.unknown === undefined);
  return {
    kind: "file",
    bytes: (kept?.bytes ?? 0) + (output.bytes ?? 0),
    layer: tree.layer,
    ...(text !== undefined && { text }),
    ...(isWhole && output.origin && { origin: output.origin }),
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
  { bytes, unknown }: Output,
  mode: WriteMode,
): string | undefined {
  if (kept?.unknown !== undefined) return kept.unknown;
  if (bytes === undefined) return unknown ?? `what is written to ${found.path} is not known`;
  return mode === "appended" && found.state === "unknown" ? found.reason : undefined;
}
