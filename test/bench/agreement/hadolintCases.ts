import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PeerCase } from "./peerCase.ts";

/** The cases of hadolint's rules and of its comments, from a folder with its sources. */
export function hadolintCases(folder: string): readonly PeerCase[] {
  const specs = join(folder, "test/Hadolint");
  const files = readdirSync(join(specs, "Rule"))
    .filter((name) => /^DL\d+Spec\.hs$/.test(name))
    .map((name) => join(specs, "Rule", name));
  const comments = join(specs, "PragmaSpec.hs");
  return [...files, ...(existsSync(comments) ? [comments] : [])].flatMap((path) => casesIn(readFileSync(path, "utf8")));
}

const string = `"(?:[^"\\\\]|\\\\[^])*"`;
const statement = new RegExp(
  [
    `\\?config\\s*=\\s*(?:mempty|def)(?<config>\\s*\\{[^}]*\\})?`,
    `\\brule\\s*=\\s*"(?<named>DL\\d+)"`,
    `(?<bound>\\w+)\\s*=\\s*(?:Text\\.unlines\\s*)?(?:\\$\\s*)?\\[(?<list>(?:\\s*${string}\\s*,?)*)\\s*\\]`,
    `\\b(?<call>onBuildRuleCatches|ruleCatches)(?<not>Not)?\\s+(?:"(?<code>DL\\d+)"|rule)\\s*\\$?\\s*(?:(?<literal>${string})|(?:Text\\.unlines\\s+)?(?<used>\\w+))`,
    `\\bassertChecks\\s+\\(Text\\.unlines (?<counted>\\w+)\\)\\s+\\(failsWith (?<times>\\d+) "(?<failing>DL\\d+)"\\)`,
  ].join("|"),
  "g",
);

/**
 * A case binds a text to a name, or states it in place: `let dockerFile = [ "…", "…" ]` and
 * `ruleCatches "DL3000" $ Text.unlines dockerFile`, or `ruleCatchesNot "DL3000" "…"`. A configuration applies to the
 * cases after it.
 */
export function casesIn(haskell: string): readonly PeerCase[] {
  const texts = new Map<string, string>();
  let config: string | undefined;
  let named = "";
  return [...haskell.replace(/^\s*--.*$/gm, "").matchAll(statement)].flatMap(({ 0: all, groups = {} }): PeerCase[] => {
    if (all.startsWith("?config")) config = yamlOf(groups["config"] ?? "");
    else if (groups["named"] !== undefined) named = groups["named"];
    else if (groups["bound"] !== undefined) texts.set(groups["bound"], linesOf(groups["list"] ?? ""));
    else return caseOf(groups, { texts, config, named });
    return [];
  });
}

type Groups = Readonly<Record<string, string | undefined>>;

interface Scope {
  readonly texts: ReadonlyMap<string, string>;
  readonly config: string | undefined;
  /** The code that `rule` stands for. */
  readonly named: string;
}

function caseOf({ call, code, counted, failing, literal, not, times, used }: Groups, scope: Scope): PeerCase[] {
  const text = literal === undefined ? scope.texts.get(counted ?? used ?? "") : unescape(literal.slice(1, -1));
  if (text === undefined) return [];
  const dockerfile = call?.startsWith("onBuild") ? inTriggers(text) : text;
  const rule = failing ?? code ?? scope.named;
  const isFound = times === undefined ? not === undefined : times !== "0";
  const { config } = scope;
  return [{ name: `${rule} ${dockerfile.trim().slice(0, 60)}`, dockerfile, rule, isFound, config }];
}

function linesOf(list: string): string {
  const lines = [...list.matchAll(new RegExp(string, "g"))].map(([line]) => unescape(line.slice(1, -1)));
  return `${lines.join("\n")}\n`;
}

/** Puts every RUN into an ONBUILD, as hadolint's `onBuildRuleCatches` does. */
function inTriggers(dockerfile: string): string {
  return dockerfile.replace(/(?<!\\\n)^(?=RUN\s)/gim, "ONBUILD ");
}

const formats: ReadonlyMap<string, string> = new Map([
  ["RawText", "text"],
  ["GitHash", "hash"],
  ["Rfc3339", "rfc3339"],
  ["SemVer", "semver"],
  ["Spdx", "spdx"],
  ["Url", "url"],
  ["Email", "email"],
]);

/** The fields of a configuration as `.hadolint.yaml`; undefined without any that rules see. */
function yamlOf(fields: string): string | undefined {
  const labels = [...fields.matchAll(/\("([^"]+)",\s*(?:Rule\.)?(\w+)\)/g)];
  const registries = /allowedRegistries\s*=\s*\[([^\]]*)\]/.exec(fields)?.[1];
  const lines = [
    ...(labels.length > 0 ? ["label-schema:"] : []),
    ...labels.map(([, key = "", format = ""]) => `  ${key}: ${formats.get(format) ?? format}`),
    ...(/strictLabels\s*=\s*Just True/.test(fields) ? ["strict-labels: true"] : []),
    ...(registries === undefined ? [] : [`trustedRegistries: [${registries}]`]),
  ];
  return lines.length === 0 ? undefined : `${lines.join("\n")}\n`;
}

/** The text of a Haskell literal; a backslash, spaces and a backslash join two lines of source. */
function unescape(literal: string): string {
  return literal.replace(/\\(?:\s+\\|([^]))/g, (_, escaped: string | undefined) => {
    if (escaped === undefined) return "";
    return escaped === "n" ? "\n" : escaped === "t" ? "\t" : escaped;
  });
}
