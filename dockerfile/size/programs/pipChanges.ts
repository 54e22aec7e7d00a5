import { shortText } from "../../semantics/files/whatItRuns.ts";
import { isWithin } from "../../semantics/imagePaths.ts";
import type { Build } from "../../semantics/build.ts";
import type { Instruction } from "../../syntax/syntax.ts";
import type { PythonBase } from "../python/base.ts";
import { pipCommandsIn } from "./pipCommands.ts";

/**
 * The reason why pip may find other packages or settings after an instruction, beyond what its own installs do. Phrased
 * for the middle of a sentence.
 */
export function environmentChange(build: Build, instruction: Instruction, base: PythonBase): string | undefined {
  switch (instruction.keyword.value) {
    case "RUN":
      return changeByRun(build, instruction);
    case "COPY":
    case "ADD":
      return changeByCopy(build, instruction, base);
    default:
      return undefined;
  }
}

/** Programs that install packages of Python, or may run anything. */
const others: ReadonlySet<string> = new Set([
  "uv",
  "poetry",
  "pipenv",
  "pdm",
  "conda",
  "mamba",
  "micromamba",
  "easy_install",
  "make",
  "sh",
  "bash",
]);

function changeByRun(build: Build, instruction: Instruction): string | undefined {
  const other = build
    .files()
    .run(instruction)
    ?.commands.find(({ program }) => others.has(program));
  if (other) return `runs \`${shortText(other)}\``;
  const odd = pipCommandsIn(build, instruction).find(
    ({ pip }) => pip.does === "unknown" && pip.why.startsWith("runs `pip "),
  );
  return odd?.pip.does === "unknown" ? odd.pip.why : undefined;
}

function changeByCopy(build: Build, instruction: Instruction, { sitePackages }: PythonBase): string | undefined {
  const keyword = instruction.keyword.value;
  const path = build.copy(instruction)?.destination?.path;
  if (path === undefined) return undefined;
  if (/(?:^|\/)\.?pip(?:\.conf)?\/?$/.test(path)) return `${keyword} changes ${path}`;
  const isFromElsewhere = instruction.flags.some(({ name }) => name === "from") || keyword === "ADD";
  const isAbove = path !== "/" && isWithin(sitePackages, path.replace(/\/+$/, ""));
  return isWithin(path, sitePackages) || (isFromElsewhere && isAbove) ? `${keyword} changes ${path}` : undefined;
}
