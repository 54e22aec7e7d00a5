import type { RunCommand } from "../../../semantics/files/runEffects.ts";
import { mountsOf } from "../../../syntax/mounts.ts";
import type { NpmCommand } from "../../node/command.ts";
import type { SizeRange } from "../../estimator.ts";
import type { ProgramRun } from "../program.ts";

/** The files that a package manager of Node leaves in a layer beside the packages. */
export interface Leavings {
  readonly keepsCache: boolean;
  readonly keepsLogs: boolean;
  /** An earlier line may have downloaded some of it. */
  readonly isCached: boolean;
  /** The code that Node compiles of the manager itself and keeps in /tmp, or what the manager keeps about itself. */
  readonly compiled: SizeRange;
  /** Reasons why less may be installed. */
  readonly problems: readonly string[];
  /** Reasons why more may be. */
  readonly additions?: readonly string[];
}

export interface OwnCommand {
  readonly command: RunCommand;
  readonly npm: NpmCommand;
}

export const none: SizeRange = { low: 0, likely: 0, high: 0 };

/** Files that the commands after the last install, and the mounts of a RUN, keep out of its layer. */
export interface Gone {
  /** Without a trailing slash or `/*`. */
  readonly paths: readonly string[];
  readonly isCacheCleaned: boolean;
  /** Reasons why less may be installed. */
  readonly problems: readonly string[];
}

export function goneAfter(run: ProgramRun, own: readonly OwnCommand[]): Gone {
  const last = Math.max(
    ...own.map(({ command, npm }) => (npm.does === "install" ? run.commands.indexOf(command) : -1)),
  );
  const removed = run.commands.slice(last + 1).flatMap(removedBy);
  const mounted = mountsOf(run.instruction).flatMap(({ type, target }) =>
    type === "cache" || type === "tmpfs" ? (target?.value ?? []) : [],
  );
  const isFromModules = removed.some((path) => /(?:^|\/)node_modules(?:\/|$)/.test(path));
  return {
    paths: [...removed, ...mounted].map((path) => path.replace(/\/\*?$/, "")),
    isCacheCleaned: own.some(({ command, npm }) => npm.does === "cleanCache" && run.commands.indexOf(command) > last),
    problems: isFromModules ? ["removes some of node_modules again"] : [],
  };
}

function removedBy({ program, words }: RunCommand): readonly string[] {
  if (program === "rm") return words.filter((word) => !word.startsWith("-"));
  return program === "find" && words.some((word) => /^-(?:delete|exec)/.test(word)) ? ["node_modules"] : [];
}

/** The commands of the lines above, in the stage and those that it is built on. */
export function commandsBefore({ build, stage, instruction }: ProgramRun): readonly RunCommand[] {
  const chain = build.stageChain(stage).flatMap(({ instructions }) => instructions);
  const earlier = chain.filter((other) => other.span.start < instruction.span.start);
  return earlier.flatMap((other) => build.files().run(other)?.commands ?? []);
}
