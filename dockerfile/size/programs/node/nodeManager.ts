import { counted } from "../../../../oci/core/text.ts";
import type { FactKey } from "../../../facts/fact.ts";
import { addRanges, rounded } from "../../apt/bytes/range.ts";
import type { Contributor, Estimate, SizeRange } from "../../estimator.ts";
import type { NpmCommand, NpmVariables } from "../../node/command.ts";
import type { NodeInstall } from "../../node/packageSize.ts";
import type { NodePrediction } from "../../node/predict.ts";
import type { Leavings, OwnCommand } from "./nodeLeavings.ts";
import { installKeys, variablesOf, type ManagerFiles } from "./npmProject.ts";
import type { ProgramEstimator, ProgramRun } from "../program.ts";

/** A package manager of Node. */
export interface NodeManager extends ManagerFiles {
  /** The command that empties its cache at the end of a RUN. */
  readonly cleaning?: string;
  /** Reads the words after the program's name. */
  parse(words: readonly string[], variables: NpmVariables): NpmCommand;
  leftOf(run: ProgramRun, own: readonly OwnCommand[]): Leavings;
  predict(install: NodeInstall, options: { readonly ignoresScripts: boolean }): NodePrediction;
}

/** Packages of Node, by the lock file of the project: what is unpacked, and what is kept of downloads. */
export function createNodeEstimator(manager: NodeManager): ProgramEstimator {
  return {
    id: manager.id,
    programs: new Set(manager.programs),
    needs: (run) => installKeys(run, manager, installsIn(ownCommands(run, manager))),
    estimate(run) {
      const commands = ownCommands(run, manager);
      const installs = installsIn(commands);
      const other = commands.flatMap(({ npm: it }) => (it.does === "unknown" ? [it.why] : []));
      const keys = installKeys(run, manager, installs);
      const predictions =
        "unknown" in keys ? [] : keys.flatMap((key) => predictionOf(run, manager, key, installs[0]) ?? []);
      const leavings = manager.leftOf(run, commands);
      const known = total(predictions, leavings, { run, manager });
      const { problems, additions = [] } = leavings;
      const unknown = [...other, ...predictions.flatMap((one) => one.unknown ?? []), ...problems, ...additions];
      if (unknown.length === 0) return known;
      const isFloor = problems.length === 0 && !other.some((why) => /prune|uninstall|remove|clean/.test(why));
      return {
        unknown: [...new Set(unknown)].join("; "),
        ...(isFloor && { atLeast: known.low }),
        ...(known.details && { details: known.details }),
      };
    },
  };
}

function ownCommands(run: ProgramRun, { name, parse }: NodeManager): readonly OwnCommand[] {
  return run.own.map((command) => {
    const { words, unclear, environment } = command;
    if (unclear === undefined) return { command, npm: parse(words, variablesOf(run, environment)) };
    const why = `runs ${name} with ${unclear}, which is known only during the build`;
    return { command, npm: { does: "unknown", why } };
  });
}

type Install = Extract<NpmCommand, { does: "install" }>;

function installsIn(commands: readonly OwnCommand[]): readonly Install[] {
  return commands.flatMap(({ npm: it }) => (it.does === "install" ? [it] : []));
}

function predictionOf(
  { build }: ProgramRun,
  { predict }: NodeManager,
  key: FactKey,
  command: Install | undefined,
): (NodePrediction & { readonly lockBytes: number }) | undefined {
  if (key.kind !== "nodePackages" || !command) return undefined;
  const fact = build.facts.get(key);
  if (fact.state !== "known") return undefined;
  const { ignoresScripts, writesLock } = command;
  return { ...predict(fact.value, { ignoresScripts }), lockBytes: writesLock ? fact.value.lockBytes : 0 };
}

/** Below this a number is called computed: what is left is the play of logs and the like. */
const certainSpread = 0.01;

function total(
  predictions: readonly (NodePrediction & { readonly lockBytes: number })[],
  leavings: Leavings,
  { run, manager: { name, cleaning } }: { readonly run: ProgramRun; readonly manager: NodeManager },
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
  const left: readonly Contributor[] = cacheBytes > 0 ? [{ label: `${name}'s cache`, bytes: cacheBytes }] : [];
  const count = predictions.reduce((sum, { packages }) => sum + packages.length, 0);
  return {
    ...range,
    ...(disk && { disk }),
    because: [
      count === 0 ? `what ${name} notes of itself` : `${counted(count, "package")} of ${name}, by the lock file`,
      ...assumption(run),
    ].join("; "),
    trust: isCertain ? "computed" : "guessed",
    details: {
      contributors: [...predictions.flatMap(({ packages }) => packages), ...left].sort((a, b) => b.bytes - a.bytes),
      leftBehind: left,
      savings:
        cleaning === undefined ? [] : left.map(({ bytes }) => ({ label: `run ${cleaning}`, bytes, command: cleaning })),
    },
  };
}

/** A command without an install writes some lines only: 761 bytes for `npm cache clean` of npm 11. */
const bytesOfLog = 800;

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

/** The part of the cache that stays; downloads of an earlier line aren't stored again. */
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
