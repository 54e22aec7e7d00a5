import { parseNpm } from "../../node/command.ts";
import type { SizeRange } from "../../estimator.ts";
import { commandsBefore, goneAfter, none, type Leavings, type OwnCommand } from "./nodeLeavings.ts";
import { baseText, variablesOf } from "./npmProject.ts";
import type { ProgramRun } from "../program.ts";

/** Follows what the other commands of a RUN, and its mounts, make of what npm writes. */
export function leftOfNpm(run: ProgramRun, own: readonly OwnCommand[]): Leavings {
  const { paths, isCacheCleaned, problems } = goneAfter(run, own);
  const isHomeGone = paths.some((path) => /(?:^|\/)\.npm$/.test(path) || path === "/root" || path === "~");
  return {
    keepsCache: !isHomeGone && !isCacheCleaned && !paths.some((path) => /\.npm\/_cacache$/.test(path)),
    keepsLogs: !isHomeGone && !paths.some((path) => /\.npm\/_logs$/.test(path)),
    isCached: commandsBefore(run).some(({ program }) => program === "npm" || program === "npx"),
    compiled:
      paths.includes("/tmp") || paths.includes("/tmp/node-compile-cache") ? none : compiledBytes(run, compiledByNpm),
    problems: [...problems, ...configuredBefore(run)],
  };
}

/** Settings of an earlier line that may change what is installed. */
function configuredBefore(run: ProgramRun): readonly string[] {
  const odd = commandsBefore(run).some(({ program, words }) => {
    const it = program === "npm" ? parseNpm(words, () => undefined) : undefined;
    return it?.does === "unknown" && it.why.startsWith("runs `npm config set");
  });
  return odd ? ["an earlier line changes npm's settings"] : [];
}

/** Counted with Node 24 and npm 11: 1.39 MB; other commands of npm compile other files. */
const compiledByNpm: SizeRange = { low: 0, likely: 1_390_000, high: 3_000_000 };
/**
 * The first version that keeps compiled code for programs that ask for it.
 * @see https://nodejs.org/api/module.html#moduleenablecompilecachecachedir
 */
const firstCompiling = 22;

/** Returns the size of the code that Node keeps after it compiled a program: `most`, or less if Node may be too old. */
export function compiledBytes(run: ProgramRun, most: SizeRange): SizeRange {
  const variables = variablesOf(run, new Map());
  if (variables("node_disable_compile_cache") !== undefined) return none;
  const version = variables("node_version") ?? /(?:^|\/)node:(\d+)/.exec(baseText(run))?.[1];
  const major = Number.parseInt(version ?? "", 10);
  if (Number.isNaN(major)) return { ...most, likely: 0 };
  return major >= firstCompiling ? most : none;
}
