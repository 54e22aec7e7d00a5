import { utf8Length } from "../../../../../context/utf8Length.ts";

/** A command of a sed script, for some lines. */
export type SedCommand = { readonly lines: SedLines } & (
  | {
      readonly kind: "substitute";
      readonly pattern: RegExp;
      readonly replacement: readonly ReplacementPart[];
      /** Set if the pattern matches this text only. */
      readonly literal?: string;
    }
  | { readonly kind: "delete" }
  | { readonly kind: "append" | "insert"; readonly text: string }
);

type SedLines = { readonly which: "all" | "last" } | { readonly which: "number"; readonly line: number } | Matching;

interface Matching {
  readonly which: "matching";
  readonly pattern: RegExp;
}

/** Text, or the match. */
type ReplacementPart = { readonly text: string } | "match";

export type SedSyntax = "basic" | "extended";

/**
 * Reads a script of `s`, `d`, `a` and `i`; undefined for others, and for patterns with groups or several repetitions,
 * which could take long to match.
 * @see sed(1), POSIX sed
 */
export function parseSedScript(script: string, syntax: SedSyntax): readonly SedCommand[] | undefined {
  const commands: SedCommand[] = [];
  let rest = script;
  for (;;) {
    rest = rest.replace(/^[\s;]+/, "");
    if (rest === "") return commands;
    const read = readCommand(rest, syntax);
    if (!read || !/^\s*(?:[;\n]|$)/.test(read.rest)) return undefined;
    commands.push(read.command);
    ({ rest } = read);
  }
}

interface Read {
  readonly command: SedCommand;
  readonly rest: string;
}

function readCommand(script: string, syntax: SedSyntax): Read | undefined {
  const address = readAddress(script, syntax);
  if (!address) return undefined;
  const { lines } = address;
  const rest = address.rest.replace(/^\s+/, "");
  if (rest.startsWith("s")) return readSubstitution(rest, lines, syntax);
  if (rest.startsWith("d")) return { command: { kind: "delete", lines }, rest: rest.slice(1) };
  const [all = "", name, text = ""] = /^([ai])(?:\\\n|\\?[ \t]*)([^\n\\]+)/.exec(rest) ?? [];
  if (name === undefined) return undefined;
  return { command: { kind: name === "a" ? "append" : "insert", lines, text }, rest: rest.slice(all.length) };
}

function readAddress(
  script: string,
  syntax: SedSyntax,
): { readonly lines: SedLines; readonly rest: string } | undefined {
  if (script.startsWith("$")) return { lines: { which: "last" }, rest: script.slice(1) };
  const number = /^[1-9]\d{0,6}(?!\d)/.exec(script)?.[0];
  if (number !== undefined)
    return { lines: { which: "number", line: Number(number) }, rest: script.slice(number.length) };
  if (!script.startsWith("/")) return { lines: { which: "all" }, rest: script };
  const end = delimiterAfter(script, 1, "/");
  const pattern = end === undefined ? undefined : readPattern(script.slice(1, end).replaceAll("\\/", "/"), syntax);
  if (end === undefined || !pattern) return undefined;
  return { lines: { which: "matching", pattern: pattern.pattern }, rest: script.slice(end + 1) };
}

function readSubstitution(script: string, lines: SedLines, syntax: SedSyntax): Read | undefined {
  const words = substitutionWords(script);
  if (!words) return undefined;
  const isGlobal = words.rest.startsWith("g");
  const read = readPattern(words.from, syntax);
  const replacement = readReplacement(words.to);
  const pattern = read && withFlag(read.pattern, isGlobal ? "g" : "");
  if (!pattern || !replacement) return undefined;
  const command: SedCommand = { kind: "substitute", lines, ...read, pattern, replacement };
  return { command, rest: isGlobal ? words.rest.slice(1) : words.rest };
}

interface SubstitutionWords {
  readonly from: string;
  readonly to: string;
  readonly rest: string;
}

