import { allRules } from "../../../dockerfile/lint/config/allRules.ts";
import { findGroup, ruleGroups } from "../../../dockerfile/lint/groups.ts";
import type { RuleMeta } from "../../../dockerfile/lint/rule.ts";
import { nearestName } from "../../../dockerfile/syntax/nearestName.ts";
import { CommandError, exitCodes, type Command } from "../command.ts";
import { formatOf, formatOption } from "../output/format.ts";
import { table } from "../output/table.ts";
import { toJsonText } from "../output/sinks.ts";

const groupNames = ruleGroups.map(({ id }) => id).join(", ");

export const rules: Command = {
  name: "rules",
  operands: "",
  summary: "Lists the rules of lint",
  options: {
    ...formatOption,
    group: { type: "string", short: "g", value: "GROUP", help: `List one group only: ${groupNames}` },
  },
  run(args) {
    const rows = rulesIn(args.option("group"))
      .map(({ id, group, aliases, severity, summary, fixSafety: fix }) => ({
        id,
        group,
        aliases,
        severity,
        summary,
        fix,
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (formatOf(args) === "json") console.log(toJsonText(rows));
    else
      console.log(
        table([
          ["rule", "group", "severity", "fix", "also known as", "what"],
          ...rows.map((row) => [row.id, row.group, row.severity, row.fix, row.aliases.join(", "), row.summary]),
        ]),
      );
    return Promise.resolve(exitCodes.clean);
  },
};

function rulesIn(name: string | undefined): readonly RuleMeta[] {
  if (name === undefined) return allRules;
  const group = findGroup(name);
  if (group) return allRules.filter((rule) => rule.group === group);
  const meant = nearestName(
    name,
    ruleGroups.map(({ id }) => id),
  );
  throw new CommandError(
    `unknown group "${name}"; ${meant === undefined ? `expected one of ${groupNames}` : `did you mean "${meant}"?`}`,
  );
}
