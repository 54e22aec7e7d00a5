import { parseAptCommand, type AptFiles, type AptOperation } from "./command.ts";
import { runOperation } from "./resolve/operations.ts";
import { changesBetween, type Refusal } from "./resolve/plan.ts";
import type { Entry, System } from "./resolve/system.ts";
import type { AptRun } from "./stage.ts";

/** The result of a RUN's commands. */
export interface RunOutcome {
  readonly state: "done";
  readonly system: System;
  /** The number of times a package was unpacked. */
  readonly unpackings: number;
  /** The number of removed packages: of the base, and of those that this RUN had installed. */
  readonly removed: number;
  /** Bytes of .debs that haven't been cleaned up since. */
  readonly downloadedBytes: number;
  readonly left: ReadonlySet<AptFiles>;
  /** Removed paths that may belong to packages or to files that apt writes. */
  readonly removedPaths: readonly string[];
  /** True if the package lists exist, in this layer or below. */
  readonly hasLists: boolean;
  /** True if an update has fetched them, in this RUN or an earlier one. */
  readonly hasNewLists: boolean;
  /** True if a command removed the lists, those of the base image included. */
  readonly removedLists: boolean;
  readonly otherCommands: readonly number[];
  /** True if a command installs recommended packages without an explicit option. */
  readonly installsRecommends: boolean;
}

export interface FailedRun {
  readonly state: "unknown";
  readonly reason: string;
  readonly refusals: readonly Refusal[];
}

/** "without-recommends" runs installs as with `--no-install-recommends`, to determine the saving. */
export type RecommendsMode = "as-configured" | "without-recommends";

/** Runs the commands one after the other; those that don't concern apt are only listed. */
export function runCommands(run: AptRun, mode: RecommendsMode): RunOutcome | FailedRun {
  let done: RunOutcome = {
    state: "done",
    system: run.stage.system,
    unpackings: 0,
    removed: 0,
    downloadedBytes: 0,
    left: new Set(),
    removedPaths: [],
    hasLists: run.stage.hasLists,
    hasNewLists: run.stage.hasNewLists,
    removedLists: false,
    otherCommands: [],
    installsRecommends: false,
  };
  for (const [index, command] of run.commands.entries()) {
    const parsed = parseAptCommand(command);
    if (!parsed) {
      done = { ...done, otherCommands: [...done.otherCommands, index] };
      continue;
    }
    if (parsed.state === "unsupported") return { state: "unknown", reason: parsed.reason, refusals: [] };
    const next = runOne(run, done, inMode(parsed.operation, mode));
    if (next.state === "unknown") return next;
    done = next;
  }
  return done;
}

function inMode(operation: AptOperation, mode: RecommendsMode): AptOperation {
  if (operation.kind !== "install" || mode === "as-configured") return operation;
  return { ...operation, options: { ...operation.options, recommends: false } };
}

function runOne(run: AptRun, done: RunOutcome, operation: AptOperation): RunOutcome | FailedRun {
  switch (operation.kind) {
    case "nothing":
      return done;
    case "update":
      return updated(done);
    case "clean":
      return cleaned(done, ["archives", "caches"]);
    case "rm":
      return { ...cleaned(done, operation.what), removedPaths: [...done.removedPaths, ...operation.others] };
    default:
      return changePackages(run, done, operation);
  }
}

/** The state after an update. Lists of an earlier update were fetched moments before. */
function updated(done: RunOutcome): RunOutcome {
  const lists: readonly AptFiles[] = done.hasNewLists ? [] : ["lists"];
  return { ...done, left: new Set([...done.left, ...lists, "caches"]), hasLists: true, hasNewLists: true };
}

function cleaned(done: RunOutcome, what: readonly AptFiles[]): RunOutcome {
  return {
    ...done,
    left: new Set([...done.left].filter((files) => !what.includes(files))),
    hasLists: done.hasLists && !what.includes("lists"),
    hasNewLists: done.hasNewLists && !what.includes("lists"),
    removedLists: done.removedLists || what.includes("lists"),
    downloadedBytes: what.includes("archives") ? 0 : done.downloadedBytes,
  };
}

type PackageOperation = Extract<AptOperation, { kind: "install" | "upgrade" | "remove" | "mark" }>;

function changePackages(run: AptRun, done: RunOutcome, operation: PackageOperation): RunOutcome | FailedRun {
  const { base } = run.stage;
  const { system, refusals } = runOperation({ base, index: run.index }, done.system, operation);
  if (refusals.length > 0) return { state: "unknown", reason: describe(refusals), refusals };
  const { unpacked, removed } = changesBetween(done.system, system);
  if (unpacked.length > 0 && lacksLists(run, done)) return { state: "unknown", reason: noLists, refusals: [] };
  return {
    ...done,
    system,
    unpackings: done.unpackings + unpacked.length,
    removed: done.removed + removed.length,
    downloadedBytes: unpacked.reduce((sum, entry) => sum + downloadBytesOf(entry), done.downloadedBytes),
    left: new Set<AptFiles>([...done.left, ...(unpacked.length > 0 ? (["archives", "caches"] as const) : [])]),
    installsRecommends:
      done.installsRecommends || (operation.kind === "install" && operation.options.recommends === undefined),
  };
}

const noLists = "apt has no package lists here: run apt-get update first";

/**
 * True if the package lists are certainly missing. Without a list of the base's files, and in a cache mount, older
 * lists may exist.
 */
function lacksLists({ stage: { base }, cacheMounts }: AptRun, { hasLists }: RunOutcome): boolean {
  return base.files !== undefined && !hasLists && cacheMounts?.has("lists") !== true;
}

function downloadBytesOf({ it }: Entry): number {
  return "downloadBytes" in it && typeof it.downloadBytes === "number" ? it.downloadBytes : 0;
}

/** The reason why the build would fail, with the first few packages. */
function describe(refusals: readonly Refusal[]): string {
  const shown = refusals
    .slice(0, maxShown)
    .map(({ package: name, reason, suggestion }) =>
      suggestion === undefined ? `${name} ${reason}` : `${name} ${reason}; did you mean ${suggestion}?`,
    );
  const more = refusals.length - shown.length;
  return `apt would fail: ${shown.join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}

const maxShown = 3;
