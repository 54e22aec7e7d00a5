import type { ViewRow } from "../protocol/messages.ts";
import { pathMatcher } from "../../oci/core/match/pathMatcher.ts";
import { l10n } from "../protocol/l10n.ts";

/** Passes rows with a security mark. */
export const securityQualifier = "is:security";

/**
 * Matches rows by the text of the filter: words with a colon filter by attributes, the rest is a path, a glob or a
 * regular expression.
 */
export function rowMatcher(text: string): (row: ViewRow) => boolean {
  const { tests, path } = partsOf(text);
  const matchesPath = pathMatcher(path);
  return (row) => matchesPath?.(row.path) === true && tests.every((test) => test(row));
}

/** The reason why the text isn't a valid filter; undefined if it is. */
export function filterProblem(text: string): string | undefined {
  return pathMatcher(partsOf(text).path) ? undefined : l10n.t("Not a valid regular expression");
}

function partsOf(text: string): { readonly tests: readonly RowTest[]; readonly path: string } {
  const words = text.trim().split(/\s+/);
  const tests = words.map(qualifierOf);
  const path = words.filter((_, index) => tests[index] === undefined).join(" ");
  return { tests: tests.filter((test) => test !== undefined), path };
}

/** Adds a qualifier to the text, or removes it if it is there. */
export function toggleQualifier(text: string, qualifier: string): string {
  const words = text.split(/\s+/).filter((word) => word !== "");
  return (words.includes(qualifier) ? words.filter((word) => word !== qualifier) : [...words, qualifier]).join(" ");
}

type RowTest = (row: ViewRow) => boolean;

/** `is:setuid`, `size:>1MB`, `owner:1000` or `owner:0:0`; undefined for any other word. */
function qualifierOf(word: string): RowTest | undefined {
  const [, name, value = ""] = /^(is|size|owner):(.+)$/i.exec(word) ?? [];
  switch (name?.toLowerCase()) {
    case "is":
      return (row) => (row.marks ?? []).some((mark) => value === "security" || mark.replace("?", "") === value);
    case "size":
      return sizeTest(value);
    case "owner":
      return ({ before, after }) => [before, after].some((entry) => entry !== undefined && isOwner(entry.owner, value));
    default:
      return undefined;
  }
}

const units: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["k", 1e3],
  ["m", 1e6],
  ["g", 1e9],
]);

/**
 * Compares sizes in the same units as the table. The size is that after the change, or that before for removed files.
 */
function sizeTest(value: string): RowTest | undefined {
  const [, sign = ">", digits = "", unit = ""] = /^([<>]?)=?(\d+(?:\.\d+)?)([kmg]?)b?$/i.exec(value) ?? [];
  if (digits === "") return undefined;
  const limit = Number(digits) * (units.get(unit.toLowerCase()) ?? 1);
  return ({ before, after }) => {
    const size = (after ?? before)?.size ?? 0;
    return sign === "<" ? size <= limit : size >= limit;
  };
}

/** Matches `0:0 (root:root)` by number or name, by the user or by both. */
function isOwner(owner: string, value: string): boolean {
  const [, numbers = owner, names = ""] = /^(\S+)(?: \((.+)\))?$/.exec(owner) ?? [];
  return [numbers, names].some((known) => known === value || known.split(":")[0] === value);
}
