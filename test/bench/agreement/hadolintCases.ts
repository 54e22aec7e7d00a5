import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PeerCase } from "./peerCase.ts";

/** The cases of hadolint's rules, from a folder with its sources. Those that need a configuration are left out. */
export function hadolintCases(folder: string): readonly PeerCase[] {
  const specs = join(folder, "test/Hadolint/Rule");
  return readdirSync(specs)
    .filter((name) => /^DL\d+Spec\.hs$/.test(name))
    .flatMap((name) => casesIn(readFileSync(join(specs, name), "utf8")));
}

/**
 * A case binds a text to a name, or states it in place: `let dockerFile = [ "…", "…" ]` and
 * `ruleCatches "DL3000" $ Text.unlines dockerFile`, or `ruleCatchesNot "DL3000" "…"`.
 */
function casesIn(haskell: string): readonly PeerCase[] {
  const text = haskell.replace(/^\s*--.*$/gm, "");
  if (/\?config = (?!mempty|def\b)/.test(text)) return [];
  const token =
    /(\w+) =\s*\[((?:\s*(?:"(?:[^"\\]|\\[^])*")\s*,?)*)\s*\]|\b(ruleCatches|ruleCatchesNot)\s+"(DL\d+)"\s*\$?\s*(?:"((?:[^"\\]|\\[^])*)"|Text\.unlines (\w+))/g;
  const lists = new Map<string, string>();
  return [...text.matchAll(token)].flatMap((match): readonly PeerCase[] => {
    const [, bound, list = "", call, rule = "", literal, used = ""] = match;
    if (bound !== undefined) {
      const lines = [...list.matchAll(/"((?:[^"\\]|\\[^])*)"/g)].map(([, line = ""]) => unescape(line));
      lists.set(bound, `${lines.join("\n")}\n`);
      return [];
    }
    const dockerfile = literal === undefined ? lists.get(used) : unescape(literal);
    if (dockerfile === undefined) return [];
    return [{ name: `${rule} ${dockerfile.trim().slice(0, 60)}`, dockerfile, rule, isFound: call === "ruleCatches" }];
  });
}

/** The text of a Haskell literal; a backslash, spaces and a backslash join two lines of source. */
function unescape(literal: string): string {
  return literal.replace(/\\(?:\s+\\|([^]))/g, (_, escaped: string | undefined) => {
    if (escaped === undefined) return "";
    return escaped === "n" ? "\n" : escaped === "t" ? "\t" : escaped;
  });
}
