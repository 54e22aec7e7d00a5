import type { ApkBase, ApkRepository, KnownRepository } from "./base.ts";
import type { ApkCommand } from "./command.ts";
import { parseApkRelation, type ApkPackage } from "./package.ts";
import { solveApk } from "./resolve.ts";

/** The packages of an image at a place in a stage. */
export interface ApkState {
  readonly base: ApkBase;
  /** Those of the image, and those that lines have added. */
  readonly repositories: readonly ApkRepository[];
  readonly installed: readonly ApkPackage[];
  readonly world: readonly string[];
  /** The file of scripts and others beside the list. */
  readonly scriptBytes: number;
  /** True if the indexes are kept in the image. */
  readonly hasIndexes: boolean;
}

export function startOfApk(base: ApkBase): ApkState {
  const { repositories, installed, world, scriptBytes, hasIndexes } = base;
  return { base, repositories, installed, world, scriptBytes, hasIndexes };
}

/** The result of a RUN's commands of apk. */
export interface ApkOutcome {
  readonly state: ApkState;
  /** True if apk rewrote its lists. */
  readonly writesLists: boolean;
  /** Bytes of indexes that it downloaded and kept. */
  readonly indexBytes: number;
  /** The same for those that it would only download again if they had changed. */
  readonly refreshedBytes: number;
}

/** A command, and the repositories that it uses. */
export interface ApkStep {
  readonly command: ApkCommand;
  readonly repositories: readonly KnownRepository[];
  /** True for a removal of the kept indexes, by `rm`. */
  readonly removesIndexes: boolean;
}

/** Follows the commands of a RUN; the reason why if one of them can't be followed. */
export function runApk(state: ApkState, steps: readonly ApkStep[]): ApkOutcome | string {
  let outcome: ApkOutcome = { state, writesLists: false, indexBytes: 0, refreshedBytes: 0 };
  for (const step of steps) {
    const next = runStep(outcome, step);
    if (typeof next === "string") return next;
    outcome = next;
  }
  return outcome;
}

function runStep(outcome: ApkOutcome, step: ApkStep): ApkOutcome | string {
  const { command } = step;
  if (step.removesIndexes)
    return { ...outcome, indexBytes: 0, refreshedBytes: 0, state: { ...outcome.state, hasIndexes: false } };
  switch (command.does) {
    case "nothing":
      return outcome;
    case "unknown":
      return command.why;
    case "update":
      return withIndexes(outcome, step, "always");
    case "delete":
      return changed(outcome, step, withoutNames(outcome.state.world, command.names));
    default:
      return changed(withIndexes(outcome, step, command.fetches), step, withRequests(outcome.state, command));
  }
}

function withIndexes(
  outcome: ApkOutcome,
  { repositories }: ApkStep,
  fetches: "missing" | "always" | "unkept",
): ApkOutcome {
  const { hasIndexes } = outcome.state;
  if (fetches === "unkept" || (fetches === "missing" && hasIndexes)) return outcome;
  const bytes = repositories.reduce((sum, { list }) => sum + list.fileBytes, 0);
  const isNew = !hasIndexes || outcome.indexBytes > 0;
  return {
    ...outcome,
    indexBytes: isNew ? bytes : 0,
    refreshedBytes: isNew ? 0 : bytes,
    state: { ...outcome.state, hasIndexes: true },
  };
}

interface Wanted {
  readonly world: readonly string[];
  readonly upgrades: "none" | "all";
  /** A package that only stands for others. */
  readonly virtual?: ApkPackage;
}

function withoutNames(world: readonly string[], names: readonly string[]): Wanted {
  const gone = new Set(names.flatMap((name) => parseApkRelation(name)?.name ?? []));
  return { world: world.filter((word) => !gone.has(parseApkRelation(word)?.name ?? "")), upgrades: "none" };
}

/** As apk names the version of a virtual package: the time of the build. */
const virtualVersion = "20260101.000000";

function withRequests({ world }: ApkState, command: Extract<ApkCommand, { does: "add" | "upgrade" }>): Wanted {
  const { requests, virtual: name } = command;
  const upgrades = command.upgrades ? "all" : "none";
  if (name === undefined) return { world: [...withoutNames(world, requests).world, ...requests], upgrades };
  const depends = requests.flatMap((request) => parseApkRelation(request) ?? []);
  const recordBytes = `C:Q1${"=".repeat(28)}\nP:${name}\nV:${virtualVersion}\nA:noarch\nS:0\nI:0\nT:virtual meta package\nU:\nL:\nD:${requests.join(" ")}\n\n`;
  const virtual: ApkPackage = {
    ...{ name, version: virtualVersion, bytes: 0, recordBytes: recordBytes.length, depends },
    ...{ provides: [], installIf: [], priority: 0 },
  };
  return { world: [...withoutNames(world, [name]).world, `${name}=${virtualVersion}`], upgrades, virtual };
}

function changed(
  outcome: ApkOutcome,
  { repositories }: ApkStep,
  { world, upgrades, virtual }: Wanted,
): ApkOutcome | string {
  const { state } = outcome;
  if (repositories.some(({ list }) => list.countsBlocks)) return inBlocks;
  const kept = virtual ? state.installed.filter(({ name }) => name !== virtual.name) : state.installed;
  const solution = solveApk({ world, installed: virtual ? [...kept, virtual] : kept, repositories, upgrades });
  if (!solution.ok) return solution.why;
  return { ...outcome, writesLists: true, state: { ...state, world, installed: solution.packages } };
}

const inBlocks = "the package index counts them in blocks of a disk, not in bytes";
