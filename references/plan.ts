import type { Change } from "../dockerfile/edit/change.ts";
import type { PlacedReference, ReferencePlace } from "../dockerfile/references/findReferences.ts";
import type { Span } from "../dockerfile/syntax/syntax.ts";
import type { Digest } from "../oci/core/digest.ts";
import { formatReference, withDefaultTag } from "../oci/core/reference.ts";
import type { DigestResolver } from "../oci/source/source.ts";
import { unpinned } from "./drift.ts";
import { planners, type PinMode, type Planner, type Step } from "./planners.ts";

export interface PinRequest {
  readonly references: readonly PlacedReference[];
  /** The mode, or a planner to use instead. */
  readonly mode: PinMode | Planner;
  /** Not contacted by "unpin". All files of a run share it, so that each image is looked up once. */
  readonly resolver: DigestResolver;
  /** The reason to leave a reference alone; undefined to plan it. Without this function, all are planned. */
  readonly whyIgnored?: (placed: PlacedReference) => string | undefined;
  /** The effects of builds on a pin, each as a warning. */
  readonly overridesOf?: (placed: PlacedReference, digest: Digest) => readonly string[];
}

export interface PinPlan {
  /** In file order, without duplicates; references that share an ARG share its edit. */
  readonly edits: readonly Change[];
  /** One for each reference, in file order. */
  readonly outcomes: readonly PinOutcome[];
}

export interface PinOutcome extends Omit<Step, "edit"> {
  /** As written in the file. */
  readonly reference: string;
  readonly place: ReferencePlace;
  readonly span: Span;
  /** True if the file had a digest here before any edit. */
  readonly isPinned: boolean;
  /**
   * The image without its digest, written in full: `docker.io/library/alpine:3.20`. Absent if the image can't be
   * determined.
   */
  readonly image?: string;
}

/** Plans the mode's action for each reference. Looks all of them up at once; the resolver bounds its own requests. */
export async function planPins(
  { references, mode, resolver, whyIgnored, overridesOf = () => [] }: PinRequest,
  signal: AbortSignal,
): Promise<PinPlan> {
  const plan = typeof mode === "function" ? mode : planners[mode];
  const steps = await Promise.all(
    references.map(async (placed) => {
      const reason = whyIgnored?.(placed);
      const step: Step =
        reason === undefined ? await plan(placed, resolver, signal) : { outcome: "ignored", message: reason };
      const pinned = pinnedBy(step, placed);
      return { placed, ...withWarnings(step, pinned ? overridesOf(placed, pinned) : []) };
    }),
  );
  return {
    edits: distinct(steps.flatMap(({ edit }) => edit ?? [])),
    outcomes: steps.map(({ placed, edit: _, ...step }) => ({
      reference: placed.written,
      place: placed.place,
      span: placed.span,
      isPinned: placed.reference?.digest !== undefined,
      ...(placed.reference && { image: formatReference(withDefaultTag(unpinned(placed.reference))) }),
      ...step,
    })),
  };
}

/** The digest of a reference after a step; undefined if it isn't pinned then. */
function pinnedBy({ outcome, digest }: Step, { reference }: PlacedReference): Digest | undefined {
  if (outcome === "unpinned" || outcome === "ignored" || outcome === "failed") return undefined;
  return (outcome === "pinned" || outcome === "updated" ? digest : undefined) ?? reference?.digest;
}

// More than these would only repeat the same for other builds.
const maxWarnings = 3;

function withWarnings(step: Step, overrides: readonly string[]): Step {
  const more = overrides.length > maxWarnings ? [`and ${overrides.length - maxWarnings} other builds do likewise`] : [];
  const warnings = [...(step.warning === undefined ? [] : [step.warning]), ...overrides.slice(0, maxWarnings), ...more];
  return warnings.length === 0 ? step : { ...step, warning: warnings.join("; ") };
}

function distinct(changes: readonly Change[]): readonly Change[] {
  const byPlace = new Map(changes.map((change) => [`${change.span.start}-${change.span.end}`, change]));
  return [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
}
