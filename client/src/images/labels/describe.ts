import { safeLine } from "../../ui/untrustedText.ts";
import type { ImageTreeNode, NodeByKind } from "../node.ts";
import type { ItemDescription } from "./description.ts";
import { describeFact, describeNotice } from "./fact.ts";
import { describeGroup, describeSection } from "./group.ts";
import { describeImage } from "./image.ts";
import { describeLayer, describeStep } from "./layer.ts";
import { describeAttestation, describePlatform, describeStatement } from "./platform.ts";
import { describeDiskSpace, describeSource } from "./source.ts";

/**
 * Describes a row. `nowMs` is the time from which ages are counted. The texts of the row and for screen readers contain
 * no hidden characters, whatever their origin.
 */
export function describe(node: ImageTreeNode, nowMs: number): ItemDescription {
  const { label, description, accessibilityLabel, ...about } = describeRow(node, nowMs);
  return {
    ...about,
    label: safeLine(label),
    description: safeLine(description),
    ...(accessibilityLabel === undefined ? {} : { accessibilityLabel: safeLine(accessibilityLabel) }),
  };
}

/** True if an age in the row has a different text at the later of two times, in milliseconds since 1970. */
export function hasAged(node: ImageTreeNode, thenMs: number, nowMs: number): boolean {
  return describe(node, thenMs).description !== describe(node, nowMs).description;
}

type Describers = {
  readonly [Kind in keyof NodeByKind]: (node: NodeByKind[Kind], nowMs: number) => ItemDescription;
};

const describers: Describers = {
  source: describeSource,
  diskSpace: describeDiskSpace,
  group: describeGroup,
  image: describeImage,
  section: describeSection,
  layer: describeLayer,
  step: describeStep,
  platform: describePlatform,
  attestation: describeAttestation,
  statement: describeStatement,
  fact: describeFact,
  notice: describeNotice,
};

function describeRow<Kind extends keyof NodeByKind>(
  node: NodeByKind[Kind] & { readonly kind: Kind },
  nowMs: number,
): ItemDescription {
  return describers[node.kind](node, nowMs);
}
