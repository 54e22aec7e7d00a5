/** A rectangle in pixels. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Divides a rectangle among weights that are sorted, largest first: each gets its share of the area, as close to a
 * square as its row allows. Weights must be above 0.
 * @see Bruls, Huizing, van Wijk: Squarified Treemaps (2000)
 */
export function squarify(weights: readonly number[], within: Rectangle): readonly Rectangle[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const scale = total > 0 ? (within.width * within.height) / total : 0;
  const areas = weights.map((weight) => weight * scale);
  const placed: Rectangle[] = [];
  let rest = within;
  for (let from = 0; from < areas.length;) {
    const to = rowEnd(areas, from, Math.min(rest.width, rest.height));
    const row = areas.slice(from, to);
    placed.push(...layRow(row, rest));
    rest = without(row, rest);
    from = to;
  }
  return placed;
}

/** The end of the row that begins at an index: the next area would make its rectangles longer. */
function rowEnd(areas: readonly number[], from: number, side: number): number {
  let sum = areas[from] ?? 0;
  const largest = sum;
  let end = from + 1;
  for (; end < areas.length; end++) {
    const next = areas[end] ?? 0;
    const now = worst(sum, side, largest, areas[end - 1] ?? 0);
    if (worst(sum + next, side, largest, next) > now) return end;
    sum += next;
  }
  return end;
}

/** The largest ratio of sides in a row of areas with this sum along a side. */
function worst(sum: number, side: number, largest: number, smallest: number): number {
  const square = sum * sum;
  return Math.max((side * side * largest) / square, square / (side * side * smallest));
}

/** The rectangles of a row, along the shorter side. */
function layRow(row: readonly number[], { x, y, width, height }: Rectangle): readonly Rectangle[] {
  const sum = row.reduce((all, area) => all + area, 0);
  const thickness = thicknessOf(sum, width, height);
  let before = 0;
  return row.map((area) => {
    const start = sum === 0 ? 0 : before / sum;
    const share = sum === 0 ? 0 : area / sum;
    before += area;
    return width >= height
      ? { x, y: y + start * height, width: thickness, height: share * height }
      : { x: x + start * width, y, width: share * width, height: thickness };
  });
}

/** The extent of a row across the shorter side; never more than there is, whatever rounding left. */
function thicknessOf(sum: number, width: number, height: number): number {
  const side = Math.min(width, height);
  return side === 0 ? 0 : Math.min(Math.max(width, height), sum / side);
}

function without(row: readonly number[], { x, y, width, height }: Rectangle): Rectangle {
  const sum = row.reduce((all, area) => all + area, 0);
  const taken = thicknessOf(sum, width, height);
  return width >= height
    ? { x: x + taken, y, width: width - taken, height }
    : { x, y: y + taken, width, height: height - taken };
}
