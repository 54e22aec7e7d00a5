import type { PlacedReference } from "../dockerfile/references/findReferences.ts";
import { decode, items, member, optionalText, parseJson } from "../oci/core/decode.ts";
import { parseDigest, type Digest } from "../oci/core/digest.ts";
import { success, type Result } from "../oci/core/error.ts";
import { formatReference, withDefaultTag } from "../oci/core/reference.ts";
import type { PinOutcome } from "./plan.ts";

/** A BuildKit source policy that converts images to their digests. @see moby/buildkit sourcepolicy/pb/policy.proto */
export interface SourcePolicy {
  readonly rules: readonly SourceRule[];
}

interface SourceRule {
  readonly action: "CONVERT";
  readonly selector: { readonly identifier: string };
  readonly updates: { readonly identifier: string };
}

const scheme = "docker-image://";

/**
 * Returns a policy for the images that were looked up, each once, by name. BuildKit compares after it has substituted
 * variables, so a policy also pins what an edit can't.
 */
export function sourcePolicy(outcomes: readonly PinOutcome[]): SourcePolicy {
  const digests = new Map(
    outcomes.flatMap(({ image, digest, isPinned }) => (image && digest && !isPinned ? [[image, digest] as const] : [])),
  );
  const rules = [...digests].sort().map(([image, digest]): SourceRule => ({
    action: "CONVERT",
    selector: { identifier: `${scheme}${image}` },
    updates: { identifier: `${scheme}${image}@${digest}` },
  }));
  return { rules };
}

/** The digests of a policy by the image's full name. Other kinds of rules are skipped. */
export function readSourcePolicy(what: string, text: string): Result<ReadonlyMap<string, Digest>> {
  const json = parseJson(what, text);
  if (!json.ok) return json;
  const rules = decode(what, "policy", json.value, (policy) =>
    items(member(policy, "rules")).map((rule) => ({
      action: optionalText(member(rule, "action")),
      from: optionalText(member(member(rule, "selector"), "identifier")) ?? "",
      to: optionalText(member(member(rule, "updates"), "identifier")) ?? "",
    })),
  );
  if (!rules.ok) return rules;
  const digests = new Map<string, Digest>();
  for (const { action, from, to } of rules.value) {
    const digest = parseDigest(to.slice(to.indexOf("@") + 1));
    if (action === "CONVERT" && from.startsWith(scheme) && digest) digests.set(from.slice(scheme.length), digest);
  }
  return success(digests);
}

/** The reference as a build that uses the policy sees it. */
export function withPolicy(placed: PlacedReference, policy: ReadonlyMap<string, Digest>): PlacedReference {
  const { reference } = placed;
  if (!reference || reference.digest !== undefined) return placed;
  const tagged = withDefaultTag(reference);
  const digest = policy.get(formatReference(tagged));
  return digest ? { ...placed, reference: { ...tagged, digest } } : placed;
}
