import type { Word } from "../syntax/syntax.ts";

/** A word of a Dockerfile as the shell lexer reads it: characters with their place in the file, and variables. Quotes and escapes are gone. */
export type Atom = CharacterAtom | VariableAtom;

export interface CharacterAtom {
  readonly kind: "character";
  readonly text: string;
  /** Offset in the file of the character itself, behind its escape. */
  readonly offset: number;
}

export interface VariableAtom {
  readonly kind: "variable";
  readonly name: string;
  /** `:-` and `-` give `fallback`; any other modifier is kept as written and not interpreted. */
  readonly modifier?: string;
  readonly fallback: readonly Atom[];
}

/** Splits a word by BuildKit's shell lexer: `'…'`, `"…"`, the escape character, `$NAME`, `${NAME}`, `${NAME:-word}`. Never fails: an unclosed quote or brace ends with the word. @see github.com/moby/buildkit frontend/dockerfile/shell/lex.go */
export function atomsOf(word: Word, escape: string): readonly Atom[] {
  const reader: Reader = { text: word.logical.text, offsetAt: (index) => word.logical.offsetAt(index), escape, index: 0 };
  return read(reader, "word");
}

interface Reader {
  readonly text: string;
  readonly offsetAt: (index: number) => number;
  readonly escape: string;
  index: number;
}

/** Where reading stops: at the word's end, a closing double quote, or a closing brace. */
type Until = "word" | '"' | "}";

function read(reader: Reader, until: Until): readonly Atom[] {
  const atoms: Atom[] = [];
  while (reader.index < reader.text.length && reader.text[reader.index] !== until) atoms.push(...readOne(reader, until));
  reader.index++;
  return atoms;
}

function readOne(reader: Reader, until: Until): readonly Atom[] {
  const char = reader.text[reader.index] ?? "";
  if (char === "'" && until !== '"') return readSingleQuoted(reader);
  if (char === '"') {
    reader.index++;
    return read(reader, '"');
  }
  if (char === "$") return readVariable(reader);
  // Between double quotes only these are escaped; elsewhere any character is.
  const next = reader.text[reader.index + 1];
  if (char === reader.escape && next !== undefined && (until !== '"' || `"$${reader.escape}`.includes(next))) reader.index++;
  return [character(reader)];
}

function readSingleQuoted(reader: Reader): readonly Atom[] {
  const atoms: Atom[] = [];
  for (reader.index++; reader.index < reader.text.length && reader.text[reader.index] !== "'"; ) atoms.push(character(reader));
  reader.index++;
  return atoms;
}

function character(reader: Reader): CharacterAtom {
  const atom: CharacterAtom = { kind: "character", text: reader.text[reader.index] ?? "", offset: reader.offsetAt(reader.index) };
  reader.index++;
  return atom;
}

function readVariable(reader: Reader): readonly Atom[] {
  const bare = matchAt(reader, /\$([A-Za-z_][A-Za-z0-9_]*)/y);
  if (bare) return [{ kind: "variable", name: bare[1] ?? "", fallback: [] }];
  const opened = matchAt(reader, /\$\{([A-Za-z_][A-Za-z0-9_]*)/y);
  // A dollar that starts no name is itself.
  if (!opened) return [character(reader)];
  const name = opened[1] ?? "";
  if (matchAt(reader, /\}/y)) return [{ kind: "variable", name, fallback: [] }];
  const modifier = matchAt(reader, /:[-+?]|[-+?]/y)?.[0] ?? "";
  const fallback = read(reader, "}");
  return [{ kind: "variable", name, modifier: modifier || "other", fallback }];
}

/** Matches a sticky pattern at the reader's place and moves behind it. */
function matchAt(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.index;
  const match = pattern.exec(reader.text) ?? undefined;
  if (match) reader.index += match[0].length;
  return match;
}
