import type { Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";
import { placeAt, wordAt, type Place, type Statement } from "./statement.ts";

/** The kind of text that the grammar expects at the cursor; `span` is the word that it replaces. */
export type Slot = { readonly span: Span } & (
  | { readonly kind: "comment"; readonly before: string }
  | { readonly kind: "keyword"; readonly isTrigger: boolean }
  | { readonly kind: "flag"; readonly keyword: string; readonly given: readonly string[] }
  | { readonly kind: "flagValue"; readonly keyword: string; readonly flag: string }
  /** An option of `--mount`, with the options already given. */
  | { readonly kind: "mountKey"; readonly given: readonly string[] }
  | { readonly kind: "mountValue"; readonly key: string; readonly given: readonly string[] }
  | { readonly kind: "variable"; readonly name: string; readonly isBraced: boolean; readonly isClosed: boolean }
  | ArgumentSlot
) & { readonly instruction?: Instruction };

/** A word after the flags. */
export interface ArgumentSlot {
  readonly kind: "argument";
  readonly keyword: string;
  /** The words before it. */
  readonly words: readonly string[];
  readonly flags: readonly string[];
  /** The typed part of it. */
  readonly typed: string;
  /** Inside a string of a JSON array. */
  readonly isJson: boolean;
}

/** Returns the kind of text expected at an offset; undefined if only free text is possible. */
export function slotAt(file: Dockerfile, offset: number): Slot | undefined {
  const place = placeAt(file, offset);
  if (!place) return undefined;
  if (place.kind === "comment") return { kind: "comment", before: place.before, span: { start: offset, end: offset } };
  if (place.kind === "heredoc") {
    const variable = variableSlot(file, offset, place.before);
    const slot = variable ?? scriptSlot(file, offset, place);
    return slot && { ...slot, instruction: place.instruction };
  }
  const slot = statementSlot({ file, offset, isTrigger: false }, place);
  return slot && place.instruction ? { ...slot, instruction: place.instruction } : slot;
}

/** A word of a line of a RUN's heredoc. */
function scriptSlot(
  file: Dockerfile,
  offset: number,
  { instruction, before }: Extract<Place, { readonly kind: "heredoc" }>,
): Slot | undefined {
  if (instruction.keyword.value !== "RUN") return undefined;
  return argumentSlot({ file, offset, isTrigger: false }, "RUN", [], before.trimStart());
}

interface Cursor {
  readonly file: Dockerfile;
  readonly offset: number;
  readonly isTrigger: boolean;
}

function statementSlot(cursor: Cursor, { before }: Statement): Slot | undefined {
  const { file, offset, isTrigger } = cursor;
  const [, keyword, rest = ""] = /^(\S+)\s+(.*)$/s.exec(before) ?? [];
  if (keyword === undefined) return { kind: "keyword", isTrigger, span: wordAt(file, offset) };
  const upper = keyword.toUpperCase();
  if (upper === "ONBUILD" && !isTrigger) return statementSlot({ ...cursor, isTrigger: true }, { before: rest });
  const { flags, current, behind } = splitFlags(rest);
  const variable = mayHoldVariable(upper, current, behind) ? variableSlot(file, offset, before) : undefined;
  if (variable) return variable;
  if (current !== undefined) return flagSlot(cursor, upper, flags, current);
  return argumentSlot(cursor, upper, flags, behind);
}

/**
 * False for stage names, which can't contain variables, and for programs started without a shell, which don't expand
 * them.
 */
function mayHoldVariable(keyword: string, flag: string | undefined, behind: string): boolean {
  if (flag?.startsWith("--from=") || keyword === "SHELL" || keyword === "MAINTAINER") return false;
  if (withPairs.test(keyword) && openQuote(behind) === "'") return false;
  return flag !== undefined || !(behind.startsWith("[") && /^(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK)$/.test(keyword));
}

interface Flags {
  readonly flags: readonly string[];
  /** The flag that contains the cursor. */
  readonly current?: string;
  /** The text after the flags. */
  readonly behind: string;
}

function splitFlags(rest: string): Flags {
  const flags: string[] = [];
  let behind = rest;
  for (let found = leadingFlag.exec(behind); found; found = leadingFlag.exec(behind)) {
    flags.push(found[1] ?? "");
    behind = behind.slice(found[0].length);
  }
  return /^--?\S*$/.test(behind) || /^--\S*=["'][^"']*$/.test(behind)
    ? { flags, current: behind, behind: "" }
    : { flags, behind };
}

const leadingFlag = /^(--(?:"[^"]*"|'[^']*'|[^\s"'])+)\s+/;

function variableSlot(file: Dockerfile, offset: number, before: string): Slot | undefined {
  const found = openVariable.exec(before);
  if (!found) return undefined;
  const { escapes = "", brace = "", name = "" } = found.groups ?? {};
  // An escaped escape character doesn't escape anything.
  if (escapes.endsWith(file.escape) && escapes.length % 2 === 1) return undefined;
  const rest = /^\w*/.exec(file.text.slice(offset, offset + 256))?.[0] ?? "";
  const end = offset + rest.length;
  return {
    kind: "variable",
    name,
    isBraced: brace === "{",
    isClosed: /[}:+?#%/-]/.test(file.text[end] ?? ""),
    span: { start: offset - name.length, end },
  };
}

/** `$NAME`, `${NAME` or `${NAME:` at the end of a text; `$$` is the number of the shell's process. */
const openVariable = /(?<escapes>\\*|`*)(?<!\$)(?:\$\$)*\$(?<brace>\{?)(?<name>\w*(?:(?<=\{\w*):)?)$/;

function flagSlot(
  { file, offset }: Cursor,
  keyword: string,
  given: readonly string[],
  current: string,
): Slot | undefined {
  const equals = current.indexOf("=");
  const names = given.map((flag) => /^--([^=]*)/.exec(flag)?.[1] ?? "");
  if (equals === -1) {
    const word = wordAt(file, offset, /[\s=]/);
    return { kind: "flag", keyword, given: names, span: word };
  }
  const flag = current.slice(2, equals);
  if (flag !== "mount") return { kind: "flagValue", keyword, flag, span: wordAt(file, offset, /[\s="',]/) };
  const fields = current
    .slice(equals + 1)
    .replace(/^["']/, "")
    .split(",");
  const field = fields.pop() ?? "";
  // A quoted field may hold commas.
  const isBeforeQuoted = file.text[offset] === '"' && openQuote(current) !== '"';
  if (isBeforeQuoted || openQuote([...fields, field].join(",")) === '"') return undefined;
  const split = field.indexOf("=");
  const span = wordAt(file, offset, /[\s=,"']/);
  return split === -1
    ? { kind: "mountKey", given: fields, span }
    : { kind: "mountValue", key: field.slice(0, split).toLowerCase(), given: fields, span };
}

function argumentSlot(
  { file, offset }: Cursor,
  keyword: string,
  flags: readonly string[],
  behind: string,
): Slot | undefined {
  if (behind.startsWith("[")) return jsonSlot(file, offset, { keyword, flags, behind });
  const word = wordAt(file, offset);
  const typed = file.text.slice(word.start, offset);
  const isKey = withPairs.test(keyword) && !typed.includes("=");
  const span = isKey ? { ...word, end: wordAt(file, offset, /[\s=]/).end } : word;
  const before = behind.slice(0, behind.length - typed.length);
  if (withPairs.test(keyword) && (openQuote(before) !== undefined || /[\\`]\s$/.test(before))) return undefined;
  const words = before.match(/\S+/g) ?? [];
  return { kind: "argument", keyword, words, flags, typed, isJson: false, span };
}

