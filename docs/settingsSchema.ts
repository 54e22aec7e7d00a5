import { ruleGroups, type RuleGroupInfo } from "../dockerfile/lint/groups.ts";
import type { RuleMeta } from "../dockerfile/lint/rule.ts";
import type { Setting } from "../server/protocol/settings.ts";

/**
 * The text of package.json with `contributes.configuration` made from the settings table and the rules, and the project's addresses from
 * `repository`; all else stays.
 */
export function withDerivedParts(
  packageJson: string,
  settings: readonly Setting[],
  rules: readonly RuleMeta[],
): string {
  const manifest = JSON.parse(packageJson) as { contributes?: object; repository: { url: string } };
  const home = manifest.repository.url.replace(/\.git$/, "");
  const addresses = { bugs: { url: `${home}/issues` }, homepage: `${home}#readme` };
  const properties = {
    ...Object.fromEntries(settings.map((setting) => [`imagewright.${setting.key}`, settingSchema(setting)])),
    "imagewright.rules": rulesSchema(rules),
  };
  const contributes = { ...manifest.contributes, configuration: { title: "Imagewright", properties } };
  return `${JSON.stringify({ ...manifest, ...addresses, contributes }, undefined, 2)}\n`;
}

function settingSchema({ type, default: defaultValue, description, enum: choices, scope }: Setting): object {
  return {
    type,
    ...(type === "array" && { items: { type: "string" } }),
    ...(choices && { enum: choices }),
    default: defaultValue,
    scope,
    markdownDescription: description,
  };
}

const severities = ["error", "warning", "info", "hint", "off"];

function rulesSchema(rules: readonly RuleMeta[]): object {
  return {
    type: "object",
    scope: "resource",
    default: {},
    markdownDescription:
      "How severe a finding of each rule is, by the rule's id or its group; `off` silences it. A rule's own severity wins over its group's. Codes of hadolint and BuildKit are understood as well.",
    properties: Object.fromEntries(
      ruleGroups.flatMap((group) => [groupProperty(group), ...ruleProperties(group, rules)]),
    ),
    additionalProperties: { enum: severities },
  };
}

/** Without a default, as the rules of a group differ. */
function groupProperty({ id, title, summary }: RuleGroupInfo): [id: string, schema: object] {
  return [
    id,
    {
      enum: severities,
      markdownDescription: `${title}: every rule of the group that has no severity here itself. ${summary}`,
    },
  ];
}

function ruleProperties(group: RuleGroupInfo, rules: readonly RuleMeta[]): readonly [id: string, schema: object][] {
  return rules
    .filter((rule) => rule.group === group.id)
    .map(({ id, summary, severity }) => [
      id,
      { enum: severities, default: severity, markdownDescription: `${group.title}: ${summary}` },
    ]);
}
