import { CommandError, exitCodes, type ExitCode } from "../command.ts";
import type { PinOutcome } from "../../../references/plan.ts";
import type { PinnedFile } from "./pinnedFile.ts";

/** The causes that a check can fail on, with the outcome of each. */
const causes = { unpinned: "notPinned", gone: "gone", moved: "moved" } as const;

export type Cause = keyof typeof causes;

// A moved tag is an upstream release. It must not turn a green job red on its own.
const defaultCauses: readonly Cause[] = ["unpinned", "gone"];

/** The causes of `--fail-on`, separated by commas; "none" means no causes. */
export function failOnOf(written: string | undefined): readonly Cause[] {
  if (written === undefined) return defaultCauses;
  if (written === "none") return [];
  return written.split(",").map((name) => {
    const cause = (Object.keys(causes) as Cause[]).find((known) => known === name.trim());
    if (!cause)
      throw new CommandError(`--fail-on takes ${Object.keys(causes).join(", ")} or none, not "${name.trim()}"`);
    return cause;
  });
}

/** 2 if a file or a reference couldn't be processed, 1 if a check found a cause to fail, else 0. */
export function exitCodeOf(files: readonly PinnedFile[], failOn: readonly Cause[]): ExitCode {
  const outcomes = files.flatMap(({ plan }) => plan?.outcomes ?? []);
  const isFailed =
    files.some(({ error }) => error !== undefined) || outcomes.some(({ outcome }) => outcome === "failed");
  if (isFailed) return exitCodes.failed;
  return outcomes.some((outcome) => isFailure(outcome, failOn)) ? exitCodes.found : exitCodes.clean;
}

/** True if a check fails on the outcome. */
export function isFailure({ outcome }: PinOutcome, failOn: readonly Cause[]): boolean {
  return failOn.some((cause) => causes[cause] === outcome);
}
