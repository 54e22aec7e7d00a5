import type { RuleExample, RuleMeta } from "../../../dockerfile/lint/rule.ts";
import { isShellCheckCode, ruleNameProblem, findRules } from "../../../dockerfile/lint/config/findRule.ts";
import { findGroup } from "../../../dockerfile/lint/groups.ts";
import { CommandError, exitCodes, type Command } from "../command.ts";
import { colorsFor, type Colors } from "../output/colors.ts";
import { formatOf, formatOption } from "../output/format.ts";
import { toJsonText } from "../output/sinks.ts";

export const explain: Command = {
  name: "explain",
  operands: "RULE…",
  summary: "Explains what a rule finds, why, and what to write instead; accepts codes of other tools, such as DL3008",
  options: {
    ...formatOption,
  },
  run(args) {
    if (args.positionals.length === 0)
      throw new CommandError("explain takes one or more RULEs, as in latest-tag or DL3007");
    const rules = [...new Set(args.positionals.flatMap(rulesCalled))];
    if (formatOf(args) === "json") console.log(toJsonText(rules.map(toJson)));
    else console.log(rules.map((rule) => toText(rule, colorsFor(process.stdout, process.env))).join("\n\n\n"));
    return Promise.resolve(exitCodes.clean);
  },
};

function rulesCalled(name: string): readonly RuleMeta[] {
  if (isShellCheckCode(name))
    return findRules("shellcheck").map((rule) => ({
      ...rule,
      sources: [`https://www.shellcheck.net/wiki/${name.toUpperCase()}`, ...rule.sources],
    }));
  const found = findRules(name);
  const group = findGroup(name);
  if (group) throw new CommandError(`${group} is a group of rules; imagewright rules --group ${group} lists them`);
  if (found.length === 0) throw new CommandError(`${ruleNameProblem(name) ?? name}; imagewright rules lists them`);
  return found;
}

function toJson({ id, group, aliases, severity, summary, why, fixSafety, sources, examples }: RuleMeta) {
  return {
    id,
    group,
    aliases,
    severity,
    summary,
    why,
    fix: fixSafety,
    sources,
    examples: examples.map(({ bad, good }) => ({ bad, good })),
  };
}

function toText(rule: RuleMeta, colors: Colors): string {
  const { id, group, aliases, severity, summary, why, fixSafety, sources, examples } = rule;
  const facts = [
    group,
    severity === "off" ? "off unless enabled" : severity,
    fixText(fixSafety),
    ...(aliases.length > 0 ? [`also known as ${aliases.join(", ")}`] : []),
  ];
  return [
    `${colors.bold(id)}: ${plainText(summary)}\n${colors.dim(facts.join(" · "))}`,
    wrapped(plainText(why.trim())),
    ...examples.map((example) => exampleText(rule, example, colors)),
    ...(sources.length > 0 ? [sources.map((source) => colors.cyan(source)).join("\n")] : []),
  ].join("\n\n");
}

function fixText(safety: RuleMeta["fixSafety"]): string {
  switch (safety) {
    case "safe":
      return "fixed by --fix";
    case "unsafe":
      return "has a fix to look at";
    case "none":
      return "no fix";
  }
}

function exampleText({ fixSafety }: RuleMeta, { bad, good, config }: RuleExample, colors: Colors): string {
  const configured = config === undefined ? "" : `${colors.dim("with this .hadolint.yaml")}\n${indented(config)}\n`;
  return `${configured}${colors.red("bad")}\n${indented(bad)}\n${colors.green(fixSafety === "none" ? "good" : "fixed")}\n${indented(good)}`;
}

function indented(text: string): string {
  return text.replace(/\n+$/, "").replace(/^(?=.)/gm, "    ");
}

function plainText(markdown: string): string {
  // Links between rule pages point to files, which add nothing to the text.
  return markdown.replace(/\[([^\]]*)\]\([^):]*\)/g, "$1").replace(/\[([^\]]*)\]\(([^)]*)\)/g, "$1 ($2)");
}

// A comfortable width for reading.
const columns = 88;

function wrapped(text: string): string {
  return text
    .split("\n")
    .map((paragraph) => paragraph.replace(new RegExp(`(?=.{${columns + 1}})(.{1,${columns}}) +`, "g"), "$1\n"))
    .join("\n");
}
