import { counted } from "../../../oci/core/text.ts";
import type { FactKey } from "../../facts/fact.ts";
import { addRanges, rounded } from "../apt/bytes/range.ts";
import { parseNpm, type NpmCommand } from "../node/command.ts";
import { predictInstall, type NodePrediction } from "../node/predict.ts";
import type { Contributor, Estimate, SizeRange } from "../estimator.ts";
import type { RunCommand } from "../../semantics/files/runEffects.ts";
import { leftOf, type Leavings } from "./npmLeavings.ts";
import { installKeys, variablesOf } from "./npmProject.ts";
import type { ProgramEstimator, ProgramRun } from "./program.ts";

/** Packages of Node, by the lock file of the project: what npm unpacks, and what it keeps of what it downloads. */
export const npm: ProgramEstimator = {
  id: "npm",
  programs: new Set(["npm"]),
  needs: (run) => installKeys(run, installsOf(run)),
  estimate(run) {
    const commands = run.own.map((command) => ({ command, npm: npmCommandOf(run, command) }));
    const installs = commands.filter(({ npm: { does } }) => does === "install");
    const other = commands.flatMap(({ npm: it }) => (it.does === "unknown" ? [it.why] : []));
    const keys = installKeys(run, installsOf(run));
    const predictions = "unknown" in keys ? [] : keys.flatMap((key) => predictionOf(run, key, installs[0]?.npm) ?? []);
    const leavings = leftOf(run, commands);
    const known = total(predictions, leavings, run);
    const unknown = [...other, ...predictions.flatMap((one) => one.unknown ?? []), ...leavings.problems];
    if (unknown.length === 0) return known;
    const isFloor = leavings.problems.length === 0 && !other.some((why) => /prune|uninstall|remove|clean/.test(why));
    return {
      unknown: [...new Set(unknown)].join("; "),
      ...(isFloor && { atLeast: known.low }),
      ...(known.details && { details: known.details }),
    };
  },
};

function npmCommandOf(run: ProgramRun, { words, unclear, environment }: RunCommand): NpmCommand {
  if (unclear !== undefined)
    return { does: "unknown", why: `runs npm with ${unclear}, which is known only during the build` };
  return parseNpm(words, variablesOf(run, environment));
}

type Install = Extract<NpmCommand, { does: "install" }>;

function installsOf(run: ProgramRun): readonly Install[] {
  return run.own.flatMap((command) => {
    const it = npmCommandOf(run, command);
    return it.does === "install" ? [it] : [];
  });
}

function predictionOf(
  { build }: ProgramRun,
  key: FactKey,
  command: NpmCommand | undefined,
): (NodePrediction & { readonly lockBytes: number }) | undefined {
  if (key.kind !== "nodePackages" || command?.does !== "install") return undefined;
  const fact = build.facts.get(key);
  if (fact.state !== "known") return undefined;
  const { ignoresScripts, writesLock } = command;
  return { ...predictInstall(fact.value, { ignoresScripts }), lockBytes: writesLock ? fact.value.lockBytes : 0 };
}

/** Below this a number is called computed: what is left is the play of logs and the like. */
const certainSpread = 0.01;

function total(
  predictions: readonly (NodePrediction & { readonly lockBytes: number })[],
  leavings: Leavings,
  run: ProgramRun,
): Estimate {
  const cache = keptOf(leavings, predictions);
  const logs = leavings.keepsLogs ? predictions.map((one) => one.log) : [];
  const locks = predictions.map(({ lockBytes }) => ({ low: 0, likely: lockBytes, high: lockBytes * 2 }));
  const logged = leavings.keepsLogs ? run.own.length * bytesOfLog : 0;
  const little = { low: 0, likely: logged, high: logged * 4 };
  const modules = predictions.map((one) => one.modules);
  const range = rounded(addRanges([...modules, ...cache, ...logs, ...locks, little, leavings.compiled]));
  const isCertain = range.high - range.low <= certainSpread * 2 * range.likely;
  const disk = diskOf(predictions, leavings);
  const cacheBytes = Math.round(addRanges(cache).likely);
  const count = predictions.reduce((sum, { packages }) => sum + packages.length, 0);
  return {
    ...range,
    ...(disk && { disk }),
    because: [
      count === 0 ? "what npm notes of itself" : `${counted(count, "package")} of npm, by the lock file`,
      ...assumption(run),
    ].join("; "),
    trust: isCertain ? "computed" : "guessed",
    details: {
      contributors: largest(predictions, cacheBytes),
      leftBehind: cacheBytes > 0 ? [{ label: "npm's cache", bytes: cacheBytes }] : [],
      savings: cacheBytes > 0 ? [{ label: `run ${cleaning}`, bytes: cacheBytes, command: cleaning }] : [],
    },
  };
}

const cleaning = "npm cache clean --force";

/** A command without an install writes some lines only: 761 bytes for `npm cache clean` of npm 11. */
const bytesOfLog = 800;

function largest(predictions: readonly NodePrediction[], cacheBytes: number): readonly Contributor[] {
  const all = predictions.flatMap(({ packages }) => packages);
  return [...all, ...(cacheBytes > 0 ? [{ label: "npm's cache", bytes: cacheBytes }] : [])].sort(
    (a, b) => b.bytes - a.bytes,
  );
}

function diskOf(predictions: readonly NodePrediction[], leavings: Leavings): SizeRange | undefined {
  const parts = predictions.flatMap(({ disk }) => disk ?? []);
  if (parts.length === 0 || parts.length < predictions.length) return undefined;
  const cache = keptOf(leavings, parts);
  const logs = leavings.keepsLogs ? predictions.map(({ log }) => log) : [];
  return rounded(
    addRanges([
      ...parts.map((part) => part.modules),
      ...cache,
      ...logs,
      leavings.compiled,
      { low: 0, likely: 0, high: 40_000 },
    ]),
  );
}

/** The part of npm's cache that stays; downloads of an earlier line aren't stored again. */
function keptOf(
  { keepsCache, isCached }: Leavings,
  parts: readonly { readonly cache: SizeRange }[],
): readonly SizeRange[] {
  if (!keepsCache) return [];
  return parts.map(({ cache }) => (isCached ? { low: 0, likely: 0, high: cache.high } : cache));
}

function assumption({ build, instruction }: ProgramRun): readonly string[] {
  const scopes = build.scopesWithBases();
  const isTold = scopes.isComplete(instruction) || scopes.variable(instruction, "NODE_ENV") !== undefined;
  return isTold ? [] : ["the base image is taken to set no NODE_ENV"];
}
