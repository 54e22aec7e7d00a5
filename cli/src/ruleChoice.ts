import { allRules } from "../../dockerfile/lint/config/allRules.ts";
import type { RuleMeta, Severity } from "../../dockerfile/lint/rule.ts";
import { isShellCheckCode, ruleNameProblem, findRules } from "../../dockerfile/lint/config/findRule.ts";
import { layeredSeverities } from "../../dockerfile/lint/config/severities.ts";
import { CommandError } from "./command.ts";

type Severities = Readonly<Record<string, Severity | "off">>;

/** What `--enable` and `--disable` make of a configuration's severities. Disabling goes first, so that `--disable all --enable X` leaves X. */
export interface RuleChoice {
  severities(configured: Severities): Severities;
}

/** Throws where a name is no rule's. */
export function ruleChoice(enable: readonly string[], disable: readonly string[]): RuleChoice {
  const enabled = enable.flatMap(namesIn);
  const disabled = disable.flatMap(namesIn);
  return {
    severities(configured) {
      const severities = new Map(Object.entries(layeredSeverities([configured], allRules)));
      for (const name of disabled) for (const id of idsOf(name, allRules)) severities.set(id, "off");
      for (const name of enabled) {
        // All means those that are off by default: what a configuration ignores it has a reason to.
        const ids =
          name === "all"
            ? allRules.filter(({ id, severity }) => severity === "off" && !severities.has(id)).map(({ id }) => id)
            : idsOf(name, allRules);
        for (const id of ids) if ((severities.get(id) ?? "off") === "off") enableOne(severities, id, allRules);
      }
      return Object.fromEntries(severities);
    },
  };
}

/** Names in one option's value, which may be a list: `--disable DL3008,SC2086`. */
function namesIn(value: string): string[] {
  const names = value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  for (const name of names) {
    const problem = name === "all" ? undefined : ruleNameProblem(name);
    if (problem !== undefined)
      throw new CommandError(`${problem}${problem.includes("did you mean") ? "" : "; imagewright rules lists them"}`);
  }
  return names;
}

function idsOf(name: string, metas: readonly RuleMeta[]): readonly string[] {
  if (name === "all") return metas.map(({ id }) => id);
  return isShellCheckCode(name) ? [name.toLowerCase()] : findRules(name).map(({ id }) => id);
}

/** At its own severity; a rule that is off by default has none. */
function enableOne(severities: Map<string, Severity | "off">, id: string, metas: readonly RuleMeta[]): void {
  const meta = metas.find((candidate) => candidate.id === id);
  if (meta?.severity === "off") severities.set(id, "info");
  else severities.delete(id);
}
