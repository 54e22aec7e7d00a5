import { profileOf } from "../../../oci/packages/dpkgPathRules.ts";
import type { AptBase, AptIndex } from "./base.ts";
import { cacheBytes, archiveBytes, listBytes, withoutLists } from "./bytes/leftBehind.ts";
import type { MeasuredPackage } from "./bytes/measuredPackages.ts";
import {
  debconfAfter,
  lostListsAfter,
  overheadsOf,
  unpredictableAmong,
  type Overhead,
  type Unpacking,
  type UnpackedPackage,
  type WrittenBefore,
} from "./bytes/overhead.ts";
import { leftOutParts, payloadOf, uncoveredRule, type Payload, type PayloadTrust } from "./bytes/payload.ts";
import { addIndependent, addRanges, rounded, type ByteRange } from "./bytes/range.ts";
import { copyrightRemoved, readRemovals, withoutRemoved, type Removals } from "./bytes/removals.ts";
import type { AptFiles } from "./command.ts";
import type { AptRun, AptStage } from "./stage.ts";
import { runCommands, type RunOutcome } from "./run.ts";
import type { Refusal } from "./resolve/plan.ts";
import { changesBetween } from "./resolve/plan.ts";
import type { Entry, System } from "./resolve/system.ts";

export type AptPrediction =
  | ({ readonly state: "predicted" } & PredictedSize)
  /** The size of the commands that concern apt is unknown. */
  | { readonly state: "unknown"; readonly reason: string; readonly refusals: readonly Refusal[] };

export interface PredictedSize extends ByteRange {
  /** The parts of the layer, the largest first. */
  readonly contributors: readonly Contributor[];
  /** Files that are useless after the RUN. */
  readonly leftBehind: readonly { readonly what: AptFiles; readonly bytes: number }[];
  readonly savings: readonly Saving[];
  readonly packageCount: number;
  /** Bytes of packages by the source of their sizes. */
  readonly trust: Readonly<Record<PayloadTrust, number>>;
  /** Indices of commands that don't concern apt: their bytes aren't included. */
  readonly otherCommands: readonly number[];
  readonly after: AptStage;
}

export interface Contributor {
  readonly label: string;
  readonly bytes: number;
}

/** The bytes that a change of the RUN would save. */
export interface Saving {
  readonly change: "no-install-recommends" | "remove-lists" | "clean";
  readonly bytes: number;
}

/** Predicts the bytes that the apt commands of a RUN add to its layer. */
export function predictApt(run: AptRun): AptPrediction {
  const reason = reasonAgainst(run);
  if (reason !== undefined) return { state: "unknown", reason, refusals: [] };
  const outcome = runCommands(run, "as-configured");
  if (outcome.state === "unknown") return outcome;
  const weighed = weigh(run, outcome);
  const { unknown } = readRemovals(outcome.removedPaths);
  if (unknown !== undefined && weighed.unpacked.length > 0)
    return { state: "unknown", reason: `it removes ${unknown}, which may be files of packages`, refusals: [] };
  const unpredictable = unpredictableAmong(weighed.unpacked);
  if (unpredictable.length > 0) {
    const why = `the scripts of ${unpredictable.slice(0, 3).join(", ")} make files of unknown size`;
    return { state: "unknown", reason: why, refusals: [] };
  }
  return { state: "predicted", ...summarize(run, outcome, weighed) };
}

function reasonAgainst({ stage: { base }, index }: AptRun): string | undefined {
  const [unsupported] = base.unsupported;
  if (unsupported !== undefined) return `${unsupported} isn't covered`;
  const rule = uncoveredRule(base.pathRules);
  if (rule) return `dpkg leaves out ${rule.pattern} in this image, and its share isn't known`;
  const indexed = new Set(index.suites.map(({ source }) => JSON.stringify(source)));
  const missing = base.sources.find((source) => !indexed.has(JSON.stringify(source)));
  return missing ? `the index of ${missing.suite} at ${missing.uri} is not available` : undefined;
}

