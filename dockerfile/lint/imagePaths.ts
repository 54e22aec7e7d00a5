import { cleanPath } from "../syntax/cleanPath.ts";
import { expandWith } from "../syntax/expand.ts";
import type { Dockerfile, Instruction, LogicalText, Stage } from "../syntax/syntax.ts";
import { baseImageOf } from "./baseImages.ts";
import { scopesIn } from "./fileScopes.ts";
import type { LintInput } from "./rule.ts";
import { stageChain } from "./stageChains.ts";

/** The folder in which an instruction works: absolute, or undefined where nobody can tell. Windows paths are not followed. */
export function workingFolder(input: LintInput, instruction: Instruction): string | undefined {
  const { file } = input;
  const chain = stageChain(file, file.stages[instruction.stageIndex]);
  let folder = baseFolder(input, chain.at(-1));
  for (const before of chain.toReversed().flatMap(({ instructions }) => instructions)) {
    if (before.index >= instruction.index) break;
    if (before.keyword.value !== "WORKDIR") continue;
    const path = expanded(file, before, before.rest)?.trim();
    folder = path === undefined ? undefined : absolutePath(path, folder);
  }
  return folder;
}

function baseFolder({ file, facts }: LintInput, root: Stage | undefined): string | undefined {
  if (root && scopesIn(file).base(root)?.result === "scratch") return "/";
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
