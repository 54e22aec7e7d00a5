/** What the value of a label has to be. "text" is anything. @see https://github.com/hadolint/hadolint#linting-labels */
export type LabelFormat = "text" | "rfc3339" | "semver" | "url" | "hash" | "spdx" | "email";

/** What a configuration file tells rules, beside their severities. */
export interface RuleConfig {
  /** Registries that images may come from, as written: `*` alone, at the start or at the end stands for anything. Empty: every registry may be used. */
  readonly trustedRegistries: readonly string[];
  /** Registries whose images nobody wants pinned, written in the same way: a team's own, whose tags are meant to move. */
  readonly unpinnedRegistries: readonly string[];
  /** The labels an image is to have, by key. */
  readonly labelSchema: ReadonlyMap<string, LabelFormat>;
  /** Labels that are not in the schema are a finding. */
  readonly strictLabels: boolean;
  /** Bytes that the image may have; absent: any number. */
  readonly sizeBudget?: number;
  /** Comments silence nothing, and are a finding. */
  readonly isIgnorePragmaDisabled: boolean;
}

/** What holds without a configuration file. */
export const defaultRuleConfig: RuleConfig = {
  trustedRegistries: [],
  unpinnedRegistries: [],
  labelSchema: new Map(),
  strictLabels: false,
  isIgnorePragmaDisabled: false,
};
