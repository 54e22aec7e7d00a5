/** True if a code point matches. */
export type CodePointTest = (codePoint: number) => boolean;

/**
 * A class of a Go regular expression, with `position` after its `[`; undefined if it isn't closed or has an escape that
 * Go rejects.
 * @see https://pkg.go.dev/regexp/syntax
 */
export function readRegexClass(
  characters: readonly string[],
  position: number,
): { test: CodePointTest; next: number } | undefined {
  const isNegated = characters[position] === "^";
  const tests: CodePointTest[] = [];
  // Pairs of bounds in a flat array: hostile files have hundreds of thousands.
  const bounds: number[] = [];
  let at = isNegated ? position + 1 : position;
  for (let isFirst = true; isFirst || characters[at] !== "]"; isFirst = false) {
    const read = readRange(characters, at);
    if (!read) return undefined;
    if ("test" in read) tests.push(read.test);
    else bounds.push(read.low, read.high);
    at = read.next;
  }
  const isIn = (codePoint: number): boolean => isWithin(bounds, codePoint) || tests.some((test) => test(codePoint));
  return { test: (codePoint) => isIn(codePoint) !== isNegated, next: at + 1 };
}

function isWithin(bounds: readonly number[], codePoint: number): boolean {
  for (let at = 0; at < bounds.length; at += 2)
    if ((bounds[at] ?? 0) <= codePoint && codePoint <= (bounds[at + 1] ?? 0)) return true;
  return false;
}

/**
 * The meaning of `\` and a character in a Go regular expression; undefined if Go rejects it. Assertions don't match any
 * character.
 */
export function escapeTest(character: string): CodePointTest | undefined {
  const named = namedClasses.get(character) ?? namedClasses.get(character.toLowerCase());
  if (named && /[dswDSW]/.test(character))
    return (codePoint) => named.test(String.fromCodePoint(codePoint)) === (character === character.toLowerCase());
  if (assertions.has(character)) return () => false;
  const code =
    controls.get(character) ??
    (/^[\x00-\x7f]$/.test(character) && !/[0-9a-zA-Z]/.test(character) ? character.codePointAt(0) : undefined);
  return code === undefined ? undefined : (codePoint) => codePoint === code;
}

const namedClasses = new Map([
  ["d", /^[0-9]$/],
  ["s", /^[\t\n\f\r ]$/],
  ["w", /^[0-9A-Za-z_]$/],
]);
const assertions = new Set(["b", "B", "A", "z"]);
const controls = new Map([
  ["a", 7],
  ["f", 12],
  ["n", 10],
  ["r", 13],
  ["t", 9],
  ["v", 11],
]);

type Range =
  | { readonly low: number; readonly high: number; readonly next: number }
  | { readonly test: CodePointTest; readonly next: number };

function readRange(characters: readonly string[], at: number): Range | undefined {
  const low = characters[at];
  if (low === undefined) return undefined;
  if (low === "\\") {
    const test = escapeTest(characters[at + 1] ?? "");
    const bound = test && /[0-9a-zA-Z]/.test(characters[at + 1] ?? "") ? undefined : characters[at + 1];
    return bound === undefined ? test && { test, next: at + 2 } : readUpper(characters, bound, at + 2);
  }
  return readUpper(characters, low, at + 1);
}

function readUpper(characters: readonly string[], lowest: string, at: number): Range | undefined {
  const low = lowest.codePointAt(0) ?? 0;
  if (characters[at] !== "-" || characters[at + 1] === undefined || characters[at + 1] === "]")
    return { low, high: low, next: at };
  const isEscaped = characters[at + 1] === "\\";
  const high = characters[isEscaped ? at + 2 : at + 1]?.codePointAt(0);
  if (high === undefined || high < low) return undefined;
  return { low, high, next: isEscaped ? at + 3 : at + 2 };
}
