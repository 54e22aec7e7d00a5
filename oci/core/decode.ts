import { failure, success, type Result } from "./error.ts";
import { isRecord } from "./text.ts";
import { ownEntry } from "./ownEntry.ts";

/** A JSON value, its path, and the list to which problems with it are added. Readers note a problem and go on. */
export interface Json {
  readonly value: unknown;
  /** The value that contains it; absent for the root, whose key is its name. */
  readonly parent?: Json;
  readonly key: string | number;
  readonly problems: string[];
}

/**
 * The limit of commas and opening brackets in one document, which bounds its values: the smallest take tens of bytes of
 * memory for two of text. A list of 100,000 images has half of that.
 */
const maxTokens = 4_000_000;
const maxItems = 200_000; // For one list or object, unless its reader specifies another limit.

const shownProblems = 3; // Enough to see a pattern; a hostile document could have millions.

/**
 * Runs `read` over foreign data. Returns a `badArchive` error that names the paths if `read` noted problems. `root`
 * starts the paths: `config.history[3].created_by: expected a string`.
 */
export function decode<T>(what: string, root: string, value: unknown, read: (json: Json) => T): Result<T> {
  const problems: string[] = [];
  const decoded = read({ value, key: root, problems });
  return problems.length === 0 ? success(decoded) : failure({ kind: "badArchive", what, message: problems.join("; ") });
}

/**
 * Parses JSON. Returns a `badArchive` error if it is invalid, or `tooLarge` if it has more parts than any document of
 * its kind.
 */
export function parseJson(what: string, text: string): Result<unknown> {
  if (text.length > maxTokens && hasMoreTokens(text, maxTokens))
    return failure({ kind: "tooLarge", what, message: "its JSON has too many values" });
  try {
    return success(JSON.parse(text) as unknown);
  } catch (error) {
    return failure({
      kind: "badArchive",
      what,
      message: `not JSON: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}

/** Counts tokens outside of strings, which is quick and allocates nothing. */
function hasMoreTokens(text: string, most: number): boolean {
  let tokens = 0;
  let isInText = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (isInText) {
      if (code === backslash) index++;
      else if (code === quote) isInText = false;
    } else if (code === quote) isInText = true;
    else if ((code === comma || code === bracket || code === brace) && ++tokens > most) return true;
  }
  return false;
}

const [backslash, quote, comma, bracket, brace] = [0x5c, 0x22, 0x2c, 0x5b, 0x7b];

export function noteProblem(json: Json, problem: string): void {
  if (json.problems.length < shownProblems) json.problems.push(`${pathOf(json)}: ${problem}`);
}

/** The path of a value. It is built only for problems: lists are long, and problems are rare. */
function pathOf({ parent, key }: Json): string {
  if (!parent) return String(key);
  return pathOf(parent) + (typeof key === "number" ? `[${key}]` : `.${key}`);
}

/**
 * A member of an object; absent if the object is. Go writes null for missing values, so null always counts as absent.
 */
export function member(json: Json, name: string): Json {
  const { value, problems } = json;
  const isObject = isRecord(value);
  if (!isObject && !isAbsent(json)) noteProblem(json, "expected an object");
  return { value: isObject ? ownEntry(value, name) : undefined, parent: json, key: name, problems };
}

export function isAbsent(json: Json): boolean {
  return json.value === undefined || json.value === null;
}

export function text(json: Json): string {
  const value = optionalText(json);
  if (isAbsent(json)) noteProblem(json, "expected a string, found nothing");
  return value ?? "";
}

export function optionalText(json: Json): string | undefined {
  if (isAbsent(json)) return undefined;
  if (typeof json.value === "string") return json.value;
  noteProblem(json, "expected a string");
  return undefined;
}

/** A whole number from 0 to 2⁵³−1. */
export function count(json: Json): number {
  if (typeof json.value === "number" && Number.isSafeInteger(json.value) && json.value >= 0) return json.value;
  noteProblem(json, "expected a count");
  return 0;
}

export function optionalNumber(json: Json): number | undefined {
  if (isAbsent(json)) return undefined;
  if (typeof json.value === "number") return json.value;
  noteProblem(json, "expected a number");
  return undefined;
}

export function optionalFlag(json: Json): boolean | undefined {
  if (isAbsent(json)) return undefined;
  if (typeof json.value === "boolean") return json.value;
  noteProblem(json, "expected true or false");
  return undefined;
}

/** The items of a list; empty if it is absent. */
export function items(json: Json, most = maxItems): readonly Json[] {
  const { value: list, problems } = json;
  if (isAbsent(json)) return [];
  if (!Array.isArray(list)) noteProblem(json, "expected a list");
  else if (list.length <= most) return list.map((value: unknown, key) => ({ value, parent: json, key, problems }));
  else noteProblem(json, `a list of ${list.length}; at most ${most} are read`);
  return [];
}

export function texts(json: Json): readonly string[] {
  return items(json).map(text);
}

/** A list of strings, or one string as a list of one, as Go's strslice reads it. */
export function optionalTexts(json: Json): readonly string[] | undefined {
  if (isAbsent(json)) return undefined;
  return typeof json.value === "string" ? [json.value] : texts(json);
}

/** The members of an object with string values; a null value is an empty string. */
export function textMap(json: Json): Readonly<Record<string, string>> {
  return Object.fromEntries(keys(json).map((key) => [key, optionalText(member(json, key)) ?? ""]));
}

/** The member names of an object, which is how Go writes a set; empty if it is absent. */
export function keys(json: Json): readonly string[] {
  if (isAbsent(json)) return [];
  const names = isRecord(json.value) ? Object.keys(json.value) : undefined;
  if (names && names.length <= maxItems) return names;
  noteProblem(
    json,
    names ? `an object of ${names.length} members; at most ${maxItems} are read` : "expected an object",
  );
  return [];
}

export type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The object without its undefined members, so that "absent" has one form. */
export function present<T extends object>(fields: T): Present<T> {
  const result: Partial<T> = {};
  // A plain loop, since this runs for every row of every list: `Object.entries` makes decoding 50 % slower.
  for (const key in fields) if (fields[key] !== undefined) result[key] = fields[key];
  return result as unknown as Present<T>;
}
