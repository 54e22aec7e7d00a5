import type { PlacedReference } from "../dockerfile/references/findReferences.ts";
import type { Change } from "../dockerfile/edit/change.ts";
import { shortDigest, type Digest } from "../oci/core/digest.ts";
import { withDefaultTag, type ImageReference } from "../oci/core/reference.ts";
import type { DigestResolver } from "../oci/source/source.ts";
import { checkDrift, type Drift } from "./drift.ts";
import { pinEdit, unpinEdit } from "./edit.ts";
import { confirm, newerDigest, type Confirmed } from "./newDigest.ts";
import { describeContent, missingPlatform, platformName } from "./platforms.ts";

/** "check" only compares, and "resolve" only looks up the digest of each tag; the others plan edits. */
export type PinMode = "pin" | "check" | "update" | "unpin" | "resolve";

/**
 * "unchanged": nothing to do. "notPinned": a check found a reference that could be pinned. "skipped": the file's text
 * makes pinning impossible or unnecessary. "ignored": the user wants it left alone. "failed": the registry couldn't
 * answer.
 */
export type OutcomeKind =
  "pinned" | "updated" | "unpinned" | "unchanged" | "notPinned" | "moved" | "gone" | "skipped" | "ignored" | "failed";

/** The result of a mode for one reference. */
export interface Step {
  readonly outcome: OutcomeKind;
  /** The result and its reason. */
  readonly message: string;
  /** A problem in spite of success: the image lacks the platform that the file asks for. */
  readonly warning?: string;
  /** The current digest of the reference's tag, if it was looked up. */
  readonly digest?: Digest;
  readonly edit?: Change;
}

/** Plans the action for one reference. "unpin" contacts no registry. */
export type Planner = (placed: PlacedReference, resolver: DigestResolver, signal: AbortSignal) => Promise<Step>;

export const planners: Readonly<Record<PinMode, Planner>> = {
  async pin(placed, resolver, signal) {
    const { reference, target } = placed;
    if (reference?.digest) return { outcome: "unchanged", message: "already pinned" };
    if (target.kind === "none" || !reference) return skipped(reasonOf(target));
    const tagged = withDefaultTag(reference);
    const confirmed = await confirm(tagged, resolver, signal);
    if (!confirmed.ok) return { outcome: "failed", message: confirmed.error.message };
    const { digest } = confirmed.value;
    return {
      outcome: "pinned",
      message: pinnedMessage(tagged, confirmed.value),
      digest,
      edit: pinEdit(target, reference, digest),
      ...warningOf(placed, confirmed.value),
    };
  },

  async resolve(placed, resolver, signal) {
    const { reference, target } = placed;
    if (!reference) return skipped(reasonOf(target));
    if (reference.digest) return { outcome: "unchanged", message: "already pinned" };
    const tagged = withDefaultTag(reference);
    const confirmed = await confirm(tagged, resolver, signal);
    if (!confirmed.ok) return { outcome: "failed", message: confirmed.error.message };
    const { digest } = confirmed.value;
    return {
      outcome: "pinned",
      message: pinnedMessage(tagged, confirmed.value),
      digest,
      ...warningOf(placed, confirmed.value),
    };
  },

  async check({ reference, target }, resolver, signal) {
    if (!reference) return skipped(reasonOf(target));
    const { digest } = reference;
    if (digest) return driftStep(await checkDrift({ ...reference, digest }, resolver, signal), reference);
    return target.kind === "none"
      ? skipped(`can't be pinned: ${target.reason}`)
      : { outcome: "notPinned", message: "not pinned" };
  },

  async update(placed, resolver, signal) {
    const { reference, target } = placed;
    if (!reference) return skipped(reasonOf(target));
    const { digest: pinned, tag } = reference;
    if (!pinned) return skipped("not pinned; pin it first");
    if (target.kind === "none") return skipped(target.reason);
    if (tag === undefined)
      return skipped("without a tag there is nothing to update to; write the tag before the digest");
    const newer = await newerDigest({ ...reference, digest: pinned }, resolver, signal);
    if (newer.state === "failed") return { outcome: "failed", message: newer.error.message };
    if (newer.state === "same") return unchanged(reference, newer.platform && platformName(newer.platform), pinned);
    if (newer.state === "lacksPlatform")
      return skipped(`it is pinned to ${platformName(newer.platform)}, which ${tag} no longer has`);
    const { digest, platform } = newer;
    const message = platform
      ? `${platformName(platform)} of ${writtenTag(reference)} is ${shortDigest(digest)}; the pin stays on this platform`
      : pinnedMessage(reference, newer);
    return {
      outcome: "updated",
      message,
      digest,
      edit: pinEdit(target, reference, digest),
      ...(!platform && warningOf(placed, newer)),
    };
  },

  unpin({ reference, target }) {
    const edit = target.kind === "none" ? undefined : unpinEdit(target);
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

/** The step for a reference that can't or needn't be changed. */
export function skipped(message: string): Step {
  return { outcome: "skipped", message };
}

/** The reason why a reference can't be changed. */
export function reasonOf(target: PlacedReference["target"]): string {
  return target.kind === "none" ? target.reason : "the image is unknown";
}

function writtenTag(reference: ImageReference): string {
  return `${reference.writtenName}:${reference.tag ?? "latest"}`;
}

/** Describes the digest that a tag points to. */
export function pinnedMessage(reference: ImageReference, { digest, endpoint, content }: Confirmed): string {
  return `${writtenTag(reference)} is ${shortDigest(digest)} at ${endpoint}${describeContent(content)}`;
}

function warningOf({ platform }: PlacedReference, { content }: Confirmed): Pick<Step, "warning"> {
  const warning = platform === undefined ? undefined : missingPlatform(platform, content);
  return warning === undefined ? {} : { warning };
}

function unchanged({ tag, digest }: ImageReference, platform: string | undefined, now: Digest): Step {
  const short = shortDigest(digest ?? now);
  if (tag === undefined) return { outcome: "unchanged", message: `${short} exists`, digest: now };
  const message = platform ? `${short} is ${platform} of what ${tag} points to` : `${tag} still points to ${short}`;
  return { outcome: "unchanged", message, digest: now };
}

function driftStep(drift: Drift, reference: ImageReference & { readonly digest?: Digest }): Step {
  const { tag, digest } = reference;
  const short = shortDigest(digest ?? "");
  switch (drift.state) {
    case "ok":
      return digest
        ? unchanged(reference, drift.platform && platformName(drift.platform), digest)
        : { outcome: "unchanged", message: "not pinned" };
    case "moved":
      if (drift.now === undefined)
        return { outcome: "moved", message: `the tag ${tag ?? ""} no longer exists; ${short} still does` };
      return {
        outcome: "moved",
        message: `${tag ?? ""} points to ${shortDigest(drift.now)} now; update the digest`,
        digest: drift.now,
      };
    case "gone":
      return { outcome: "gone", message: `the registry does not have ${short}, so builds fail; update the digest` };
    case "unknown":
      return { outcome: "failed", message: drift.error.message };
  }
}
