import type { ContextIndex, PositionRange } from "../context/contextIndex.ts";
import { isInRanges } from "../context/contextIndex.ts";
import { nameOf } from "../context/matchSource.ts";
import type { ShellCommand, ShellScript } from "../shell/shell.ts";
import type { Instruction } from "../syntax/syntax.ts";
import { runsProgram, type InstructionScript } from "./runCommands.ts";
import { contextSources, type ContextSource } from "./contextSources.ts";
import type { LintInput } from "../lint/rule.ts";
import { isBuiltOn } from "./stageChains.ts";
import { expandedPath, inFolder, workingFolder } from "./workingFolder.ts";

/** The project of the build context that a command of a RUN works on. */
export interface CopiedProject {
  readonly index: ContextIndex;
  /** With a slash at its end; "" for the context's root. */
  readonly folder: string;
  /** What brought its manifest into the image. */
  readonly source: ContextSource;
  /** Whether a file of the context is in the image by then. */
  isCopied(path: string): boolean;
}

/** Where a command finds one of these files of the context, copied or mounted before. */
export function projectOf(
  input: LintInput,
  { run, script, instruction }: InstructionScript,
  command: ShellCommand,
  manifests: readonly string[],
): CopiedProject | undefined {
  const folder = folderOfCommand(workingFolder(input.file, instruction), script, command);
  if (folder === undefined) return undefined;
  const sources = contextSources(input).filter((source) => isThereFor(input, source, run));
  for (const source of sources.toReversed()) {
    const found = folderInContext(input, source, folder, manifests);
    if (found !== undefined)
      return { index: source.index, folder: found, source, isCopied: (path) => isCopied(sources, source.index, path) };
  }
  return undefined;
}

function isThereFor({ file }: LintInput, { instruction, usedBy }: ContextSource, run: Instruction): boolean {
  return usedBy === "mount"
    ? instruction.index === run.index
    : instruction.index < run.index && isBuiltOn(run, instruction, file);
}

function isCopied(sources: readonly ContextSource[], index: ContextIndex, path: string): boolean {
  const at = index.positionOf(path);
  return at !== undefined && sources.some(({ match }) => isInRanges(match.ranges, at));
}

/** `cd` of the same script counted in. */
function folderOfCommand(
  start: string | undefined,
  { commands }: ShellScript,
  command: ShellCommand,
): string | undefined {
  let folder = start;
  for (const earlier of commands.slice(0, commands.indexOf(command))) {
    const [target] = earlier.arguments;
    if (runsProgram(earlier, "pushd", "popd")) return undefined;
    if (runsProgram(earlier, "cd")) folder = target?.isLiteral ? inFolder(folder, target.value) : undefined;
  }
  return folder;
}

/** The folder of the context that this source puts at a folder of the image, if a manifest is in it. */
function folderInContext(
  input: LintInput,
  source: ContextSource,
  folder: string,
  manifests: readonly string[],
): string | undefined {
  const { index, match } = source;
  const place = destinationOf(input, source);
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

/** With a slash at its end. */
function folderBelow(contextFolder: string, destination: string, folder: string): string | undefined {
  if (folder !== destination && !folder.startsWith(`${destination.replace(/\/$/, "")}/`)) return undefined;
  const way = folder.slice(destination.length).replace(/^\//, "");
  return [contextFolder, way]
    .filter((part) => part !== "")
    .map((part) => `${part}/`)
    .join("");
}

function folderOfFile(
  index: ContextIndex,
  { start }: PositionRange,
  { path, isFolder: goesInto }: Destination,
  folder: string,
): string | undefined {
  const file = index.files[start];
  const name = nameOf(file);
  const isThere = goesInto ? path === folder : path === inFolder(folder, name);
  return file && isThere ? file.path.slice(0, file.path.length - name.length) : undefined;
}

/** A file copied alone is the manifest only if it is that file. */
function isSentFile(index: ContextIndex, path: string, only: PositionRange | undefined): boolean {
  const at = index.positionOf(path);
  return at !== undefined && index.isSent(at) && (only === undefined || only.start === at);
}

interface Destination {
  readonly path: string;
  /** What is copied keeps its name in there. */
  readonly isFolder: boolean;
}

function destinationOf({ file }: LintInput, { instruction, usedBy, span }: ContextSource): Destination | undefined {
  const folder = workingFolder(file, instruction);
  if (usedBy === "mount") {
    const mount = instruction.flags.find((flag) => flag.span.start <= span.start && span.end <= flag.span.end);
    const target = mount?.options.find(({ key }) => key === "target" || key === "dst" || key === "destination")?.value;
    const path = target && inFolder(folder, target.value);
    return path === undefined ? undefined : { path, isFolder: false };
  }
  const word = instruction.arguments.at(-1);
  const written = word && expandedPath(file, instruction, word);
  const path = inFolder(folder, written);
  return path === undefined || written === undefined
    ? undefined
    : { path, isFolder: instruction.arguments.length > 2 || /(?:^|\/)\.?$/.test(written) };
}