function substitutionWords(script: string): SubstitutionWords | undefined {
  const delimiter = script[1] ?? "";
  if (!/^[^\s\w\\]$/.test(delimiter)) return undefined;
  const middle = delimiterAfter(script, 2, delimiter);
  const end = middle === undefined ? undefined : delimiterAfter(script, middle + 1, delimiter);
  if (middle === undefined || end === undefined) return undefined;
  const words = [script.slice(2, middle), script.slice(middle + 1, end)];
  const escaped = `\\${delimiter}`;
  // A delimiter that is special in patterns may mean either when it is escaped.
  if (/[.*[\]^$+?(){}|]/.test(delimiter) && words.some((word) => word.includes(escaped))) return undefined;
  const [from = "", to = ""] = words.map((word) => word.replaceAll(escaped, delimiter));
  return { from, to, rest: script.slice(end + 1) };
}

/** Undefined if it finds empty matches everywhere, of which not all are replaced. */
function withFlag(pattern: RegExp, flag: "g" | ""): RegExp | undefined {
  return flag === "g" && pattern.test("") ? undefined : new RegExp(pattern.source, `${flag}su`);
}

/** The position of the next delimiter that isn't escaped or in brackets. */
function delimiterAfter(script: string, start: number, delimiter: string): number | undefined {
  for (let at = start; at < script.length; at++) {
    if (script[at] === "\\") at++;
    else if (script[at] === delimiter) return at;
    else if (script[at] === "\n") return undefined;
  }
  return undefined;
}

interface Pattern {
  readonly pattern: RegExp;
  readonly literal?: string;
}

const controls: ReadonlyMap<string, string> = new Map([
  ["t", "\t"],
  ["r", "\r"],
]);

/** One thing that a pattern matches, as it is written in both syntaxes. */
const atom = /\\([^])|\[(\^?\]?[^\]\\[]*)\]|([^])/gy;

/** A part of a pattern; without `literal` it may match several texts. */
interface PatternPart {
  readonly source: string;
  readonly literal?: string;
  readonly isRepetition?: true;
}

/** A regular expression of literal characters, `.`, brackets, anchors and at most one repetition. */
function readPattern(text: string, syntax: SedSyntax): Pattern | undefined {
  const parts: PatternPart[] = [];
  for (const match of text.matchAll(atom)) {
    const part = partOf(match, {
      syntax,
      isFirst: match.index === 0,
      isLast: match.index + match[0].length === text.length,
    });
    if (!part) return undefined;
    parts.push(part);
  }
  const [repetition, ...more] = parts.filter(({ isRepetition }) => isRepetition);
  const repeated = repetition ? parts[parts.indexOf(repetition) - 1] : undefined;
  if (more.length > 0 || (repetition && (!repeated || repeated.source === "^"))) return undefined;
  const pattern = regExpOf(parts.map(({ source }) => source).join(""));
  const literals = parts.flatMap(({ literal }) => literal ?? []);
  return pattern && { pattern, ...(literals.length === parts.length && { literal: literals.join("") }) };
}

