/**
 * The probable intention: the candidate at most two typing errors away, or one in short words, the nearest first;
 * swapped neighbours count as one error.
 */
export function nearestName(written: string, candidates: Iterable<string>): string | undefined {
  const lower = written.toLowerCase();
  const letters = lettersOf(lower);
  let best: string | undefined;
  let limit = written.length < 6 ? 1 : maxDistance;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - lower.length) > limit) continue;
    const name = candidate.toLowerCase();
    if (differingBits(letters, lettersOf(name)) > 2 * limit) continue;
    const found = distance(lower, name, limit);
    if (found > limit || found >= lower.length) continue;
    best = candidate;
    limit = found - 1;
    if (limit < 0) break;
  }
  return best;
}

/**
 * Finds suggestions for all unknown names of one file. After a hundred thousand comparisons it stops suggesting: a file
 * with thousands of unknown and of known names must not cause a noticeable delay.
 */
export function createSuggester(): (written: string, candidates: () => readonly string[]) => string | undefined {
  let left = maxComparisons;
  return (written, candidates) => {
    if (left <= 0) return undefined;
    const names = candidates();
    left -= names.length + 1;
    return nearestName(written, names);
  };
}

// Takes some hundredths of a second; a real file needs some hundreds.
const maxComparisons = 100_000;

/** `word` in the case of `written`: upper, lower, or unchanged. */
export function inCaseOf(word: string, written: string): string {
  if (written === written.toUpperCase()) return word.toUpperCase();
  return written === written.toLowerCase() ? word.toLowerCase() : word;
}

// BuildKit uses the same limit (util/suggest).
const maxDistance = 2;

/** A bit for each character that occurs, with several characters per bit. One typing error changes at most two bits. */
function lettersOf(word: string): number {
  let bits = 0;
  for (let index = 0; index < word.length; index++) bits |= 1 << (word.charCodeAt(index) & 31);
  return bits;
}

function differingBits(a: number, b: number): number {
  let count = 0;
  for (let bits = a ^ b; bits !== 0; bits &= bits - 1) count++;
  return count;
}

/**
 * Damerau-Levenshtein distance in its restricted form; some number above `limit` if it is larger. Cells further than
 * `limit` from the diagonal can't lead to a smaller result and are skipped.
 */
function distance(a: string, b: string, limit: number): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: Math.min(b.length, limit) + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current: number[] = row <= limit ? [row] : [];
    let least = current[0] ?? Infinity;
    for (let column = Math.max(1, row - limit); column <= Math.min(b.length, row + limit); column++) {
      const isSame = a[row - 1] === b[column - 1];
      let best = Math.min(
        at(previous, column) + 1,
        at(current, column - 1) + 1,
        at(previous, column - 1) + (isSame ? 0 : 1),
      );
      const isExchange = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (isExchange) best = Math.min(best, at(beforePrevious, column - 2) + 1);
      current[column] = best;
      least = Math.min(least, best);
    }
    if (least > limit) return limit + 1;
    beforePrevious = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], column: number): number {
  return row[column] ?? Infinity;
}
