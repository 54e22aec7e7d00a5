import { cleanPath } from "../syntax/cleanPath.ts";
import { expandWith } from "../syntax/expand/expand.ts";
import type { Dockerfile, Instruction, Word } from "../syntax/syntax.ts";
import { scopesIn } from "./scopes.ts";
import { stageChain } from "./stageChains.ts";

/** The folder in which an instruction works: absolute, or relative to the base image's (`?/app`), which is enough to compare two of a stage. Undefined where it depends on unknown variables. */
export function workingFolder(file: Dockerfile, instruction: Instruction): string | undefined {
  let folder: string | undefined = unknownBase;
  const stages = stageChain(file, file.stages[instruction.stageIndex]).toReversed();
  for (const earlier of stages.flatMap(({ instructions }) => instructions)) {
    if (earlier.index >= instruction.index && earlier.stageIndex === instruction.stageIndex) break;
    const [word] = earlier.arguments;
    if (earlier.keyword.value === "WORKDIR" && word) folder = inFolder(folder, expandedPath(file, earlier, word));
  }
  return folder;
}

/** A path seen from a folder. */
export function inFolder(folder: string | undefined, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  if (path.startsWith("/")) return cleanPath(path);
  return folder === undefined ? undefined : cleanPath(`${folder}/${path}`);
}

/** A word's path with its variables put in; undefined where one is unknown. */
export function expandedPath(file: Dockerfile, instruction: Instruction, word: Word): string | undefined {
  const { value, unknownNames, failure } = expandWith(word.logical, file.escape, scopesIn(file).lookup(instruction));
  return unknownNames.length > 0 || failure ? undefined : value;
}

const unknownBase = "?";