interface PartPlace {
  readonly syntax: SedSyntax;
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

function partOf(
  { 1: escaped, 2: brackets, 3: plain = "" }: RegExpExecArray,
  place: PartPlace,
): PatternPart | undefined {
  if (escaped !== undefined) return escapedPart(escaped);
  return brackets === undefined ? plainPart(plain, place) : bracketsPart(brackets);
}

function escapedPart(escaped: string): PatternPart | undefined {
  const literal = /[a-zA-Z0-9(){}+?|<>'`\n]/.test(escaped) ? controls.get(escaped) : escaped;
  return literal === undefined ? undefined : { source: escapeForRegExp(literal), literal };
}

/** Without classes such as `[:space:]`. */
function bracketsPart(brackets: string): PatternPart | undefined {
  return /^\^?[\w .,:;/@"'=-]+$/.test(brackets) ? { source: `[${brackets.replaceAll("/", "\\/")}]` } : undefined;
}

function plainPart(plain: string, { syntax, isFirst, isLast }: PartPlace): PatternPart | undefined {
  if (plain === "^") return isFirst ? { source: plain, literal: "" } : undefined;
  if (plain === "$") return isLast ? { source: plain, literal: "" } : undefined;
  if (plain === ".") return { source: plain };
  if (plain === "*" || (syntax === "extended" && /[+?]/.test(plain))) return { source: plain, isRepetition: true };
  if (/[[\\]/.test(plain) || (syntax === "extended" && /[(){}|]/.test(plain))) return undefined;
  return { source: escapeForRegExp(plain), literal: plain };
}

function regExpOf(source: string): RegExp | undefined {
  if (source === "") return undefined;
  try {
    return new RegExp(source, "su");
  } catch {
    // Such as a range from z to a, which sed refuses as well.
    return undefined;
  }
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** Undefined for references to groups and changes of case. */
function readReplacement(text: string): readonly ReplacementPart[] | undefined {
  const parts: ReplacementPart[] = [];
  for (const { 1: escaped, 0: all } of text.matchAll(/\\([^])|[^]/gu)) {
    if (escaped === undefined) parts.push(all === "&" ? "match" : { text: all });
    else if (/[a-zA-Z0-9]/.test(escaped)) {
      const control = escaped === "n" ? "\n" : controls.get(escaped);
      if (control === undefined) return undefined;
      parts.push({ text: control });
    } else parts.push({ text: escaped });
  }
  return parts;
}

function isLiteral(command: SedCommand): boolean {
  return command.kind !== "substitute" || command.literal !== undefined;
}

/** True for a command that replaces a text by one of the same size, whatever file it edits. */
export function keepsSize(command: SedCommand): boolean {
  if (command.kind !== "substitute" || command.literal === undefined) return false;
  const { literal, replacement } = command;
  const isFixed = replacement.every((part) => part !== "match");
  return isFixed && utf8Length(replaced("", replacement)) === utf8Length(literal);
}

/** Longer lines take too long to match. */
const maxLineCharacters = 4000;

/** The text after the commands; undefined if it isn't followed. */
export function editText(text: string, commands: readonly SedCommand[]): string | undefined {
  if (text === "") return "";
  // Without a locale, `.` and brackets match single bytes.
  const isAscii = /^[\0-\x7f]*$/.test(text);
  if (!isAscii && !commands.every(isLiteral)) return undefined;
  const endsLine = text.endsWith("\n");
  const lines = (endsLine ? text.slice(0, -1) : text).split("\n");
  const edited: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.length > maxLineCharacters) return undefined;
    edited.push(...editLine(line, { number: index + 1, isLast: index === lines.length - 1 }, commands));
  }
  // A line that is added after one without an end of line ends that line.
  if (!endsLine && commands.some(({ kind }) => kind !== "substitute")) return undefined;
  return edited.length === 0 ? "" : `${edited.join("\n")}${endsLine ? "\n" : ""}`;
}

interface Position {
  readonly number: number;
  readonly isLast: boolean;
}

function editLine(line: string, position: Position, commands: readonly SedCommand[]): readonly string[] {
  const before: string[] = [];
  const after: string[] = [];
  let current = line;
  for (const command of commands) {
    if (!isFor(command.lines, current, position)) continue;
    switch (command.kind) {
      case "substitute":
        current = current.replace(command.pattern, (match) => replaced(match, command.replacement));
        break;
      case "delete":
        return [...before, ...after];
      case "insert":
        before.push(command.text);
        break;
      case "append":
        after.push(command.text);
    }
  }
  return [...before, current, ...after];
}

function isFor(lines: SedLines, current: string, { number, isLast }: Position): boolean {
  switch (lines.which) {
    case "all":
      return true;
    case "last":
      return isLast;
    case "number":
      return number === lines.line;
    case "matching":
      return lines.pattern.test(current);
  }
}

function replaced(match: string, replacement: readonly ReplacementPart[]): string {
  return replacement.map((part) => (part === "match" ? match : part.text)).join("");
}
