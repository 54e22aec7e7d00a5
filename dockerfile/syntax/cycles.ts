/** A directed edge between numbered nodes. */
export interface Edge {
  readonly from: number;
  readonly to: number;
}

/**
 * Assigns the same group to nodes that can reach each other; every node of an edge has one. Time grows linearly.
 * @see Kosaraju's algorithm
 */
export function cycleGroups(edges: readonly Edge[]): ReadonlyMap<number, number> {
  const forward = neighbours(edges, ({ from, to }) => [from, to]);
  const backward = neighbours(edges, ({ from, to }) => [to, from]);
  const finished: number[] = [];
  const seen = new Set<number>();
  for (const node of forward.keys()) walk(forward, node, seen, (left) => finished.push(left));
  const groups = new Map<number, number>();
  const grouped = new Set<number>();
  for (const root of finished.reverse()) walk(backward, root, grouped, (node) => groups.set(node, root));
  return groups;
}

type Neighbours = ReadonlyMap<number, readonly number[]>;

function neighbours(edges: readonly Edge[], ends: (edge: Edge) => readonly [number, number]): Neighbours {
  const map = new Map<number, number[]>();
  for (const edge of edges) {
    const [node, next] = ends(edge);
    const list = map.get(node);
    if (list) list.push(next);
    else map.set(node, [next]);
    if (!map.has(next)) map.set(next, []);
  }
  return map;
}

/** Walks depth first without recursion; `onLeave` gets each new node after all nodes reachable from it. */
function walk(graph: Neighbours, start: number, seen: Set<number>, onLeave: (node: number) => void): void {
  if (seen.has(start)) return;
  seen.add(start);
  const path = [{ node: start, next: 0 }];
  for (let top = path.at(-1); top; top = path.at(-1)) {
    const neighbour = graph.get(top.node)?.[top.next++];
    if (neighbour === undefined) {
      onLeave(top.node);
      path.pop();
    } else if (!seen.has(neighbour)) {
      seen.add(neighbour);
      path.push({ node: neighbour, next: 0 });
    }
  }
}
