import type { Fit } from "./match.ts";

/** The input of an alignment: steps and lines, both oldest first. */
export interface Alignment {
  readonly stepCount: number;
  readonly lineCount: number;
  fit(step: number, line: number): Fit;
  /** The value of pairing a step with this line, if they are the same. */
  weight(line: number): number;
  /** The cost of leaving the line without a step. */
  cost(line: number): number;
}

export interface AlignedStep {
  readonly line: number;
  readonly fit: "same" | "open";
  /** False if an equally good alignment pairs the step with another line, or with none. */
  readonly isOnly: boolean;
  /** True if neither the step nor the line fits another partner, in any position. */
  readonly isUnrivalled: boolean;
}

export interface Aligned {
  /** The total value of the pairs, less the cost of unpaired items. */
  readonly score: number;
  /** One entry per step. */
  readonly steps: readonly (AlignedStep | undefined)[];
}

/**
 * Aligns steps with lines in order, to maximize the fit: the longest common subsequence with weights. Steps below the
 * first pair and above the last cost nothing, because they may belong to the base image or another tool. Of equally
 * good alignments it takes the one whose pairs are nearest to the end. Time and memory grow as steps × lines.
 */
export function align(alignment: Alignment): Aligned {
  const tables = fillTables(alignment);
  const { stepCount, lineCount } = alignment;
  const { width, before, first, score } = tables;
  const steps: (AlignedStep | undefined)[] = new Array<undefined>(stepCount).fill(undefined);
  let step = stepCount;
  let line = lineCount;
  while (step > 0 && read(before, step * width + line) !== score) step--;
  while (step > 0 && line > 0 && read(before, step * width + line) !== read(first, line)) {
    const value = read(before, step * width + line);
    const worth = worthOf(tables, alignment, step - 1, line - 1);
    if (worth > 0 && value === read(before, (step - 1) * width + line - 1) + worth) {
      [step, line] = [step - 1, line - 1];
      steps[step] = alignedStep({ alignment, tables, step, line });
    } else if (value === read(before, step * width + line - 1) - alignment.cost(line - 1)) line--;
    else step--;
  }
  return { score, steps };
}

// The cost of an unexplained step between explained ones. Low, to prevent a rewritten middle from separating a file
// from its lower lines.
const stepCost = 1;
const openWorth = 2;
const fitCodes = { other: 0, open: 1, same: 2 } as const;

interface Tables {
  readonly width: number;
  /** By step and line. */
  readonly fits: Uint8Array;
  /** The best value of the steps and lines before a position, and of those from it on. */
  readonly before: Int32Array;
  readonly after: Int32Array;
  /** By line: the value of the lines before it, and of those from it on, without any pair. */
  readonly first: Int32Array;
  readonly last: Int32Array;
  readonly score: number;
}

function fillTables(alignment: Alignment): Tables {
  const { stepCount, lineCount } = alignment;
  const width = lineCount + 1;
  const size = (stepCount + 1) * width;
  const tables = {
    width,
    fits: new Uint8Array(size),
    before: new Int32Array(size),
    after: new Int32Array(size),
    first: new Int32Array(width),
    last: new Int32Array(width),
    score: 0,
  };
  for (let line = 1; line <= lineCount; line++)
    tables.first[line] = read(tables.first, line - 1) - alignment.cost(line - 1);
  for (let line = lineCount - 1; line >= 0; line--)
    tables.last[line] = read(tables.last, line + 1) - alignment.cost(line);
  for (let step = 0; step < stepCount; step++) {
    for (let line = 0; line < lineCount; line++) tables.fits[step * width + line] = fitCodes[alignment.fit(step, line)];
  }
  fillBefore(tables, alignment);
  fillAfter(tables, alignment);
  let score = read(tables.first, lineCount);
  for (let step = 0; step <= stepCount; step++) score = Math.max(score, read(tables.before, step * width + lineCount));
  return { ...tables, score };
}

function fillBefore(tables: Tables, alignment: Alignment): void {
  const { width, before, first } = tables;
  for (let step = 0; step <= alignment.stepCount; step++) {
    for (let line = 0; line < width; line++) {
      let best = read(first, line);
      if (step > 0) best = Math.max(best, read(before, (step - 1) * width + line) - stepCost);
      if (line > 0) best = Math.max(best, read(before, step * width + line - 1) - alignment.cost(line - 1));
      const worth = step > 0 && line > 0 ? worthOf(tables, alignment, step - 1, line - 1) : 0;
      if (worth > 0) best = Math.max(best, read(before, (step - 1) * width + line - 1) + worth);
      before[step * width + line] = best;
    }
  }
}

function fillAfter(tables: Tables, alignment: Alignment): void {
  const { width, after, last } = tables;
  for (let step = alignment.stepCount; step >= 0; step--) {
    for (let line = width - 1; line >= 0; line--) {
      const isInside = step < alignment.stepCount;
      let best = read(last, line);
      if (isInside) best = Math.max(best, read(after, (step + 1) * width + line) - stepCost);
      if (line < width - 1) best = Math.max(best, read(after, step * width + line + 1) - alignment.cost(line));
      const worth = isInside && line < width - 1 ? worthOf(tables, alignment, step, line) : 0;
      if (worth > 0) best = Math.max(best, read(after, (step + 1) * width + line + 1) + worth);
      after[step * width + line] = best;
    }
  }
}

/** The value of a pair; 0 if they don't fit. */
function worthOf({ fits, width }: Tables, alignment: Alignment, step: number, line: number): number {
  const code = read(fits, step * width + line);
  return code === fitCodes.same ? alignment.weight(line) : code === fitCodes.open ? openWorth : 0;
}

interface Pair {
  readonly alignment: Alignment;
  readonly tables: Tables;
  readonly step: number;
  readonly line: number;
}

function alignedStep(pair: Pair): AlignedStep {
  const {
    tables: { fits, width },
    line,
    step,
  } = pair;
  return {
    line,
    fit: read(fits, step * width + line) === fitCodes.same ? "same" : "open",
    isOnly: isOnly(pair),
    isUnrivalled: isUnrivalled(pair),
  };
}

function isUnrivalled({ alignment, tables: { fits, width }, step, line }: Pair): boolean {
  for (let other = 0; other < alignment.lineCount; other++)
    if (other !== line && read(fits, step * width + other) !== fitCodes.other) return false;
  for (let other = 0; other < alignment.stepCount; other++)
    if (other !== step && read(fits, other * width + line) !== fitCodes.other) return false;
  return true;
}

function isOnly({ alignment, tables, step, line }: Pair): boolean {
  const { width, before, after, first, last, score } = tables;
  for (let other = 0; other < width; other++) {
    const below = read(before, step * width + other);
    const above = read(after, (step + 1) * width + other);
    const isLeftOut =
      below - stepCost + above === score || read(first, other) + above === score || below + read(last, other) === score;
    const worth = other !== line && other < width - 1 ? worthOf(tables, alignment, step, other) : 0;
    if (isLeftOut || (worth > 0 && below + worth + read(after, (step + 1) * width + other + 1) === score)) return false;
  }
  return true;
}

/** Reads a table; the loops' bounds keep the index within it. */
function read(table: Int32Array | Uint8Array, index: number): number {
  return table[index] ?? 0;
}
