import { expandWith } from "../syntax/expand/expand.ts";
import type { Instruction, KeyValue, Stage } from "../syntax/syntax.ts";
import { defineRule, type LintInput, type LintRule, type RuleFix, type RuleMeta } from "./rule.ts";
import type { LabelFormat } from "./config/ruleConfig.ts";

/** One `key=value` of a LABEL. */
export interface Label {
  readonly instruction: Instruction;
  readonly pair: KeyValue;
  /** Variables expanded and quotes removed; absent if it depends on an unknown value. */
  readonly key?: string;
  readonly value?: string;
}

/**
 * The labels that a stage's own instructions set, in the file's order; the labels of its triggers belong to another
 * image.
 */
export function labelsOf(input: LintInput, stage: Stage): readonly Label[] {
  return stage.instructions
    .filter(({ keyword }) => keyword.value === "LABEL")
    .flatMap((instruction) => instruction.pairs.map((pair) => labelOf(input, instruction, pair)));
}

/** The labels of the whole file. */
export function allLabels(input: LintInput): readonly Label[] {
  return input.build.file.stages.flatMap((stage) => labelsOf(input, stage));
}

/** The labels that the file gives to the image of a build without a target. */
export function imageLabels(input: LintInput): readonly Label[] {
  return input.build.stageChain(input.build.file.stages.at(-1)).flatMap((stage) => labelsOf(input, stage));
}

/**
 * The formats of the OCI's own labels, as far as the specification defines them.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys
 */
const ociFormats: ReadonlyMap<string, LabelFormat> = new Map([
  ["org.opencontainers.image.created", "rfc3339"],
  ["org.opencontainers.image.url", "url"],
  ["org.opencontainers.image.documentation", "url"],
  ["org.opencontainers.image.source", "url"],
  ["org.opencontainers.image.licenses", "spdx"],
]);

type Texts = Pick<RuleMeta, "id" | "group" | "summary" | "aliases" | "sources" | "examples"> & {
  readonly format: LabelFormat;
  readonly why: string;
  readonly isValid: (value: string) => boolean;
  /** The problem and the fix, in one line. */
  readonly message: (key: string, value: string) => string;
  /** The value that was meant, if that is clear, and how certain it is. */
  readonly corrected?: (value: string) => { readonly value: string; readonly safety: "safe" | "unsafe" } | undefined;
  readonly fixSafety?: "safe" | "unsafe";
};

/** Defines a rule that checks a label against the schema of the configuration or the OCI's specification. */
export function defineLabelFormatRule({ format, isValid, message, corrected, why, ...texts }: Texts): LintRule {
  return defineRule<{ readonly key: string; readonly value: string; readonly label: Label }>({
    ...texts,
    why: `${why}\n\n\`label-schema\` in \`.hadolint.yaml\` says which labels are checked${ociKeysOf(format)}. A value that needs a build argument without a default is not reported.`,
    severity: "warning",
    *check(input) {
      for (const label of allLabels(input)) {
        const { key, value, pair } = label;
        const isMeant = key !== undefined && (input.config.labelSchema.get(key) ?? ociFormats.get(key)) === format;
        // Another rule reports empty values.
        if (isMeant && value !== undefined && value !== "" && pair.value && !isValid(value))
          yield { span: pair.value.span, data: { key, value, label } };
      }
    },
    message: ({ key, value }) => message(key, value),
    ...(corrected && { fix: ({ data: { value, label } }) => replaced(label, corrected(value)) }),
  });
}

/** Replaces the value, if it is written literally: without variables and escapes. */
function replaced(
  { pair, value }: Label,
  corrected: { readonly value: string; readonly safety: "safe" | "unsafe" } | undefined,
): RuleFix | undefined {
  const written = pair.value;
  if (!corrected || !written || pair.isLegacy) return undefined;
  const quote = /^(["'])(.*)\1$/s.exec(written.value);
  if ((quote ? quote[2] : written.value) !== value) return undefined;
  const text = quote
    ? `${quote[1]}${corrected.value}${quote[1]}`
    : /\s/.test(corrected.value)
      ? `"${corrected.value}"`
      : corrected.value;
  return {
    title: `Write ${corrected.value}`,
    changes: [{ span: written.span, text }],
    ...(corrected.safety === "unsafe" && { safety: "unsafe" }),
  };
}

function ociKeysOf(format: LabelFormat): string {
  const keys = [...ociFormats].filter(([, of]) => of === format).map(([key]) => `\`${key}\``);
  return keys.length === 0 ? "" : `, and ${keys.join(", ")} always ${keys.length > 1 ? "are" : "is"}`;
}

function labelOf({ build }: LintInput, instruction: Instruction, pair: KeyValue): Label {
  const lookup = build.scopes.lookup(instruction);
  const textOf = ({ logical }: KeyValue["key"]): string | undefined => {
    const { value, unknownNames, unsetNames, failure } = expandWith(logical, build.file.escape, lookup);
    // An unset variable may still be set by a build argument that another file declares.
    return failure || unknownNames.length > 0 || unsetNames.length > 0 ? undefined : value;
  };
  const key = textOf(pair.key);
  const value = pair.value && textOf(pair.value);
  return { instruction, pair, ...(key !== undefined && { key }), ...(value !== undefined && { value }) };
}
