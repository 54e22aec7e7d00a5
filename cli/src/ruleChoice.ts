import { allRules } from "../../dockerfile/lint/config/allRules.ts";
import { findRules, isShellCheckCode } from "../../dockerfile/lint/config/findRule.ts";
import { layeredSeverities } from "../../dockerfile/lint/config/severities.ts";
import { findGroup, ruleGroups } from "../../dockerfile/lint/groups.ts";
import type { Severity } from "../../dockerfile/lint/rule.ts";
import { nearestName } from "../../dockerfile/syntax/nearestName.ts";
import { CommandError } from "./command.ts";

type Severities = Readonly<Record<string, Severity | "off">>;

/**
 * Applies `--enable` and `--disable` to a configuration's severities. A rule's own name wins over its group's, and a
 * group's over `all`. At the same level `--enable` wins.
 */
export interface RuleChoice {
  severities(configured: Severities): Severities;
}

/** Throws a `CommandError` for a name that is not a rule, a group or `all`. */
export function ruleChoice(enable: readonly string[], disable: readonly string[]): RuleChoice {
  const enabled = enable.flatMap(namesIn);
  const disabled = disable.flatMap(namesIn);
  return {
    severities(configured) {
      const written = new Map(Object.entries(layeredSeverities([configured], allRules)));
      const severities = new Map(written);
      for (const breadth of ["all", "group", "rule"] as const) {
        const idsIn = (names: readonly Name[]) =>
          names.filter((name) => name.breadth === breadth).flatMap(({ ids }) => ids);
        for (const id of idsIn(disabled)) severities.set(id, "off");
        // A configuration ignores a rule for a reason: only the rule's own name overrides it.
        for (const id of idsIn(enabled))
          if (breadth === "rule" || written.get(id) !== "off") enableOne(severities, id, written.get(id));
      }
      return Object.fromEntries(severities);
    },
  };
}

/** The meaning of an option's value. */
interface Name {
  readonly breadth: "all" | "group" | "rule";
  /** IDs of rules, or a ShellCheck code. */
  readonly ids: readonly string[];
}

/** The names in one option's value, which may be a list: `--disable DL3008,size`. */
function namesIn(value: string): readonly Name[] {
  return value
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "")
    .map(readName);
}

function readName(name: string): Name {
  if (name === "all") return { breadth: "all", ids: allRules.map(({ id }) => id) };
  if (isShellCheckCode(name)) return { breadth: "rule", ids: [name.toLowerCase()] };
  const group = findGroup(name);
  if (group) return { breadth: "group", ids: allRules.filter((rule) => rule.group === group).map(({ id }) => id) };
  const rules = findRules(name);
  if (rules.length === 0) throw new CommandError(unknownName(name));
  return { breadth: "rule", ids: rules.map(({ id }) => id) };
}

function unknownName(name: string): string {
  const groups = ruleGroups.map(({ id }) => id);
  const meant = nearestName(name, [...groups, ...allRules.flatMap(({ id, aliases }) => [id, ...aliases])]);
  // A code with one digit changed is another code, so only words get a suggestion.
  return meant !== undefined && !/^[A-Z]+\d+$/i.test(name)
    ? `unknown rule or group "${name}"; did you mean "${meant}"?`
    : `unknown rule or group "${name}"; expected a rule (imagewright rules lists them), a group (${groups.join(", ")}) or all`;
}

/** Enables a rule at its configured severity, or else at its own; a rule that is off by default has none. */
function enableOne(severities: Map<string, Severity | "off">, id: string, written: Severity | "off" | undefined): void {
  if (written !== undefined && written !== "off") severities.set(id, written);
  else if (allRules.find((rule) => rule.id === id)?.severity === "off") severities.set(id, "info");
  else severities.delete(id);
}