/** The packages of a layer with their sizes, and the overhead. */
interface Weighed {
  readonly unpacked: readonly UnpackedPackage[];
  readonly payloads: readonly Payload[];
  readonly files: ByteRange;
  readonly overheads: readonly Overhead[];
  readonly left: ReadonlyMap<AptFiles, ByteRange>;
  readonly after: WrittenBefore;
}

function weigh(run: AptRun, outcome: RunOutcome): Weighed {
  const { stage, index, measured, learned, cacheMounts } = run;
  const { unpacked: entries, removed } = changesBetween(stage.system, outcome.system);
  const removals = readRemovals(outcome.removedPaths);
  const rules = rulesOf(run, removals);
  const context = { ...rules, measured: isDebian(index) ? measured : noPackages, ...(learned ? { learned } : {}) };
  const payloads = entries.map(({ it }) => payloadOf(it, context));
  const unpacked = entries.map((entry, at) => unpackedPackage(entry, payloads[at], stage.system));
  const left = new Map<AptFiles, ByteRange>();
  const leave = (what: AptFiles, bytes: ByteRange): void => {
    if (outcome.left.has(what) && !cacheMounts?.has(what) && bytes.likely > 0) left.set(what, bytes);
  };
  leave("lists", listBytes(baseAfter(run, outcome), index));
  leave("archives", archiveBytes(stage.base, outcome.downloadedBytes));
  leave("caches", cacheBytes(stage.base, index));
  const unpacking: Unpacking = {
    after: outcome.system,
    unpacked,
    unpackings: outcome.unpackings,
    removed: outcome.removed,
    removedBelow: removed.length,
    before: stage.written,
  };
  const all = overheadsOf(unpacking);
  const files = addRanges([payloadSum(payloads), copyrightRemoved(removals, payloads.length)]);
  return {
    unpacked,
    payloads,
    files,
    overheads: withoutRemoved(all, removals),
    left,
    after: writtenAfter(unpacking, all, removals),
  };
}

/** The path rules. Files removed in the RUN count as excluded by dpkg; the sizes then don't belong to any profile. */
function rulesOf({ stage: { base } }: AptRun, { parts }: Removals) {
  const { pathRules } = base;
  const leftOut = leftOutParts(pathRules);
  const removed = parts.filter((part) => !leftOut.includes(part));
  const profile = profileOf(pathRules);
  return {
    profile: parts.length === 0 ? profile : `${profile}, removed ${parts.join(" ")}`,
    leftOut: [...leftOut, ...removed],
  };
}

/** True for Debian: Ubuntu and others build packages with the same names without translations and changelogs. */
function isDebian({ suites }: AptIndex): boolean {
  return suites.some(({ release }) => release.origin.startsWith("Debian"));
}

const noPackages: ReadonlyMap<string, MeasuredPackage> = new Map();

function unpackedPackage(entry: Entry, payload: Payload | undefined, before: System): UnpackedPackage {
  const composition = payload?.composition;
  return {
    entry,
    isUpgrade: before.get(entry.it.name) !== undefined,
    pythonBytes: composition?.python ?? 0,
    infoBytes: composition?.info ?? 0,
    ...(payload?.learned && { learned: payload.learned }),
  };
}

/** The possible common error of all packages with the same trust, as a share of their bytes. */
const commonErrors: Readonly<Record<PayloadTrust, number>> = { learned: 0, measured: 0.002, typical: 0.03 };

function payloadSum(payloads: readonly Payload[]): ByteRange {
  return addRanges(
    (Object.keys(commonErrors) as PayloadTrust[]).map((trust) =>
      addIndependent(
        payloads.filter((payload) => payload.trust === trust).map(({ files }) => files),
        commonErrors[trust],
      ),
    ),
  );
}

