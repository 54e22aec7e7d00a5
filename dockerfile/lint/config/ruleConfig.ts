/**
 * The required format of a label's value; "text" allows anything.
 * @see https://github.com/hadolint/hadolint#linting-labels
 */
export type LabelFormat = "text" | "rfc3339" | "semver" | "url" | "hash" | "spdx" | "email";

/** The part of a configuration file that rules can see, in addition to their severities. */
export interface RuleConfig {
  /**
   * Registries that images may come from, as written. `*` alone, at the start or at the end matches anything. If empty,
   * every registry may be used.
   */
  readonly trustedRegistries: readonly string[];
  /**
   * Registries whose images needn't be pinned, in the same notation: for instance a team's own, whose tags are meant to
   * move.
   */
  readonly unpinnedRegistries: readonly string[];
  /** The labels that an image must have, by key. */
  readonly labelSchema: ReadonlyMap<string, LabelFormat>;
  /** True if labels that aren't in the schema are findings. */
  readonly strictLabels: boolean;
  /** The allowed size of the image in bytes; absent for no limit. */
  readonly sizeBudget?: number;
  /** True if findings mustn't depend on the images that the local engine has. */
  readonly ignoresBuilds?: boolean;
  /** True if comments don't silence anything and are findings themselves. */
  readonly isIgnorePragmaDisabled: boolean;
}

/** The options that apply without a configuration file. */
export const defaultRuleConfig: RuleConfig = {
  trustedRegistries: [],
  unpinnedRegistries: [],
  labelSchema: new Map(),
  strictLabels: false,
  isIgnorePragmaDisabled: false,
};
