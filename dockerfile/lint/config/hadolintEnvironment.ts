import { labelFormats, hadolintLevels, hadolintThresholds, type LintConfig } from "./lintConfig.ts";
import type { LabelFormat } from "./ruleConfig.ts";
import type { Severity } from "../rule.ts";
import { ruleNameProblem } from "./findRule.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

/**
 * Reads the rule options from hadolint's environment variables; those about its output are ignored. Problems are
 * sentences that name the variable.
 * @see https://github.com/hadolint/hadolint#environment-variables
 */
export function configFromEnvironment(env: Readonly<Record<string, string | undefined>>): {
  readonly config: LintConfig;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const severities = new Map<string, Severity | "off">();
  const setAll = (variable: string, severity: Severity | "off"): void => {
    for (const rule of listOf(ownEntry(env, variable))) {
      const problem = ruleNameProblem(rule);
      if (problem === undefined) severities.set(rule, severity);
      else problems.push(`${variable}: ${problem}`);
    }
  };
  for (const [level, severity] of Object.entries(hadolintLevels))
    setAll(`HADOLINT_OVERRIDE_${level.toUpperCase()}`, severity);
  setAll("HADOLINT_IGNORE", "off");
  const registries = listOf(env["HADOLINT_TRUSTED_REGISTRIES"]);
  const labels = labelsOf(env, problems);
  const strictLabels = truthOf(env, "HADOLINT_STRICT_LABELS", problems);
  const isIgnorePragmaDisabled = truthOf(env, "HADOLINT_DISABLE_IGNORE_PRAGMA", problems);
  const failOn = failOnOf(env, problems);
  return {
    config: {
      severities: Object.fromEntries(severities),
      ...(registries.length > 0 && { trustedRegistries: registries }),
      ...(labels.size > 0 && { labelSchema: labels }),
      ...(strictLabels !== undefined && { strictLabels }),
      ...(isIgnorePragmaDisabled !== undefined && { isIgnorePragmaDisabled }),
      ...(failOn !== undefined && { failOn }),
    },
    problems,
  };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** `author:text,version:semver` */
function labelsOf(env: Environment, problems: string[]): ReadonlyMap<string, LabelFormat> {
  const labels = new Map<string, LabelFormat>();
  for (const pair of listOf(env["HADOLINT_REQUIRE_LABELS"])) {
    const colon = pair.lastIndexOf(":");
    const [label, format] = colon < 0 ? [pair, ""] : [pair.slice(0, colon), pair.slice(colon + 1).trim()];
    const known = ownEntry(labelFormats, format);
    if (known) labels.set(label, known);
    else problems.push(`HADOLINT_REQUIRE_LABELS: ${label} can't be ${format}; it is one of ${namesOf(labelFormats)}`);
  }
  return labels;
}

function failOnOf(env: Environment, problems: string[]): LintConfig["failOn"] {
  if (truthOf(env, "HADOLINT_NOFAIL", problems)) return "never";
  const threshold = env["HADOLINT_FAILURE_THRESHOLD"] ?? "";
  const known = ownEntry(hadolintThresholds, threshold);
  if (threshold === "" || known) return known;
  problems.push(`HADOLINT_FAILURE_THRESHOLD can't be ${threshold}; it is one of ${namesOf(hadolintThresholds)}`);
  return undefined;
}

function truthOf(env: Environment, variable: string, problems: string[]): boolean | undefined {
  const value = (ownEntry(env, variable) ?? "").toLowerCase();
  if (value === "") return undefined;
  if (["1", "true", "yes", "on", "y"].includes(value)) return true;
  if (["0", "false", "no", "off", "n"].includes(value)) return false;
  problems.push(`${variable} takes true or false, not ${value}`);
  return undefined;
}

function listOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}

function namesOf(choices: Readonly<Record<string, unknown>>): string {
  return Object.keys(choices)
    .filter((name) => name !== "")
    .join(", ");
}
