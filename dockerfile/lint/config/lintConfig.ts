import type { Severity } from "../rule.ts";
import { defaultRuleConfig, type LabelFormat, type RuleConfig } from "./ruleConfig.ts";

/** The content of a configuration; a property is absent if the configuration doesn't set it. */
export interface LintConfig extends Partial<RuleConfig> {
  /** By rule id or alias, as written. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** The lowest severity that makes the command line's exit code report a failure. */
  readonly failOn?: Severity | "never";
}

/** Combines configurations into one; later ones override earlier ones, lists are joined. */
export function combineConfigs(configs: readonly LintConfig[]): LintConfig {
  return configs.reduce(
    (all, next) => ({
      ...all,
      ...next,
      severities: { ...all.severities, ...next.severities },
      trustedRegistries: [...(all.trustedRegistries ?? []), ...(next.trustedRegistries ?? [])],
      unpinnedRegistries: [...(all.unpinnedRegistries ?? []), ...(next.unpinnedRegistries ?? [])],
      labelSchema: new Map([...(all.labelSchema ?? []), ...(next.labelSchema ?? [])]),
    }),
    noConfig,
  );
}

/** The part of a configuration that rules can see. */
export function ruleConfigOf({
  trustedRegistries,
  unpinnedRegistries,
  labelSchema,
  strictLabels,
  isIgnorePragmaDisabled,
}: LintConfig): RuleConfig {
  return {
    trustedRegistries: trustedRegistries ?? defaultRuleConfig.trustedRegistries,
    unpinnedRegistries: unpinnedRegistries ?? defaultRuleConfig.unpinnedRegistries,
    labelSchema: labelSchema ?? defaultRuleConfig.labelSchema,
    strictLabels: strictLabels ?? defaultRuleConfig.strictLabels,
    isIgnorePragmaDisabled: isIgnorePragmaDisabled ?? defaultRuleConfig.isIgnorePragmaDisabled,
  };
}

export const noConfig: LintConfig = { severities: {} };

/** Severities for hadolint's levels. */
export const hadolintLevels: Readonly<Record<string, Severity>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

/** The lowest level on which hadolint fails. Its `ignore` and `none` are below all others: every finding counts. */
export const hadolintThresholds: Readonly<Record<string, Severity>> = {
  ...hadolintLevels,
  ignore: "hint",
  none: "hint",
};

/** Our label formats for hadolint's kinds of labels. */
export const labelFormats: Readonly<Record<string, LabelFormat>> = {
  "": "text",
  text: "text",
  rfc3339: "rfc3339",
  semver: "semver",
  url: "url",
  hash: "hash",
  spdx: "spdx",
  email: "email",
};
