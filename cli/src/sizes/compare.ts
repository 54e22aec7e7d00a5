import type { SizeRange, StageTotal } from "../../../dockerfile/size/estimator.ts";
import type { StageSizes } from "../../../dockerfile/size/run.ts";
import { sizeJson } from "./layerJson.ts";
import type { ReadSizes } from "./readSizes.ts";

/** The difference in size between the images of two Dockerfiles. */
export interface Comparison {
  /** The other file, as the user named it. */
  readonly name: string;
  /**
   * Lines of the images' stages that only one file has, or whose sizes differ. In order of the file, then of the other.
   */
  readonly changes: readonly ChangedLine[];
  readonly totals: {
    readonly before: StageTotal;
    readonly after: StageTotal;
    /** Null unless all sizes of both are known. */
    readonly delta: number | null;
  };
}

export interface ChangedLine {
  readonly instruction: string;
  /** Null if the file doesn't have the line; its `bytes` are null if they are unknown. */
  readonly before: ComparedSize | null;
  readonly after: ComparedSize | null;
}

export interface ComparedSize {
  readonly bytes: SizeRange | null;
  readonly trust: string;
}

/** Compares the last stages, including the stages they build on. Lines are the same if their texts are. */
export function compareSizes(name: string, other: ReadSizes, own: ReadSizes): Comparison {
  const before = linesOf(other);
  const changes: ChangedLine[] = [];
  for (const { instruction, size } of linesOf(own)) {
    const at = before.findIndex((line) => line.instruction === instruction);
    const [old] = at < 0 ? [] : before.splice(at, 1);
    if (old && isSame(old.size, size)) continue;
    changes.push({ instruction, before: old?.size ?? null, after: size });
  }
  changes.push(...before.map(({ instruction, size }) => ({ instruction, before: size, after: null })));
  return { name, changes, totals: totalsOf(other, own) };
}

interface Line {
  readonly instruction: string;
  readonly size: ComparedSize;
}

/** The lines that add to the image. Instructions that only set configuration are left out. */
function linesOf({ input, stages }: ReadSizes): Line[] {
  const all = new Map(stages.map((sizes) => [sizes.stage, sizes]));
  return chainOf(stages, all)
    .flatMap(({ layers }) => layers)
    .filter(({ state }) => state !== "stage")
    .map((size) => {
      const { start, end } = size.layer.instruction.span;
      const { bytes, trust } = sizeJson(size);
      return { instruction: input.text.slice(start, end).replace(/\s+/g, " ").trim(), size: { bytes, trust } };
    });
}

function chainOf(
  stages: readonly StageSizes[],
  all: ReadonlyMap<StageSizes["stage"], StageSizes>,
): readonly StageSizes[] {
  const last = stages.at(-1);
  const [layer] = last?.layers ?? [];
  const chain = last && layer ? layer.layer.build.stageChain(last.stage) : [];
  return chain.toReversed().flatMap((stage) => all.get(stage) ?? []);
}

function isSame(a: ComparedSize, b: ComparedSize): boolean {
  return a.bytes?.low === b.bytes?.low && a.bytes?.likely === b.bytes?.likely && a.bytes?.high === b.bytes?.high;
}

const nothing: StageTotal = { low: 0, likely: 0, high: 0, unknown: 0, pending: 0 };

function totalsOf(other: ReadSizes, own: ReadSizes): Comparison["totals"] {
  const before = other.stages.at(-1)?.total ?? nothing;
  const after = own.stages.at(-1)?.total ?? nothing;
  const isKnown = before.unknown + after.unknown + before.pending + after.pending === 0;
  return { before, after, delta: isKnown ? after.likely - before.likely : null };
}
