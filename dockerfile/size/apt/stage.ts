import type { AptBase, AptIndex, LearnedSizes } from "./base.ts";
import type { MeasuredPackage } from "./bytes/measuredPackages.ts";
import { minimalDebconfBytes, type WrittenBefore } from "./bytes/overhead.ts";
import type { AptFiles, CommandWords } from "./command.ts";
import { systemOf } from "./resolve/operations.ts";
import type { System } from "./resolve/system.ts";

/** The state of an image before a RUN: the base, or {@link AptPrediction.after} of the previous RUN. */
export interface AptStage {
  readonly base: AptBase;
  readonly system: System;
  readonly written: WrittenBefore;
  /** True if there are package lists, from the base image or from an earlier RUN. */
  readonly hasLists: boolean;
  /** True if an earlier RUN updated the package lists and kept them. */
  readonly hasNewLists: boolean;
}

/** The commands of a RUN and the facts about the image below. */
export interface AptRun {
  readonly commands: readonly CommandWords[];
  readonly stage: AptStage;
  readonly index: AptIndex;
  readonly measured: ReadonlyMap<string, MeasuredPackage>;
  readonly learned?: LearnedSizes;
  /** Files that go to a cache mount and therefore not to a layer. */
  readonly cacheMounts?: ReadonlySet<AptFiles>;
}

/**
 * The start of a stage. Without a list of files, the sizes of logs and debconf's database are those of a minimal image.
 */
export function stageOf(base: AptBase): AptStage {
  return {
    base,
    system: systemOf(base),
    written: {
      statusBytes: base.statusBytes,
      logBytes: bytesOf(base, logFiles) ?? 0,
      debconfBytes: bytesOf(base, debconfFiles) ?? minimalDebconfBytes,
      debconfSpread: base.files ? 0 : unknownDebconfSpread,
      leavesOutFiles: base.pathRules.length > 0,
      ...(base.lostListBytes !== undefined && { lostListBytes: base.lostListBytes }),
    },
    hasLists: [...(base.files?.keys() ?? [])].some((path) => /_Packages(?:\.\w+)?$/.test(path)),
    hasNewLists: false,
  };
}

/** Images with more packages than a minimal one have answered more questions. */
const unknownDebconfSpread = 20_000;

const logFiles: readonly string[] = [
  "/var/log/dpkg.log",
  "/var/log/alternatives.log",
  "/var/log/apt/history.log",
  "/var/log/apt/term.log",
];

const debconfFiles: readonly string[] = ["/var/cache/debconf/config.dat", "/var/cache/debconf/templates.dat"];

function bytesOf({ files }: AptBase, paths: readonly string[]): number | undefined {
  return files && paths.reduce((sum, path) => sum + (files.get(path) ?? 0), 0);
}
