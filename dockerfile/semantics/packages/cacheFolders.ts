import { baseName } from "../../shell/inEffect.ts";
import type { ShellCommand } from "../../shell/shell.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import type { Build } from "../build.ts";
import { removedPaths, removesFolder } from "../removals.ts";
import type { InstructionScript } from "../runCommands.ts";

/** The places where a program keeps its downloads. */
export interface CachePlaces {
  /** The defaults. */
  readonly folders: readonly string[];
  /** Relative to any user's home folder, such as `.cache/pip`. */
  readonly homeFolders?: readonly string[];
  /** Variables that name another folder, each with the part that the program appends to it. */
  readonly variables?: readonly { readonly name: string; readonly below?: string }[];
  /** Options of the program that name another folder. */
  readonly options?: readonly string[];
  /** Matches substitutions in which the program prints its folder. */
  readonly printedBy?: RegExp;
}

/**
 * True if the downloads of a script aren't part of its layer: a mount hides their folder, or a command after `index`
 * removes it.
 */
export function isCacheKeptOut(build: Build, it: InstructionScript, index: number, places: CachePlaces): boolean {
  const folders = foldersIn(build, it, places);
  const isMounted = mountsOf(it.run).some(({ type, target }) => {
    if (target === undefined || (type !== "cache" && type !== "tmpfs")) return false;
    const path = build.expand(it.instruction, target.logical) ?? target.value;
    return folders.some((folder) => isOver(path, folder)) || isInHome(path, places) || names(path, places);
  });
  return (
    isMounted ||
    it.script.commands.some(
      (command, at) => (at > index || command.name === "trap") && removesCache(command, folders, places),
    )
  );
}

function removesCache(command: ShellCommand, folders: readonly string[], places: CachePlaces): boolean {
  return (
    folders.some((folder) => removesFolder(command, folder)) ||
    removedPaths(command).some((path) => isInHome(path, places) || names(path, places))
  );
}

/** The default folders, or the one that an option, the script or the build's variables name. */
function foldersIn(build: Build, { instruction, script }: InstructionScript, places: CachePlaces): readonly string[] {
  const set = [
    ...(places.options ?? []).flatMap((option) => script.commands.flatMap((command) => optionValues(command, option))),
    ...(places.variables ?? []).flatMap(({ name, below }) => {
      const value = assignedIn(script.commands, name) ?? build.scopesWithBases().variable(instruction, name)?.value;
      return value === undefined || value === "" ? [] : [value.replace(/\/*$/, "") + (below ? `/${below}` : "")];
    }),
  ];
  return set.length > 0 ? set : places.folders;
}

function optionValues({ arguments: words }: ShellCommand, option: string): readonly string[] {
  return words.flatMap(({ value }, index) => {
    if (value === option) return words[index + 1]?.value ?? [];
    return value.startsWith(`${option}=`) ? [value.slice(option.length + 1)] : [];
  });
}

/** The value assigned by `NAME=value` before a command, or by `export NAME=value`. */
export function assignedIn(commands: readonly ShellCommand[], name: string): string | undefined {
  const prefix = `${name}=`;
  for (const command of commands) {
    const own = command.assignments.find((assignment) => assignment.name === name);
    if (own) return own.value?.value ?? "";
    const word = isExport(command) ? command.arguments.find(({ value }) => value.startsWith(prefix)) : undefined;
    if (word) return word.value.slice(prefix.length);
  }
  return undefined;
}

function isExport({ name = "" }: ShellCommand): boolean {
  return ["export", "declare", "env"].includes(baseName(name));
}

/** True for a path at a folder, above it or inside it. */
function isOver(path: string, folder: string): boolean {
  const place = path.replace(/\/*$/, "/");
  return `${folder}/`.startsWith(place) || place.startsWith(`${folder}/`);
}

/**
 * True for `/home/app/.cache`, `.cache/pip/*`, `$HOME/.cache`: one of the folders below a home, or a parent of one
 * there.
 */
function isInHome(path: string, { homeFolders = [] }: CachePlaces): boolean {
  const place = `/${path.replace(/\/\*?$/, "")}/`;
  return homeFolders.some((folder) => {
    const parts = folder.split("/");
    return parts.some(
      (_, index) =>
        place.endsWith(`/${parts.slice(0, index + 1).join("/")}/`) || (index > 0 && place.includes(`/${folder}/`)),
    );
  });
}

/** True for `$PIP_CACHE_DIR` or `"$(yarn cache dir)"`. */
function names(path: string, { variables = [], printedBy }: CachePlaces): boolean {
  const plain = path.replace(/\/\*?$/, "");
  return (
    printedBy?.test(plain) === true || variables.some(({ name }) => plain === `$${name}` || plain === `\${${name}}`)
  );
}
