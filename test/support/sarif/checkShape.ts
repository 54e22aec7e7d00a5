import assert from "node:assert/strict";

/**
 * The required properties according to the schema, and their types, for the objects that are written.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
 */
const schema: Readonly<
  Record<string, { readonly required: readonly string[]; readonly properties: Readonly<Record<string, string>> }>
> = {
  sarifLog: { required: ["version", "runs"], properties: { $schema: "string", version: "string", runs: "run[]" } },
  run: {
    required: ["tool"],
    properties: {
      tool: "tool",
      invocations: "invocation[]",
      columnKind: "string",
      artifacts: "artifact[]",
      results: "result[]",
    },
  },
  invocation: {
    required: ["executionSuccessful"],
    properties: { executionSuccessful: "boolean", toolExecutionNotifications: "notification[]" },
  },
  notification: { required: ["message"], properties: { message: "message", level: "level", locations: "location[]" } },
  tool: { required: ["driver"], properties: { driver: "toolComponent" } },
  toolComponent: { required: ["name"], properties: { name: "string", rules: "reportingDescriptor[]" } },
  reportingDescriptor: {
    required: ["id"],
    properties: {
      id: "string",
      shortDescription: "multiformatMessageString",
      fullDescription: "multiformatMessageString",
      help: "multiformatMessageString",
      helpUri: "string",
      defaultConfiguration: "reportingConfiguration",
      properties: "propertyBag",
    },
  },
  multiformatMessageString: { required: ["text"], properties: { text: "string", markdown: "string" } },
  reportingConfiguration: { required: [], properties: { enabled: "boolean", level: "level" } },
  propertyBag: { required: [], properties: { tags: "string[]" } },
  artifact: { required: [], properties: { location: "artifactLocation", sourceLanguage: "string" } },
  artifactLocation: { required: [], properties: { uri: "string" } },
  result: {
    required: ["message"],
    properties: {
      ruleId: "string",
      ruleIndex: "number",
      level: "level",
      message: "message",
      locations: "location[]",
      partialFingerprints: "strings",
      fixes: "fix[]",
    },
  },
  message: { required: ["text"], properties: { text: "string" } },
  location: { required: [], properties: { physicalLocation: "physicalLocation" } },
  physicalLocation: {
    required: ["artifactLocation"],
    properties: { artifactLocation: "artifactLocation", region: "region" },
  },
  region: {
    required: ["startLine"],
    properties: { startLine: "position", startColumn: "position", endLine: "position", endColumn: "position" },
  },
  fix: { required: ["artifactChanges"], properties: { description: "message", artifactChanges: "artifactChange[]" } },
  artifactChange: {
    required: ["artifactLocation", "replacements"],
    properties: { artifactLocation: "artifactLocation", replacements: "replacement[]" },
  },
  replacement: {
    required: ["deletedRegion"],
    properties: { deletedRegion: "region", insertedContent: "artifactContent" },
  },
  artifactContent: { required: [], properties: { text: "string" } },
};

const leaves: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === "boolean",
  position: (value) => Number.isInteger(value) && Number(value) >= 1,
  level: (value) => ["none", "note", "warning", "error"].includes(String(value)),
  strings: (value) => typeof value === "object" && Object.values(value ?? {}).every((item) => typeof item === "string"),
};

/**
 * Checks that a value has the structure that SARIF defines for a type: all required properties, and no unknown ones.
 */
export function checkShape(value: unknown, type: string): void {
  if (type.endsWith("[]")) {
    assert.ok(Array.isArray(value), type);
    return value.forEach((item) => checkShape(item, type.slice(0, -2)));
  }
  const leaf = leaves[type];
  if (leaf) return assert.ok(leaf(value), `${type}: ${JSON.stringify(value)}`);
  const { required, properties } = schema[type] ?? { required: [], properties: {} };
  const entries = Object.entries(value as object);
  for (const name of required)
    assert.ok(
      entries.some(([key]) => key === name),
      `${type}.${name}`,
    );
  for (const [key, item] of entries) {
    const inner = properties[key];
    assert.ok(inner !== undefined, `${type} has no ${key}`);
    checkShape(item, inner);
  }
}
