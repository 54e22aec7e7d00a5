import type { RunCommand } from "../../semantics/files/runEffects.ts";
import { mountsOf } from "../../syntax/mounts.ts";
import { parseNpm, type NpmCommand } from "../node/command.ts";
import type { SizeRange } from "../estimator.ts";
import { baseText, variablesOf } from "./npmProject.ts";
import type { ProgramRun } from "./program.ts";

/** The files that npm leaves in a layer beside node_modules. */
export interface Leavings {
  readonly keepsCache: boolean;
  readonly keepsLogs: boolean;
  /** An earlier line may have downloaded some of it. */
  readonly isCached: boolean;
  /** The code that Node compiles of npm itself and keeps in /tmp. */
  readonly compiled: SizeRange;
  /** Reasons why less may be installed. */
  readonly problems: readonly string[];
}

interface OwnCommand {
  readonly command: RunCommand;
  readonly npm: NpmCommand;
}

/** Follows what the other commands of a RUN, and its mounts, make of what npm writes. */
export function leftOf(run: ProgramRun, own: readonly OwnCommand[]): Leavings {
  const last = Math.max(
    ...own.map(({ command, npm }) => (npm.does === "install" ? run.commands.indexOf(command) : -1)),
  );
  const removed = run.commands.slice(last + 1).flatMap(removedBy);
  const mounted = mountsOf(run.instruction).flatMap(({ type, target }) =>
    type === "cache" || type === "tmpfs" ? (target?.value ?? []) : [],
  );
  const gone = [...removed, ...mounted].map((path) => path.replace(/\/\*?$/, ""));
  const isHomeGone = gone.some((path) => /(?:^|\/)\.npm$/.test(path) || path === "/root" || path === "~");
  const isCleaned = own.some(({ command, npm }) => npm.does === "cleanCache" && run.commands.indexOf(command) > last);
  return {
    keepsCache: !isHomeGone && !isCleaned && !gone.some((path) => /\.npm\/_cacache$/.test(path)),
    keepsLogs: !isHomeGone && !gone.some((path) => /\.npm\/_logs$/.test(path)),
    isCached: ranBefore(run),
    compiled: gone.includes("/tmp") || gone.includes("/tmp/node-compile-cache") ? none : compiledBytes(run),
    problems: [
      ...(removed.some((path) => /(?:^|\/)node_modules(?:\/|$)/.test(path))
        ? ["removes some of node_modules again"]
        : []),
      ...configuredBefore(run),
    ],
  };
}

function removedBy({ program, words }: RunCommand): readonly string[] {
  if (program === "rm") return words.filter((word) => !word.startsWith("-"));
  return program === "find" && words.some((word) => /^-(?:delete|exec)/.test(word)) ? ["node_modules"] : [];
}

function ranBefore(run: ProgramRun): boolean {
  return commandsBefore(run).some(({ program }) => program === "npm" || program === "npx");
}

/** The commands of the lines above, in the stage and those that it is built on. */
function commandsBefore({ build, stage, instruction }: ProgramRun): readonly RunCommand[] {
  const chain = build.stageChain(stage).flatMap(({ instructions }) => instructions);
  const earlier = chain.filter((other) => other.span.start < instruction.span.start);
  return earlier.flatMap((other) => build.files().run(other)?.commands ?? []);
}

/** Settings of an earlier line that may change what is installed. */
function configuredBefore(run: ProgramRun): readonly string[] {
  const odd = commandsBefore(run).some(({ program, words }) => {
    const it = program === "npm" ? parseNpm(words, () => undefined) : undefined;
    return it?.does === "unknown" && it.why.startsWith("runs `npm config set");
  });
  return odd ? ["an earlier line changes npm's settings"] : [];
}

const none: SizeRange = { low: 0, likely: 0, high: 0 };

/** Counted with Node 24 and npm 11: 1.39 MB; other commands of npm compile other files. */
const compiledByNpm: SizeRange = { low: 0, likely: 1_390_000, high: 3_000_000 };
/**
 * The first version that keeps compiled code for programs that ask for it.
 * @see https://nodejs.org/api/module.html#moduleenablecompilecachecachedir
 */
const firstCompiling = 22;

function compiledBytes(run: ProgramRun): SizeRange {
  const variables = variablesOf(run, new Map());
  if (variables("node_disable_compile_cache") !== undefined) return none;
  const version = variables("node_version") ?? /(?:^|\/)node:(\d+)/.exec(baseText(run))?.[1];
  const major = Number.parseInt(version ?? "", 10);
  if (Number.isNaN(major)) return { ...compiledByNpm, likely: 0 };
  return major >= firstCompiling ? compiledByNpm : none;
}
