import { cleanPath } from "../syntax/cleanPath.ts";
import { expandWith } from "../syntax/expand/expand.ts";
import type { Dockerfile, Instruction, LogicalText, Stage } from "../syntax/syntax.ts";
import { baseImageOf } from "./baseImages.ts";
import { scopesIn } from "./scopes.ts";
import type { LintInput } from "../lint/rule.ts";

/** The folder in which an instruction works: absolute, or undefined where nobody can tell. Windows paths are not followed. */
export function workingFolder(input: LintInput, instruction: Instruction): string | undefined {
  let folders = known.get(input);
  if (!folders) known.set(input, (folders = foldersIn(input)));
  return folders[instruction.index];
}

const known = new WeakMap<LintInput, readonly (string | undefined)[]>();

/** By the instruction's index. */
function foldersIn(input: LintInput): readonly (string | undefined)[] {
  const { file } = input;
  const folders: (string | undefined)[] = [];
  const atEnd: (string | undefined)[] = [];
  for (const stage of file.stages) {
    const base = scopesIn(file).baseStage(stage);
    let folder = base ? atEnd[base.index] : baseFolder(input, stage);
    for (const instruction of stage.instructions) {
      folders[instruction.index] = folder;
      if (instruction.keyword.value !== "WORKDIR") continue;
      const path = expanded(file, instruction, instruction.rest)?.trim();
      folder = path === undefined ? undefined : absolutePath(path, folder);
    }
    atEnd[stage.index] = folder;
  }
  return folders;
}

function baseFolder({ file, facts }: LintInput, root: Stage): string | undefined {
  if (scopesIn(file).base(root)?.result === "scratch") return "/";
  const base = baseImageOf(file, root);
  const fact = base && facts.get({ kind: "baseImage", reference: base.text });
  return fact?.state === "known" ? fact.value.workingDir || "/" : undefined;
}

/** A path of the image in its shortest form; undefined for one that counts from an unknown folder, and for Windows. */
export function absolutePath(path: string, folder: string | undefined): string | undefined {
  if (/^[A-Za-z]:|\\/.test(path)) return undefined;
  if (path.startsWith("/")) return cleanPath(path);
  return folder === undefined ? undefined : cleanPath(`${folder}/${path}`);
}

/** Whether a path is a folder, or something in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);
}

/** A text with the variables of an instruction; undefined where one is not known. */
export function expanded(file: Dockerfile, instruction: Instruction, text: LogicalText): string | undefined {
  const { value, unknownNames, failure } = expandWith(text, file.escape, scopesIn(file).lookup(instruction));
  return unknownNames.length > 0 || failure ? undefined : value;
}
