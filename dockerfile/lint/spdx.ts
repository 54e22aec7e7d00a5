import ids from "spdx-license-ids/index.json" with { type: "json" };
import deprecatedIds from "spdx-license-ids/deprecated.json" with { type: "json" };
import { nearestName } from "../syntax/nearestName.ts";
import { ownEntry } from "../../oci/core/ownEntry.ts";

/** The problem in a licence expression. `at` is the part concerned: a word, or the words that name one licence. */
export type SpdxProblem =
  | { readonly kind: "unknownLicence"; readonly at: string; readonly meant?: string }
  | { readonly kind: "grammar"; readonly at: string };

/**
 * Checks a licence expression; undefined if it is valid. Accepts any name for the exception after WITH.
 * @see https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/
 */
export function spdxProblem(expression: string): SpdxProblem | undefined {
  const problem = firstProblem(expression);
  const meant = problem && licenceOfWords(expression);
  return meant === undefined ? problem : { kind: "unknownLicence", at: expression, meant };
}

function firstProblem(expression: string): SpdxProblem | undefined {
  const words = expression.match(/[()]|[^\s()]+/g) ?? [];
  if (words.length > maxWords) return { kind: "grammar", at: expression.slice(0, 40) };
  const kinds = words.map(kindOf);
  let depth = 0;
  for (const [index, word] of words.entries()) {
    depth += ownEntry(depthOf, word) ?? 0;
    const problem = depth < 0 ? unexpected(word) : problemBehind(kinds[index - 1] ?? "operator", word);
    // `GPL v2 or later`: the word alone isn't the licence that was meant.
    if (problem) return kinds[index + 1] === "name" ? { kind: problem.kind, at: problem.at } : problem;
  }
  return depth === 0 && mayEnd(kinds.at(-1)) ? undefined : unexpected(words.at(-1) ?? "");
}

/** The licence that several words name together: `Apache 2`, `GPL v3`, `Apache License, Version 2.0`. */
function licenceOfWords(expression: string): string | undefined {
  const text = expression.toLowerCase().replace(/[,"]|\b(?:the|licen[cs]e|version)\b/g, " ");
  const words = text.split(/\s+/).filter(Boolean);
  if (words.length > maxNameWords || !/\s/.test(expression.trim())) return undefined;
  return ["-", ""]
    .map((joint) => words.join(joint))
    .map((name) => ownEntry(oftenMeant, name) ?? known.get(name))
    .find((id) => id !== undefined);
}

// More words say more than a name: only the author knows whether "or later" holds.
const maxNameWords = 3;

function unexpected(word: string): SpdxProblem {
  return { kind: "grammar", at: word };
}

function problemBehind(before: WordKind, word: string): SpdxProblem | undefined {
  const kind = kindOf(word);
  if (!mayFollow[before].includes(kind)) return unexpected(word);
  return kind === "name" ? nameProblem(word, before) : undefined;
}

function mayEnd(kind: WordKind | undefined): boolean {
  return kind === "name" || kind === ")";
}

const depthOf: Readonly<Record<string, number>> = { "(": 1, ")": -1 };

// Real expressions have a few licences.
const maxWords = 200;

type WordKind = "(" | ")" | "operator" | "with" | "name";

/** The words allowed after each kind. An expression begins like the text after an operator. */
const mayFollow: Readonly<Record<WordKind, readonly WordKind[]>> = {
  "(": ["(", "name"],
  operator: ["(", "name"],
  with: ["name"],
  name: ["operator", "with", ")"],
  ")": ["operator", ")"],
};

/** The kind of a word. The specification requires operators in all upper or all lower case. */
function kindOf(word: string): WordKind {
  if (word === "(" || word === ")") return word;
  if (/^(?:WITH|with)$/.test(word)) return "with";
  return /^(?:AND|OR|and|or)$/.test(word) ? "operator" : "name";
}

const known: ReadonlyMap<string, string> = new Map([...ids, ...deprecatedIds].map((id) => [id.toLowerCase(), id]));

/** Common names for licences whose id is different. @see https://spdx.org/licenses/ */
const oftenMeant: Readonly<Record<string, string>> = {
  apache: "Apache-2.0",
  apache2: "Apache-2.0",
  "apache-2": "Apache-2.0",
  "apache2.0": "Apache-2.0",
  apachev2: "Apache-2.0",
  asl2: "Apache-2.0",
  bsd: "BSD-3-Clause",
  "bsd-3": "BSD-3-Clause",
  "bsd-2": "BSD-2-Clause",
  bsd3: "BSD-3-Clause",
  bsd2: "BSD-2-Clause",
  gpl: "GPL-3.0-or-later",
  gpl2: "GPL-2.0-only",
  gpl3: "GPL-3.0-only",
  gplv2: "GPL-2.0-only",
  gplv3: "GPL-3.0-only",
  "gpl-2": "GPL-2.0-only",
  "gpl-3": "GPL-3.0-only",
  lgpl: "LGPL-3.0-or-later",
  lgplv3: "LGPL-3.0-only",
  agpl: "AGPL-3.0-or-later",
  agplv3: "AGPL-3.0-only",
  "agpl-3": "AGPL-3.0-only",
  mpl: "MPL-2.0",
  mpl2: "MPL-2.0",
  "mpl-2": "MPL-2.0",
  cc0: "CC0-1.0",
  boost: "BSL-1.0",
};

function nameProblem(word: string, before: WordKind): SpdxProblem | undefined {
  if (before !== "with") return licenceProblem(word);
  return /^[A-Za-z0-9.-]+$/.test(word) ? undefined : { kind: "grammar", at: word };
}

/** The problem with a licence id; ids compare without case. */
function licenceProblem(word: string): SpdxProblem | undefined {
  if (
    /^(?:DocumentRef-[A-Za-z0-9.-]+:)?LicenseRef-[A-Za-z0-9.-]+$/.test(word) ||
    word === "NONE" ||
    word === "NOASSERTION"
  )
    return undefined;
  const id = word.replace(/\+$/, "").toLowerCase();
  if (known.has(id)) return undefined;
  const meant = ownEntry(oftenMeant, id) ?? nearestName(id, known.values());
  return { kind: "unknownLicence", at: word, ...(meant !== undefined && { meant: withSuffix(meant, word) }) };
}

/** The id with the "or later" that a `+` says. */
function withSuffix(id: string, word: string): string {
  if (!word.endsWith("+") || id.endsWith("-or-later")) return id;
  return id.endsWith("-only") ? id.replace(/-only$/, "-or-later") : `${id}+`;
}
