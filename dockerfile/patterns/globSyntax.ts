/**
 * True if Go's `filepath.Match(pattern, ".")` accepts a pattern: the only check that BuildKit makes of an ignore file.
 * As in Go, nothing after the first part that can't match is checked.
 * @see https://pkg.go.dev/path/filepath#Match
 */
export function isGlobAccepted(pattern: string): boolean {
  let rest = pattern;
  let name = ".";
  while (rest !== "") {
    const { star, chunk, behind } = firstChunk(rest);
    rest = behind;
    if (star && chunk === "") return true;
    const matched = matchChunk(chunk, name);
    if (matched === "bad") return false;
    const skipped =
      matched === "failed" || (matched.rest !== "" && rest === "") ? skipOne(star, chunk, name, rest) : matched;
    if (skipped === "bad") return false;
    if (skipped === "failed") return true;
    name = skipped.rest;
  }
  return true;
}

type ChunkMatch = { readonly rest: string } | "failed" | "bad";

/** Lets a star take the only character of the name. */
function skipOne(star: boolean, chunk: string, name: string, behind: string): ChunkMatch {
  if (!star || name === "") return "failed";
  const matched = matchChunk(chunk, "");
  return matched === "failed" || matched === "bad" || behind !== "" || matched.rest === "" ? matched : "failed";
}

function firstChunk(pattern: string): { star: boolean; chunk: string; behind: string } {
  let start = 0;
  while (pattern[start] === "*") start++;
  let isInClass = false;
  let position = start;
  for (; position < pattern.length; position++) {
    const character = pattern[position];
    if (character === "\\") position++;
    else if (character === "[") isInClass = true;
    else if (character === "]") isInClass = false;
    else if (character === "*" && !isInClass) break;
  }
  return { star: start > 0, chunk: pattern.slice(start, position), behind: pattern.slice(position) };
}

/** Matches a chunk. All of it is checked even if it has already failed to match. */
function matchChunk(chunk: string, name: string): ChunkMatch {
  let rest = name;
  let hasFailed = false;
  let position = 0;
  while (position < chunk.length) {
    hasFailed ||= rest === "";
    const read = readItem(chunk, position, hasFailed ? undefined : rest[0]);
    if (!read) return "bad";
    hasFailed ||= !read.isMatch;
    if (!hasFailed) rest = rest.slice(1);
    position = read.next;
  }
  return hasFailed ? "failed" : { rest };
}

interface Item {
  readonly isMatch: boolean;
  readonly next: number;
}

function readItem(chunk: string, position: number, character: string | undefined): Item | undefined {
  const item = chunk[position] ?? "";
  if (item === "[") return readClass(chunk, position + 1, character);
  if (item === "?") return { isMatch: character !== "/", next: position + 1 };
  if (item !== "\\") return { isMatch: character === item, next: position + 1 };
  const escaped = chunk[position + 1];
  return escaped === undefined ? undefined : { isMatch: character === escaped, next: position + 2 };
}

function readClass(chunk: string, start: number, character: string | undefined): Item | undefined {
  const isNegated = chunk[start] === "^";
  let position = isNegated ? start + 1 : start;
  let isMatch = false;
  for (let count = 0; !(chunk[position] === "]" && count > 0); count++) {
    const low = readBound(chunk, position);
    if (!low) return undefined;
    const high = chunk[low.next] === "-" ? readBound(chunk, low.next + 1) : low;
    if (!high) return undefined;
    isMatch ||= character !== undefined && low.character <= character && character <= high.character;
    position = high.next;
  }
  return { isMatch: isMatch !== isNegated, next: position + 1 };
}

/** Reads a bound, which must not be the chunk's last character: the class has to be closed. */
function readBound(chunk: string, start: number): { character: string; next: number } | undefined {
  if (start >= chunk.length || chunk[start] === "-" || chunk[start] === "]") return undefined;
  const position = chunk[start] === "\\" ? start + 1 : start;
  const character = String.fromCodePoint(chunk.codePointAt(position) ?? 0);
  const next = position + character.length;
  return next >= chunk.length ? undefined : { character, next };
}