/** Instructions whose words BuildKit splits as a shell does: a value may hold blanks, in quotes or escaped. */
const withPairs = /^(?:ARG|ENV|LABEL)$/;

/** The quote that a text ends in. */
function openQuote(text: string): string | undefined {
  return text.replace(/\\[\s\S]|'[^']*'|"(?:[^"\\]|\\[\s\S])*"/g, "").match(/["']/)?.[0];
}

function jsonSlot(
  file: Dockerfile,
  offset: number,
  { keyword, flags, behind }: { readonly keyword: string; readonly flags: readonly string[]; readonly behind: string },
): Slot | undefined {
  const strings = behind.match(/"(?:\\.|[^"\\])*"?/g) ?? [];
  const open = strings.at(-1) ?? "";
  if (!behind.endsWith(open) || open === "" || /[^\\]"$/.test(open)) return undefined;
  const typed = open.slice(1);
  if (file.text.slice(offset - typed.length, offset) !== typed) return undefined;
  const rest = /^[^"\r\n]*/.exec(file.text.slice(offset, offset + 4096))?.[0] ?? "";
  const span = { start: offset - typed.length, end: offset + rest.length };
  return {
    kind: "argument",
    keyword,
    words: strings.slice(0, -1).map((item) => item.slice(1, -1)),
    flags,
    typed,
    isJson: true,
    span,
  };
}
