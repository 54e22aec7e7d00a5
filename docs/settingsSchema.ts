import { ruleGroups, type RuleGroupInfo } from "../dockerfile/lint/groups.ts";
import type { RuleMeta } from "../dockerfile/lint/rule.ts";
import type { Setting } from "../server/protocol/settings.ts";
import { type ManifestTexts, moveTexts } from "./manifestTexts.ts";

/** The texts of the files that describe the extension to VS Code. */
export interface ManifestFiles {
  readonly packageJson: string;
  /** package.nls.json. */
  readonly texts: string;
}

interface Manifest {
  readonly description: string;
  readonly capabilities: object;
  readonly repository: { readonly url: string };
  readonly contributes: object;
}

/**
 * The manifest with `contributes.configuration` generated from the settings table and the rules, the project's URLs
 * from `repository`, and the texts for users moved to package.nls.json; everything else is unchanged.
 */
export function withDerivedParts(
  files: ManifestFiles,
  settings: readonly Setting[],
  rules: readonly RuleMeta[],
): ManifestFiles {
  const manifest = JSON.parse(files.packageJson) as Manifest;
  const home = manifest.repository.url.replace(/\.git$/, "");
  const addresses = { bugs: { url: `${home}/issues` }, homepage: `${home}#readme` };
  const schemas: readonly [key: string, schema: object][] = [
    ["rules", rulesSchema(rules)],
    ...settings.map((setting): [string, object] => [setting.key, settingSchema(setting)]),
  ];
  const { description, capabilities } = manifest;
  const contributes = { ...manifest.contributes, configuration: sections(schemas) };
  const known = JSON.parse(files.texts) as ManifestTexts;
  const { part, texts } = moveTexts({ description, capabilities, contributes }, known);
  return { packageJson: jsonText({ ...manifest, ...addresses, ...part }), texts: jsonText(texts) };
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** The sections of the settings editor and the keys in each. The last section takes all other keys. */
const sectionTitles: readonly { readonly title: string; readonly keys: RegExp }[] = [
  { title: "Findings", keys: /^(?:rules|shellcheck\.)/ },
  { title: "Sizes", keys: /^(?:sizes\.|buildContext$)/ },
  { title: "Editing", keys: /^format\./ },
  { title: "Images", keys: /^images\./ },
  { title: "Pins", keys: /^pin\./ },
  { title: "Engines and Registries", keys: /^(?:engines?\b|registries\.|network$)/ },
  { title: "Imagewright", keys: /^/ },
];

function sections(schemas: readonly [key: string, schema: object][]): readonly object[] {
  const titleOf = (key: string) => sectionTitles.find(({ keys }) => keys.test(key))?.title;
  return sectionTitles.flatMap(({ title }, order) => {
    const own = schemas.filter(([key]) => titleOf(key) === title);
    const properties = own.map(([key, schema], place) => [`imagewright.${key}`, { order: place, ...schema }] as const);
    return own.length === 0 ? [] : [{ title, order, properties: Object.fromEntries(properties) }];
  });
}

function settingSchema({
  type,
  default: defaultValue,
  description,
  enum: choices,
  enumDescriptions,
  scope,
}: Setting): object {
  return {
    type,
    ...(type === "array" && { items: { type: "string" } }),
    ...(choices && { enum: choices }),
    ...(enumDescriptions && { enumDescriptions }),
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
      "Severity of each rule's findings, by the id or group of the rule; `off` disables it. A rule's own severity overrides its group's. Codes of hadolint and BuildKit work too.",
    properties: Object.fromEntries(
      ruleGroups.flatMap((group) => [groupProperty(group), ...ruleProperties(group, rules)]),
    ),
    additionalProperties: { enum: severities },
  };
}

/** A property without a default, because the rules of a group differ. */
function groupProperty({ id, title, summary }: RuleGroupInfo): [id: string, schema: object] {
  return [
    id,
    {
      enum: severities,
      markdownDescription: `${title}: all rules of this group without their own severity here. ${summary}`,
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
