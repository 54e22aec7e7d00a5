import { isInRanges, type ContextIndex, type PositionRange } from "../../context/contextIndex.ts";
import { nameOf } from "../../context/matchSource.ts";
import type { ShellCommand, ShellScript } from "../../shell/shell.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import { runsProgram, type InstructionScript } from "../runCommands.ts";
import type { ContextSource } from "../contextSources.ts";
import type { Build } from "../build.ts";
import { isSamePath, parentOf, pathBelow, resolveFrom, type ImagePath } from "../imagePaths.ts";

/** The project in the build context that a command of a RUN works on. */
export interface PackageProject {
  readonly index: ContextIndex;
  /** With a trailing slash; "" for the context's root. */
  readonly folder: string;
  /** The source that brought its manifest into the image. */
  readonly source: ContextSource;
  /** True if a file of the context is already in the image. */
  isCopied(path: string): boolean;
}

/** Finds the project of a command: the folder of the context that has one of these files, copied or mounted before. */
export function findProject(
  build: Build,
  { run, script, instruction }: InstructionScript,
  command: ShellCommand,
  manifests: readonly string[],
): PackageProject | undefined {
  const folder = folderOfCommand(build.workingFolder(instruction), script, command);
  if (folder === undefined) return undefined;
  const sources = build.contextSources().filter((source) => isThereFor(build, source, run));
  for (const source of sources.toReversed()) {
    const found = folderInContext(build, source, folder, manifests);
    if (found !== undefined)
      return { index: source.index, folder: found, source, isCopied: (path) => isCopied(sources, source.index, path) };
  }
  return undefined;
}

/**
 * The path in the build context of a file that a command names; undefined if no COPY or bind mount of known content
 * brings it there.
 */
export function findContextFile(
  build: Build,
  { run, script, instruction }: InstructionScript,
  command: ShellCommand,
  path: string,
): string | undefined {
  const file = resolveFrom(folderOfCommand(build.workingFolder(instruction), script, command), path);
  if (!file) return undefined;
  const name = file.path.slice(file.path.lastIndexOf("/") + 1);
  for (const source of build.contextSources().toReversed()) {
    if (!isThereFor(build, source, run)) continue;
    const found = folderInContext(build, source, parentOf(file), [name]);
    if (found !== undefined) return `${found}${name}`;
  }
  return undefined;
}

function isThereFor(build: Build, { instruction, usedBy }: ContextSource, run: Instruction): boolean {
  return usedBy === "mount"
    ? instruction.index === run.index
    : instruction.index < run.index && build.isBuiltOn(run, instruction);
}

function isCopied(sources: readonly ContextSource[], index: ContextIndex, path: string): boolean {
  const at = index.positionOf(path);
  return at !== undefined && sources.some(({ match }) => isInRanges(match.ranges, at));
}

/** The folder of a command, including `cd` in the same script. */
function folderOfCommand(
  start: ImagePath | undefined,
  { commands }: ShellScript,
  command: ShellCommand,
): ImagePath | undefined {
  let folder = start;
  for (const earlier of commands.slice(0, commands.indexOf(command))) {
    const [target] = earlier.arguments;
    if (runsProgram(earlier, "pushd", "popd")) return undefined;
    if (runsProgram(earlier, "cd")) folder = target?.isLiteral ? resolveFrom(folder, target.value) : undefined;
  }
  return folder;
}

/** The folder of the context that this source puts at a folder of the image, if it contains a manifest. */
function folderInContext(
  build: Build,
  source: ContextSource,
  folder: ImagePath,
  manifests: readonly string[],
): string | undefined {
  const { index, match } = source;
  const place = destinationOf(build, source);
  if (place === undefined) return undefined;
  for (const range of match.ranges) {
    const found = isFolder(index, range, match.path)
      ? folderBelow(match.path === "" ? "" : (index.files[range.start]?.path ?? ""), place.path, folder)
      : folderOfFile(index, range, place, folder);
    if (
      found !== undefined &&
      manifests.some((name) =>
        isSentFile(index, `${found}${name}`, isFolder(index, range, match.path) ? undefined : range),
      )
    )
      return found;
  }
  return undefined;
}

function isFolder(index: ContextIndex, { start }: PositionRange, path: string): boolean {
  return path === "" || index.files[start]?.kind === "directory";
}

/** With a trailing slash. */
function folderBelow(contextFolder: string, destination: ImagePath, folder: ImagePath): string | undefined {
  const way = pathBelow(destination, folder);
  if (way === undefined) return undefined;
  return [contextFolder, way]
    .filter((part) => part !== "")
    .map((part) => `${part}/`)
    .join("");
}

function folderOfFile(
  index: ContextIndex,
  { start }: PositionRange,
  { path, isFolder: goesInto }: Destination,
  folder: ImagePath,
): string | undefined {
  const file = index.files[start];
  const name = nameOf(file);
  const isThere = isSamePath(path, goesInto ? folder : resolveFrom(folder, name));
  return file && isThere ? file.path.slice(0, file.path.length - name.length) : undefined;
}

/** True for a sent file. A file copied alone is the manifest only if it is that file. */
function isSentFile(index: ContextIndex, path: string, only: PositionRange | undefined): boolean {
  const at = index.positionOf(path);
  return at !== undefined && index.isSent(at) && (only === undefined || only.start === at);
}

interface Destination {
  readonly path: ImagePath;
  /** True if copied files keep their names in there. */
  readonly isFolder: boolean;
}

function destinationOf(build: Build, { instruction, usedBy, span }: ContextSource): Destination | undefined {
  if (usedBy === "copy") {
    const copy = build.copy(instruction);
    return copy?.destination && { path: copy.destination, isFolder: copy.isIntoFolder };
  }
  const target = mountsOf(instruction).find(({ source }) => source?.span.start === span.start)?.target;
  const path = target && resolveFrom(build.workingFolder(instruction), target.value);
  return path && { path, isFolder: false };
}