function summarize(run: AptRun, outcome: RunOutcome, weighed: Weighed): PredictedSize {
  const { unpacked, payloads, left } = weighed;
  return {
    ...rounded(totalOf(weighed)),
    contributors: contributorsOf(weighed),
    leftBehind: [...left].map(([what, { likely }]) => ({ what, bytes: Math.round(likely) })),
    savings: savingsOf(run, outcome, weighed),
    packageCount: unpacked.length,
    trust: trustOf(payloads),
    otherCommands: outcome.otherCommands,
    after: {
      base: baseAfter(run, outcome),
      system: outcome.system,
      written: weighed.after,
      hasLists: outcome.hasLists && keepsLists(run),
      hasNewLists: outcome.hasNewLists && keepsLists(run),
    },
  };
}

function keepsLists({ cacheMounts }: AptRun): boolean {
  return cacheMounts?.has("lists") !== true;
}

/** The base without the package lists that a RUN removed. */
function baseAfter(run: AptRun, { removedLists }: RunOutcome): AptBase {
  const { base } = run.stage;
  return removedLists && keepsLists(run) ? withoutLists(base) : base;
}

function totalOf({ files, overheads, left }: Weighed): ByteRange {
  return addRanges([files, ...overheads.map(({ bytes }) => bytes), ...left.values()]);
}

function contributorsOf({ unpacked, payloads, overheads, left }: Weighed): readonly Contributor[] {
  const packages = unpacked.map(({ entry }, at) => ({
    label: entry.it.name,
    bytes: payloads[at]?.files.likely ?? 0,
  }));
  const rest = [
    ...overheads.map(({ cause, bytes }) => ({ label: cause, bytes: bytes.likely })),
    ...[...left].map(([what, bytes]) => ({ label: leftLabels[what], bytes: bytes.likely })),
  ];
  return [...packages, ...rest]
    .map(({ label, bytes }) => ({ label, bytes: Math.round(bytes) }))
    .sort((a, b) => b.bytes - a.bytes);
}

const leftLabels: Readonly<Record<AptFiles, string>> = {
  lists: "package lists",
  archives: "downloaded packages",
  caches: "apt's caches",
};

function trustOf(payloads: readonly Payload[]): Readonly<Record<PayloadTrust, number>> {
  const sums: Record<PayloadTrust, number> = { learned: 0, measured: 0, typical: 0 };
  for (const { trust, files } of payloads) sums[trust] += Math.round(files.likely);
  return sums;
}

function savingsOf(run: AptRun, outcome: RunOutcome, weighed: Weighed): readonly Saving[] {
  const savings: Saving[] = [];
  if (outcome.installsRecommends) {
    const without = runCommands(run, "without-recommends");
    const bytes = without.state === "done" ? totalOf(weighed).likely - totalOf(weigh(run, without)).likely : 0;
    savings.push({ change: "no-install-recommends", bytes });
  }
  const leftBytes = (what: AptFiles): number => weighed.left.get(what)?.likely ?? 0;
  savings.push({ change: "remove-lists", bytes: leftBytes("lists") });
  savings.push({ change: "clean", bytes: leftBytes("archives") + leftBytes("caches") });
  return savings.map(({ change, bytes }) => ({ change, bytes: Math.round(bytes) })).filter(({ bytes }) => bytes > 0);
}

/**
 * Sizes of the written files. dpkg's status exists twice; each file is the base for the next RUN's. Removals are those
 * of this RUN.
 */
function writtenAfter(unpacking: Unpacking, overheads: readonly Overhead[], { records }: Removals): WrittenBefore {
  const { before } = unpacking;
  const likely = (cause: Overhead["cause"]): number | undefined =>
    overheads.find((it) => it.cause === cause)?.bytes.likely;
  const status = likely("dpkg status");
  return {
    ...before,
    ...(overheads.length > 0 ? debconfAfter(unpacking) : {}),
    ...lostListsAfter(unpacking),
    ...(status === undefined ? {} : { statusBytes: status / 2 }),
    logBytes: records.get("logs") === "all" ? 0 : (likely("logs") ?? before.logBytes),
  };
}
