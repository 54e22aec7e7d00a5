/** Whether a code point matches. */
export type CodePointTest = (codePoint: number) => boolean;

/** A class of a Go regular expression, `position` being behind its `[`; undefined where it is not closed or has an escape that Go refuses. @see https://pkg.go.dev/regexp/syntax */
export function readRegexClass(
  characters: readonly string[],
  position: number,
): { test: CodePointTest; next: number } | undefined {
  const isNegated = characters[position] === "^";
  const tests: CodePointTest[] = [];
  let at = isNegated ? position + 1 : position;
  for (let isFirst = true; isFirst || characters[at] !== "]"; isFirst = false) {
    const read = readRange(characters, at);
    if (!read) return undefined;
    tests.push(read.test);
    at = read.next;
  }
  return { test: (codePoint) => tests.some((test) => test(codePoint)) !== isNegated, next: at + 1 };
}

/** What `\` and a character mean in a Go regular expression; undefined where Go refuses it. Assertions match no character. */
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

function readRange(characters: readonly string[], at: number): { test: CodePointTest; next: number } | undefined {
  const low = characters[at];
  if (low === undefined) return undefined;
  if (low === "\\") {
    const test = escapeTest(characters[at + 1] ?? "");
    const bound = test && /[0-9a-zA-Z]/.test(characters[at + 1] ?? "") ? undefined : characters[at + 1];
    return bound === undefined ? test && { test, next: at + 2 } : readUpper(characters, bound, at + 2);
  }
  return readUpper(characters, low, at + 1);
}

function readUpper(
  characters: readonly string[],
  low: string,
  at: number,
): { test: CodePointTest; next: number } | undefined {
  const from = low.codePointAt(0) ?? 0;
  if (characters[at] !== "-" || characters[at + 1] === undefined || characters[at + 1] === "]")
    return { test: (codePoint) => codePoint === from, next: at };
  const isEscaped = characters[at + 1] === "\\";
  const high = characters[isEscaped ? at + 2 : at + 1]?.codePointAt(0);
  if (high === undefined || high < from) return undefined;
  return { test: (codePoint) => codePoint >= from && codePoint <= high, next: isEscaped ? at + 3 : at + 2 };
}
