import { longestCommon } from "./longestCommon.ts";

/** The properties by which a layer is compared with others. */
export interface AlignedLayer {
  readonly diffId: string;
  /** The instruction that made it; empty if unknown. */
  readonly createdBy: string;
  /** Its effect, without times and order: equal text means equal effect. Undefined if it couldn't be read. */
  readonly effect?: string | undefined;
  /** The path and content of each of its files. */
  readonly files?: ReadonlySet<string> | undefined;
}

/**
 * "same": the same DiffID. "rebuilt": another DiffID with the same effect, so that only times or the order in the tar
 * differ, as after a cache miss. "changed": another effect. An undefined side means that the other image doesn't have
 * the layer.
 */
export interface LayerPair {
  readonly kind: "same" | "rebuilt" | "changed" | "added" | "removed";
  /** Base is 0. */
  readonly before?: number;
  readonly after?: number;
}

/** Pairs the layers of two images, base first: by DiffID, then by instruction, then by the files they share. */
export function alignLayers(before: readonly AlignedLayer[], after: readonly AlignedLayer[]): readonly LayerPair[] {
  const whole: Span = { before: [0, before.length], after: [0, after.length] };
  const pairs: [number, number][] = [];
  for (const span of pairWithin(whole, { before, after, keyOf: ({ diffId }) => diffId }, pairs))
    for (const rest of pairWithin(span, { before, after, keyOf: commandKey }, pairs))
      pairBySimilarity(rest, before, after, pairs);
  return inOrder(
    pairs.sort(([a], [b]) => a - b),
    before,
    after,
  );
}

interface Span {
  readonly before: readonly [number, number];
  readonly after: readonly [number, number];
}

interface Keyed {
  readonly before: readonly AlignedLayer[];
  readonly after: readonly AlignedLayer[];
  /** The key to match by; a layer with an empty key isn't matched. */
  readonly keyOf: (layer: AlignedLayer) => string;
}

/** Records the pairs with equal keys, and returns the spans between them. */
function pairWithin(span: Span, { before, after, keyOf }: Keyed, pairs: [number, number][]): readonly Span[] {
  const keys = (layers: readonly AlignedLayer[], [from, to]: readonly [number, number], side: string): string[] =>
    layers.slice(from, to).map((layer, index) => keyOf(layer) || `${side}${index}`);
  const [a0, a1] = span.before;
  const [b0, b1] = span.after;
  const common = longestCommon(keys(before, span.before, "<"), keys(after, span.after, ">"));
  const rest: Span[] = [];
  let [a, b] = [a0, b0];
  for (const [oldIndex, newIndex] of [...common.map(([x, y]) => [x + a0, y + b0] as const), [a1, b1] as const]) {
    rest.push({ before: [a, oldIndex], after: [b, newIndex] });
    if (oldIndex < a1 && newIndex < b1) pairs.push([oldIndex, newIndex]);
    [a, b] = [oldIndex + 1, newIndex + 1];
  }
  return rest;
}

/** The instruction without the hashes that the classic builder adds. */
function commandKey({ createdBy }: AlignedLayer): string {
  return createdBy
    .replace(/\b(file|dir|multi):[0-9a-f]{64}/g, "$1")
    .replace(/\s+/g, " ")
    .trim();
}

const minSimilarity = 0.5; // The share of files in both, relative to all files of either.

/** Pairs the rest in order, each with the first that is similar enough. */
function pairBySimilarity(
  span: Span,
  before: readonly AlignedLayer[],
  after: readonly AlignedLayer[],
  pairs: [number, number][],
): void {
  let from = span.after[0];
  for (let a = span.before[0]; a < span.before[1]; a++) {
    const left = Array.from({ length: Math.max(span.after[1] - from, 0) }, (_, index) => from + index);
    const match = left.find((b) => similarity(before[a]?.files, after[b]?.files) >= minSimilarity);
    if (match === undefined) continue;
    pairs.push([a, match]);
    from = match + 1;
  }
}

function similarity(a: ReadonlySet<string> = new Set(), b: ReadonlySet<string> = new Set()): number {
  let both = 0;
  for (const file of a) if (b.has(file)) both++;
  const all = a.size + b.size - both;
  return all === 0 ? 0 : both / all;
}

function inOrder(
  pairs: readonly (readonly [number, number])[],
  before: readonly AlignedLayer[],
  after: readonly AlignedLayer[],
): readonly LayerPair[] {
  const found: LayerPair[] = [];
  let [a, b] = [0, 0];
  const upTo = (oldEnd: number, newEnd: number): void => {
    for (; a < oldEnd; a++) found.push({ kind: "removed", before: a });
    for (; b < newEnd; b++) found.push({ kind: "added", after: b });
  };
  for (const [oldIndex, newIndex] of pairs) {
    upTo(oldIndex, newIndex);
    found.push({ kind: kindOf(before[oldIndex], after[newIndex]), before: a++, after: b++ });
  }
  upTo(before.length, after.length);
  return found;
}

function kindOf(before: AlignedLayer | undefined, after: AlignedLayer | undefined): LayerPair["kind"] {
  if (before?.diffId === after?.diffId) return "same";
  return before?.effect !== undefined && before.effect === after?.effect ? "rebuilt" : "changed";
}
