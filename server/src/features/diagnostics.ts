import { parseBytes } from "../../../oci/core/bytes.ts";
import { decodeLintConfig, type ConfigProblem } from "../../../dockerfile/lint/config/hadolintYaml.ts";
import { ruleConfigOf } from "../../../dockerfile/lint/config/lintConfig.ts";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { layeredSeverities, readSeverities } from "../../../dockerfile/lint/config/severities.ts";
import { withHiddenBytes } from "./savings/hiddenBytes.ts";
import { withSavedBytes } from "./savings/savedBytes.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";

/**
 * The findings of the enabled rules, in the file's order. The editor's settings override the configuration file, rule
 * by rule.
 */
export function diagnostics(snapshot: Snapshot, onCrash: (ruleId: string, error: unknown) => void): readonly Report[] {
  const { build, document, settings, config } = snapshot;
  const severities = layeredSeverities(
    [config.severities, readSeverities(settings.rules), settings.overlappingFeatures === "hide" ? buildKitsOwn : {}],
    rules.map(({ meta }) => meta),
  );
  const sizeBudget = parseBytes(settings.sizeBudget);
  const reports = runRules(build, {
    severities,
    config: { ...ruleConfigOf(config), ...(sizeBudget !== undefined && { sizeBudget }) },
    fileName: document.uri.slice(document.uri.lastIndexOf("/") + 1),
    onCrash,
  });
  return settings.showsSizeHints ? withHiddenBytes(withSavedBytes(reports, build), build) : reports;
}

/** Turns off everything that BuildKit also reports: its own checks, and errors, which stop a build. */
const buildKitsOwn = Object.fromEntries(
  rules
    .filter(
      ({ meta }) => meta.severity === "error" || meta.aliases.some((alias) => /^(?:[A-Z][a-z]+){2,}$/.test(alias)),
    )
    .map(({ meta }) => [meta.id, "off"] as const),
);

/** The problems in the text of a configuration file. */
export function configDiagnostics(text: string): readonly ConfigProblem[] {
  return decodeLintConfig(text).problems;
}
