import { parseBytes } from "../../oci/core/bytes.ts";
import type { Build } from "../semantics/build.ts";
import type { Dockerfile, Span, Stage } from "../syntax/syntax.ts";
import type { LayerSize } from "./estimator.ts";
import { sizeStages, type StageSizes } from "./run.ts";

/** The budget in `# imagewright: budget 120MB`. */
export interface WrittenBudget {
  /** Undefined if the text isn't a size. */
  readonly bytes?: number;
  readonly text: string;
  /** The span of the text. */
  readonly span: Span;
}

/** The budget in the comments of a file, the last if there are several; undefined without one. */
export function writtenBudget({ comments }: Dockerfile): WrittenBudget | undefined {
  for (const { text: comment, span } of comments.toReversed()) {
    const text = /^imagewright\s*:?\s*budget(?:\s*=\s*|\s+)(.*\S)/i.exec(comment)?.[1];
    if (text === undefined) continue;
    const bytes = parseBytes(text);
    return {
      text,
      ...(bytes !== undefined && { bytes }),
      span: { start: span.end - text.length - trailingBlanks(comment, text), end: span.end },
    };
  }
  return undefined;
}

/** The instruction at which an image certainly exceeds a budget, and the minimum size of the image at that point. */
export interface BudgetBreak {
  readonly size: LayerSize;
  /** In the file's unit. */
  readonly atLeast: number;
  /** True if all of `atLeast` is known exactly, and nothing above is unknown. */
  readonly isExact: boolean;
}

/** Finds the line at which a stage's image exceeds a budget in bytes; undefined if no line certainly does. */
export function breakOf(build: Build, stage: Stage, budget: number): BudgetBreak | undefined {
  const all = sizeStages(build);
  let atLeast = 0;
  let isExact = true;
  for (const { index } of build.stageChain(stage).toReversed())
    for (const size of ownLayers(all[index])) {
      const { low, high } = boundsOf(size);
      atLeast += low;
      isExact &&= low === high;
      if (atLeast > budget) return { size, atLeast, isExact };
    }
  return undefined;
}

function ownLayers(sizes: StageSizes | undefined): readonly LayerSize[] {
  return sizes?.layers.filter(({ state }) => state !== "stage") ?? [];
}

function boundsOf(size: LayerSize): { readonly low: number; readonly high: number } {
  if (size.state === "estimated") return size.estimate;
  return { low: size.state === "unknown" ? size.atLeast : 0, high: Infinity };
}

function trailingBlanks(comment: string, text: string): number {
  return comment.length - comment.lastIndexOf(text) - text.length;
}
