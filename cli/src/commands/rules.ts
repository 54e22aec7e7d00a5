import { everyRule } from "../../../dockerfile/lint/config/allRules.ts";
import { exitCodes, type Command } from "../command.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { table } from "../output/table.ts";

export const rules: Command = {
  name: "rules",
  operands: "",
  summary: "Lists the rules that lint knows",
  options: {
    ...formatOption,
  },
  run(args) {
    const rows = everyRule
      .map(({ id, aliases, severity, summary, fixSafety }) => ({ id, aliases, severity, summary, fix: fixSafety }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
    if (formatOf(args) === "json") console.log(toJsonText(rows));
    else
      console.log(
        table([
          ["rule", "severity", "fix", "also known as", "what"],
          ...rows.map((row) => [row.id, row.severity, row.fix, row.aliases.join(", "), row.summary]),
        ]),
      );
    return Promise.resolve(exitCodes.clean);
  },
};
