/**
 * Go's `path/filepath.Match` for slash-separated names, as BuildKit uses it for COPY sources: `*` and `?` stop at `/`, there is no `**`.
 * Undefined where the pattern is malformed. @see https://pkg.go.dev/path/filepath#Match
 */
export function compileGoMatch(pattern: string): RegExp | undefined {
  let source = "";
  for (let i = 0; i < pattern.length;) {
    const c = pattern[i] ?? "";
    if (c === "[") {
      const set = readSet(pattern, i);
      if (!set) return undefined;
      source += set.source;
      i = set.end;
      continue;
    }
    if (c === "\\") {
      i++;
      if (i >= pattern.length) return undefined;
      source += escaped(pattern[i] ?? "");
    } else source += c === "*" ? "[^/]*" : c === "?" ? "[^/]" : escaped(c);
    i++;
  }
  // Adjacent stars match what one does, and would make matching slow.
  return new RegExp(`^${source.replace(/(\[\^\/\]\*)+/g, "[^/]*")}$`, "su");
}

/** True where a COPY source is a pattern. @see https://pkg.go.dev/path/filepath#Match */
export function hasWildcard(source: string): boolean {
  return /[*?[\\]/.test(source);
}

/** `[a-z]`, `[^a-z]` from the opening bracket on. */
function readSet(pattern: string, start: number): { source: string; end: number } | undefined {
  let i = start + 1;
  const isNegated = pattern[i] === "^";
  if (isNegated) i++;
  let ranges = "";
  let members = 0;
  while (i < pattern.length && (pattern[i] !== "]" || members === 0)) {
    const low = readSetCharacter(pattern, i);
    if (!low) return undefined;
    i = low.end;
    let high = low;
    if (pattern[i] === "-") {
      const read = readSetCharacter(pattern, i + 1);
      if (!read) return undefined;
      high = read;
      i = read.end;
    }
    // A range that runs backwards matches nothing in Go, and is an error in a RegExp.
    members++;
    if (low.character <= high.character) ranges += `${setEscaped(low.character)}-${setEscaped(high.character)}`;
  }
  if (pattern[i] !== "]") return undefined;
  return { source: `[${isNegated ? "^" : ""}${ranges}]`, end: i + 1 };
}

function readSetCharacter(pattern: string, at: number): { character: string; end: number } | undefined {
  const isEscape = pattern[at] === "\\";
  const character = pattern[isEscape ? at + 1 : at];
  // A bare ] or - is no member. @see filepath.Match's grammar
  if (character === undefined || (!isEscape && (character === "]" || character === "-"))) return undefined;
  return { character, end: at + (isEscape ? 2 : 1) };
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function setEscaped(character: string): string {
  return character.replace(/[\\\]^[-]/g, "\\$&");
}
