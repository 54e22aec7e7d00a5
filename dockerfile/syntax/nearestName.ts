/** What was probably meant: the candidate at most two typing mistakes away, in short words one, the nearest first; exchanged neighbours are one mistake. */
export function nearestName(written: string, candidates: Iterable<string>): string | undefined {
  const lower = written.toLowerCase();
  let best: string | undefined;
  let bestDistance = (written.length < 6 ? 1 : maxDistance) + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) > maxDistance) continue;
    const found = distance(lower, candidate.toLowerCase());
    if (found >= bestDistance || found >= lower.length) continue;
    best = candidate;
    bestDistance = found;
  }
  return best;
}

/** `word` in the case that `written` is in: upper, lower, or as it is. */
export function inCaseOf(word: string, written: string): string {
  if (written === written.toUpperCase()) return word.toUpperCase();
  return written === written.toLowerCase() ? word.toLowerCase() : word;
}

// BuildKit draws the same line (util/suggest).
const maxDistance = 2;

/** Damerau-Levenshtein distance, in its restricted form. */
function distance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const isSame = a[row - 1] === b[column - 1];
      const steps = [
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      ];
      const isExchange = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isExchange) steps.push(at(beforePrevious, column - 2) + 1);
      current.push(Math.min(...steps));
    }
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? 0;
}
