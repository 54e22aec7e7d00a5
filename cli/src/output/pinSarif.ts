import type { PinOutcome } from "../../../references/plan.ts";
import type { PinnedFile } from "../pin/pinnedFile.ts";
import { positionsOf } from "../positions.ts";
import { sarifLocation, sarifLog, sarifRegion } from "./sarif.ts";

interface SarifRule {
  readonly id: string;
  readonly level: "error" | "warning" | "note";
  readonly summary: string;
}

/** The outcomes that are reported as results; the others need no action. */
const rules: Readonly<Partial<Record<PinOutcome["outcome"], SarifRule>>> = {
  notPinned: { id: "pin/unpinned", level: "warning", summary: "An image is named without its digest" },
  moved: { id: "pin/moved", level: "note", summary: "The tag points to another digest now" },
  gone: { id: "pin/gone", level: "error", summary: "The registry does not have the pinned digest" },
  failed: { id: "pin/unreachable", level: "error", summary: "The registry could not say" },
  skipped: { id: "pin/unpinnable", level: "note", summary: "No edit can pin this image, or none is needed" },
};

const missingPlatform: SarifRule = {
  id: "pin/missing-platform",
  level: "warning",
  summary: "The image lacks the platform that the file asks for",
};

/**
 * The run as SARIF 2.1.0: a result for each reference that needs attention, with the edit that a run without `--check`
 * would make. Files that couldn't be read are notifications.
 */
export function pinSarif(files: readonly PinnedFile[]) {
  return sarifLog({
    rules: [...Object.values(rules), missingPlatform].map(({ id, level, summary }) => ({
      id,
      shortDescription: { text: summary },
      defaultConfiguration: { enabled: true, level },
    })),
    paths: files.flatMap(({ path, plan }) => (plan ? [path] : [])),
    results: files.flatMap(resultsOf),
    problems: files.flatMap(({ path, error }) => (error === undefined ? [] : [{ path, message: error }])),
  });
}

function resultsOf({ path, input, plan }: PinnedFile) {
  if (!plan) return [];
  const { range } = positionsOf(input.text);
  return plan.outcomes.flatMap(({ outcome, reference, message, warning, span }) => {
    const found = warning === undefined ? rules[outcome] : missingPlatform;
    if (!found) return [];
    return [
      {
        ruleId: found.id,
        level: found.level,
        message: { text: `${reference}: ${warning ?? message}` },
        locations: [{ physicalLocation: { artifactLocation: sarifLocation(path), region: sarifRegion(range(span)) } }],
      },
    ];
  });
}
