import type { RuleMeta } from "../dockerfile/lint/rule.ts";
import type { Setting } from "../server/protocol/settings.ts";

/** The text of package.json with `contributes.configuration` made from the settings table and the rules; all else stays. */
export function withConfiguration(
  packageJson: string,
  settings: readonly Setting[],
  rules: readonly RuleMeta[],
): string {
  const manifest = JSON.parse(packageJson) as { contributes?: object };
  const properties = {
    ...Object.fromEntries(settings.map((setting) => [`imagewright.${setting.key}`, settingSchema(setting)])),
    "imagewright.rules": rulesSchema(rules),
  };
  const contributes = { ...manifest.contributes, configuration: { title: "Imagewright", properties } };
  return `${JSON.stringify({ ...manifest, contributes }, undefined, 2)}\n`;
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
      "How severe a finding of each rule is, by the rule's id; `off` silences it. Codes of hadolint and BuildKit are understood as well.",
    properties: Object.fromEntries(
      rules.map(({ id, summary, severity }) => [
        id,
        { enum: severities, default: severity, markdownDescription: summary },
      ]),
    ),
    additionalProperties: { enum: severities },
  };
}
