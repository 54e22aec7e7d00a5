import type { Change } from "../dockerfile/edit/change.ts";
import type { PlacedReference, ReferencePlace } from "../dockerfile/references/findReferences.ts";
import type { Span } from "../dockerfile/syntax/syntax.ts";
import { formatReference, withDefaultTag } from "../oci/core/reference.ts";
import type { DigestResolver } from "../oci/source/source.ts";
import { unpinned } from "./drift.ts";
import { planners, type PinMode, type Step } from "./planners.ts";

export interface PinRequest {
  readonly references: readonly PlacedReference[];
  readonly mode: PinMode;
  /** Not contacted by "unpin". All files of a run share it, so that each image is looked up once. */
  readonly resolver: DigestResolver;
  /** The reason to leave a reference alone; undefined to plan it. Without this function, all are planned. */
  readonly whyIgnored?: (placed: PlacedReference) => string | undefined;
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
  { references, mode, resolver, whyIgnored }: PinRequest,
  signal: AbortSignal,
): Promise<PinPlan> {
  const steps = await Promise.all(
    references.map(async (placed) => {
      const reason = whyIgnored?.(placed);
      const step: Step =
        reason === undefined ? await planners[mode](placed, resolver, signal) : { outcome: "ignored", message: reason };
      return { placed, ...step };
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

function distinct(changes: readonly Change[]): readonly Change[] {
  const byPlace = new Map(changes.map((change) => [`${change.span.start}-${change.span.end}`, change]));
  return [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
}
