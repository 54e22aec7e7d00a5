/**
 * Sequences as paths in one tree. Equal beginnings share nodes, so that the lowest layers of images are compared and
 * counted once.
 */
export interface PrefixTree {
  /** By sequence: the node where it ends; `root` for an empty one. */
  readonly ends: readonly number[];
  /** By node; a parent's number is smaller than its child's. */
  readonly parents: readonly number[];
  /** By node: the number of keys that lead there. */
  readonly depths: readonly number[];
  /** By node: the number of sequences that end there or below. */
  readonly counts: readonly number[];
  /** The node of the longest prefix of a sequence that is in the tree. */
  find(keys: readonly string[]): number;
  /** The nodes from the first key to this one. */
  pathTo(node: number): readonly number[];
  /** Indexes of the sequences that end at a node or below it, ascending. */
  under(node: number): readonly number[];
}

export const root = 0;

/** Builds the tree; linear in the number of keys, whatever they share. */
export function prefixTree(sequences: readonly (readonly string[])[]): PrefixTree {
  const { parents, depths, ends, find } = grow(sequences);
  const counts = countUnder(parents, ends);
  const { starts, order } = arrange(parents, counts, ends);
  return {
    ends,
    parents,
    depths,
    counts,
    find,
    pathTo: (node) => pathTo(node, parents, depths),
    under: (node) => order.slice(starts[node], (starts[node] ?? 0) + (counts[node] ?? 0)).sort((a, b) => a - b),
  };
}

function grow(sequences: readonly (readonly string[])[]): Pick<PrefixTree, "parents" | "depths" | "ends" | "find"> {
  const parents = [root];
  const depths = [0];
  const children = createChildren();
  const numbers = new Map<string, number>();
  const add = (keys: readonly string[]): number => {
    let node = root;
    for (const key of keys) {
      const number = numberOf(numbers, key);
      node = children.of(node, number) ?? addNode(node, number);
    }
    return node;
  };
  const addNode = (parent: number, key: number): number => {
    const node = parents.push(parent) - 1;
    depths.push((depths[parent] ?? 0) + 1);
    children.set(parent, key, node);
    return node;
  };
  const find = (keys: readonly string[]): number => {
    let node = root;
    for (const key of keys) {
      const number = numbers.get(key);
      const child = number === undefined ? undefined : children.of(node, number);
      if (child === undefined) break;
      node = child;
    }
    return node;
  };
  return { parents, depths, ends: sequences.map(add), find };
}

interface Children {
  of(node: number, key: number): number | undefined;
  set(node: number, key: number, child: number): void;
}

/** Stores children. Most nodes have one, which doesn't need a map. */
function createChildren(): Children {
  const firstKeys = [none];
  const firsts = [root];
  const others = new Map<number, Map<number, number>>();
  return {
    of: (node, key) => (firstKeys[node] === key ? firsts[node] : others.get(node)?.get(key)),
    set: (node, key, child) => {
      // Nodes are added in the order of their numbers, each without a child at first.
      firstKeys[child] = none;
      firsts[child] = root;
      if (firstKeys[node] === none) {
        firstKeys[node] = key;
        firsts[node] = child;
        return;
      }
      const more = others.get(node) ?? new Map<number, number>();
      others.set(node, more.set(key, child));
    },
  };
}

const none = -1;

function numberOf(numbers: Map<string, number>, key: string): number {
  const known = numbers.get(key);
  if (known === undefined) numbers.set(key, numbers.size);
  return known ?? numbers.size - 1;
}

function countUnder(parents: readonly number[], ends: readonly number[]): readonly number[] {
  const counts = new Array<number>(parents.length).fill(0);
  for (const end of ends) counts[end] = (counts[end] ?? 0) + 1;
  for (let node = parents.length - 1; node > root; node--) {
    const parent = parents[node] ?? root;
    counts[parent] = (counts[parent] ?? 0) + (counts[node] ?? 0);
  }
  return counts;
}

function pathTo(node: number, parents: readonly number[], depths: readonly number[]): readonly number[] {
  const path = new Array<number>(depths[node] ?? 0);
  for (let at = node; at !== root; at = parents[at] ?? root) path[(depths[at] ?? 1) - 1] = at;
  return path;
}

/** Orders the sequences so that those under a node are contiguous, from `starts[node]` on. */
function arrange(
  parents: readonly number[],
  counts: readonly number[],
  ends: readonly number[],
): { readonly starts: readonly number[]; readonly order: readonly number[] } {
  const starts = [0];
  const free = [0];
  for (let node = root + 1; node < parents.length; node++) {
    const parent = parents[node] ?? root;
    const start = free[parent] ?? 0;
    starts.push(start);
    free.push(start);
    free[parent] = start + (counts[node] ?? 0);
  }
  const order = new Array<number>(ends.length);
  for (const [index, end] of ends.entries()) {
    const place = free[end] ?? 0;
    order[place] = index;
    free[end] = place + 1;
  }
  return { starts, order };
}
