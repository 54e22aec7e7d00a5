import type { Report } from "../../../dockerfile/lint/rule.ts";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { readSeverities } from "../../../dockerfile/lint/severity.ts";
import type { Snapshot } from "../session.ts";

/** What the enabled rules find, in the file's order. */
export function diagnostics(snapshot: Snapshot, onCrash: (ruleId: string, error: unknown) => void): readonly Report[] {
  const { file, shell, facts, settings } = snapshot;
  return runRules({ file, shell, facts }, { severities: readSeverities(settings.rules), onCrash });
}
