import type { Digest } from "../oci/core/digest.ts";
import { shortDigest } from "../oci/core/digest.ts";
import type { Result } from "../oci/core/error.ts";
import { withDefaultTag, writtenReference, type ImageReference } from "../oci/core/reference.ts";
import type { DigestResolver, ResolvedDigest } from "../oci/source/source.ts";
import type { Change } from "../dockerfile/edit/change.ts";
import type { Dockerfile, Span } from "../dockerfile/syntax/syntax.ts";
import { checkDrift, unpinned, type Drift } from "./drift.ts";
import { pinEdit, unpinEdit, type Editable } from "./edit.ts";
import { findReferences, type PlacedReference, type ReferencePlace } from "../dockerfile/references/findReferences.ts";

/** "check" only looks; the others plan edits. */
export type PinMode = "pin" | "check" | "update" | "unpin";

export interface PinRequest {
  readonly file: Dockerfile;
  readonly mode: PinMode;
  /** Never asked by "unpin". */
  readonly resolver: DigestResolver;
  /** Leaves out references whose place it returns false for; all are planned without. */
  readonly only?: (span: Span) => boolean;
}

export interface PinPlan {
  /** In the file's order, none twice; references that share an ARG share its edit. */
  readonly edits: readonly Change[];
  /** One for each reference, in the file's order. */
  readonly outcomes: readonly PinOutcome[];
}

export interface PinOutcome {
  /** As it stands in the file. */
  readonly reference: string;
  readonly place: ReferencePlace;
  readonly span: Span;
  /** "unchanged": nothing to do. "skipped": can't or needn't be done here, by what stands in the file. "failed": the registry could not say. */
  readonly outcome: "pinned" | "updated" | "unpinned" | "unchanged" | "moved" | "gone" | "skipped" | "failed";
  /** Whether the file has a digest here, before any edit. */
  readonly isPinned: boolean;
  /** What happened and why. */
  readonly message: string;
  /** What the reference's tag points to now, as far as it was asked. */
  readonly digest?: Digest;
}

/** Plans what a mode does to every reference of the file. Asks the resolver for all of them at once; it bounds its own requests. */
export async function planPins({ file, mode, resolver, only }: PinRequest, signal: AbortSignal): Promise<PinPlan> {
  const wanted = findReferences(file).filter(({ span }) => only?.(span) ?? true);
  const ask = once(resolver);
  const steps = await Promise.all(
    wanted.map(async (placed) => ({ placed, ...(await planners[mode](placed, ask, signal)) })),
  );
  return {
    edits: distinct(steps.flatMap(({ edit }) => edit ?? [])),
    outcomes: steps.map(({ placed, edit: _, ...step }) => ({
      reference: placed.written,
      place: placed.place,
      span: placed.span,
      isPinned: placed.reference?.digest !== undefined,
      ...step,
    })),
  };
}

interface Step {
  readonly outcome: PinOutcome["outcome"];
  readonly message: string;
  readonly digest?: Digest;
  readonly edit?: Change;
}

type Planner = (placed: PlacedReference, resolver: DigestResolver, signal: AbortSignal) => Promise<Step>;

const planners: Readonly<Record<PinMode, Planner>> = {
  async pin({ reference, target }, resolver, signal) {
    if (reference?.digest) return { outcome: "unchanged", message: "already pinned" };
    if (target.kind === "none" || !reference) return skipped(reasonOf(target));
    const tagged = withDefaultTag(reference);
    const resolved = await resolver.resolve(tagged, signal);
    if (!resolved.ok) return { outcome: "failed", message: resolved.error.message };
    const { digest } = resolved.value;
    return {
      outcome: "pinned",
      message: pinnedMessage(tagged, resolved.value),
      digest,
      edit: pinEdit(target, reference, digest),
    };
  },

  async check({ reference, target }, resolver, signal) {
    if (!reference) return skipped(reasonOf(target));
    const { digest } = reference;
    if (!digest) return skipped("not pinned");
    return driftStep(await checkDrift({ ...reference, digest }, resolver, signal), reference);
  },

  async update({ reference, target }, resolver, signal) {
    if (!reference) return skipped(reasonOf(target));
    if (!reference.digest) return skipped("not pinned; pin it first");
    if (target.kind === "none") return skipped(target.reason);
    if (reference.tag === undefined)
      return skipped("no tag says which digest would be newer; write the tag in front of the digest");
    const resolved = await resolver.resolve(unpinned(reference), signal);
    if (!resolved.ok) return { outcome: "failed", message: resolved.error.message };
    const { digest } = resolved.value;
    if (digest === reference.digest)
      return { outcome: "unchanged", message: `${reference.tag} still points to ${shortDigest(digest)}`, digest };
    return {
      outcome: "updated",
      message: pinnedMessage(reference, resolved.value),
      digest,
      edit: pinEdit(target, reference, digest),
    };
  },

  unpin({ reference, target }) {
    const edit = target.kind === "none" ? undefined : unpinEdit(target satisfies Editable);
    if (edit && reference)
      return Promise.resolve({
        outcome: "unpinned",
        message: `follows the tag ${reference.tag ?? "latest"} again`,
        edit,
      });
    return Promise.resolve(
      reference && !reference.digest ? { outcome: "unchanged", message: "not pinned" } : skipped(reasonOf(target)),
    );
  },
};

function skipped(message: string): Step {
  return { outcome: "skipped", message };
}

function reasonOf(target: PlacedReference["target"]): string {
  return target.kind === "none" ? target.reason : "it is not known which image this is";
}

function pinnedMessage(reference: ImageReference, { digest, isIndex, endpoint }: ResolvedDigest): string {
  const single = isIndex ? "" : ", an image of a single platform";
  return `${writtenReference(unpinned(reference))} is ${shortDigest(digest)} at ${endpoint}${single}`;
}

function driftStep(drift: Drift, { tag, digest }: ImageReference): Step {
  const short = shortDigest(digest ?? "");
  switch (drift.state) {
    case "ok":
      return {
        outcome: "unchanged",
        message: tag === undefined ? `${short} exists` : `${tag} still points to ${short}`,
        ...(digest && { digest }),
      };
    case "moved":
      if (drift.now === undefined)
        return { outcome: "moved", message: `the tag ${tag ?? ""} is gone; ${short} still exists` };
      return {
        outcome: "moved",
        message: `${tag ?? ""} points to ${shortDigest(drift.now)} now; update the digest`,
        digest: drift.now,
      };
    case "gone":
      return { outcome: "gone", message: `the registry no longer has ${short}, so builds fail; update the digest` };
    case "unknown":
      return { outcome: "failed", message: drift.error.message };
  }
}

/** The same reference is asked for once, however often it stands in the file. */
function once(resolver: DigestResolver): DigestResolver {
  const asked = new Map<string, Promise<Result<ResolvedDigest>>>();
  return {
    resolve(reference, signal) {
      const key = writtenReference(reference);
      const running = asked.get(key) ?? resolver.resolve(reference, signal);
      asked.set(key, running);
      return running;
    },
  };
}

function distinct(changes: readonly Change[]): readonly Change[] {
  const byPlace = new Map(changes.map((change) => [`${change.span.start}-${change.span.end}`, change]));
  return [...byPlace.values()].sort((a, b) => a.span.start - b.span.start);
}
