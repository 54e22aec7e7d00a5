import type { Severity } from "../rule.ts";
import { defaultRuleConfig, type LabelFormat, type RuleConfig } from "./ruleConfig.ts";

/** What a configuration says; absent where it says nothing. */
export interface LintConfig extends Partial<RuleConfig> {
  /** By rule id or alias, as written. */
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** From which severity on the command line's exit code says so. */
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

/** What rules are told of a configuration. */
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

/** Severities by hadolint's levels. */
export const hadolintLevels: Readonly<Record<string, Severity>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

/** hadolint's levels from which on it fails. Its `ignore` and `none` are below all others: every finding counts. */
export const hadolintThresholds: Readonly<Record<string, Severity>> = {
  ...hadolintLevels,
  ignore: "hint",
  none: "hint",
};

/** hadolint's kinds of labels and ours. */
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
