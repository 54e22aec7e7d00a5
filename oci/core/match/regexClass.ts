/** Returns true if a UTF-16 unit of a lower-case text matches. */
export type CharacterTest = (code: number) => boolean;

export const anyCharacter: CharacterTest = (code) => code !== 10;

export function characterTest(character: string): CharacterTest {
  const wanted = character.charCodeAt(0);
  return (code) => code === wanted;
}

const isDigit: CharacterTest = (code) => code >= 48 && code <= 57;
export const isWord: CharacterTest = (code) => isDigit(code) || (code >= 97 && code <= 122) || code === 95;
const isSpace: CharacterTest = (code) => code === 32 || (code >= 9 && code <= 13) || code === 160;

const named: ReadonlyMap<string, CharacterTest> = new Map([
  ["d", isDigit],
  ["w", isWord],
  ["s", isSpace],
  ["D", (code) => !isDigit(code)],
  ["W", (code) => !isWord(code)],
  ["S", (code) => !isSpace(code)],
  ["t", characterTest("\t")],
  ["n", characterTest("\n")],
]);

/** The test for a letter after a backslash; undefined for a letter or digit that isn't supported. */
export function escapedTest(letter: string): CharacterTest | undefined {
  return named.get(letter) ?? (/^[^a-z0-9]$/i.test(letter) ? characterTest(letter) : undefined);
}

/** Reads the class after `[`. Returns it with the position after the closing bracket. */
export function readClass(
  pattern: string,
  start: number,
): { readonly matches: CharacterTest; readonly end: number } | undefined {
  const isNegated = pattern[start] === "^";
  const tests: CharacterTest[] = [];
  for (let at = isNegated ? start + 1 : start; at < pattern.length;) {
    if (pattern[at] === "]" && tests.length > 0) {
      return { matches: (code) => tests.some((test) => test(code)) !== isNegated, end: at + 1 };
    }
    const member = readMember(pattern, at);
    if (!member) return undefined;
    tests.push(member.matches);
    at = member.end;
  }
  return undefined;
}

/** Reads a character, an escape or a range. */
function readMember(
  pattern: string,
  at: number,
): { readonly matches: CharacterTest; readonly end: number } | undefined {
  if (pattern[at] === "\\") {
    const matches = escapedTest(pattern[at + 1] ?? "");
    return matches && { matches, end: at + 2 };
  }
  if (pattern[at + 1] !== "-" || pattern[at + 2] === "]" || pattern[at + 2] === undefined)
    return { matches: characterTest(pattern[at] ?? ""), end: at + 1 };
  const [low, high] = [pattern.charCodeAt(at), pattern.charCodeAt(at + 2)];
  return low <= high ? { matches: (code) => code >= low && code <= high, end: at + 3 } : undefined;
}
