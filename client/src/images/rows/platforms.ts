import type { ManifestSummary } from "../../../../oci/core/image.ts";
import type { FoundImage, ImageTreeNode, PlatformNode } from "../node.ts";
import { attestationNodes } from "./attestation.ts";
import type { Section } from "./context.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export const platformsSection: Section = {
  kind: "platforms",
  label: l10n.t("Platforms"),
  icon: "circuit-board",
  note: l10n.t("What the name refers to: an image for each platform, and its attestations"),
  scope: "image",
  appliesTo: ({ image }) => image.manifests !== undefined,
  summary: ({ image: { manifests = [] } }) => platformsSummary(manifests),
  rows: platformRows,
};

/** Every platform that the name stands for, in index order; manifests that aren't about any of them come last. */
function platformRows(rowId: string, { image, summary, sourceId, sourceKind }: FoundImage): readonly ImageTreeNode[] {
  const { manifests = [], manifestDigest } = image;
  const images = manifests.filter(({ kind }) => kind === "image");
  const digests = new Set(images.map(({ digest }) => digest));
  const attestations = manifests.filter(({ kind }) => kind === "attestation");
  // An index may name a manifest more than once.
  const platforms = images.map((manifest, index): PlatformNode => ({
    kind: "platform",
    id: `${rowId}/platform-${index}`,
    sourceId,
    sourceKind,
    summary,
    manifest,
    isDefaultPlatform: manifest.digest === manifestDigest,
    attestations: attestations.filter(({ subject }) => subject === manifest.digest),
  }));
  const others = [
    ...attestations.filter(({ subject }) => subject === undefined || !digests.has(subject)),
    ...manifests.filter(({ kind }) => kind === "unknown"),
  ];
  return [...platforms, ...attestationNodes(rowId, others, { sourceId, imageId: summary.id })];
}

function platformsSummary(manifests: readonly ManifestSummary[]): string {
  const platforms = manifests.filter(({ kind }) => kind === "image").length;
  const attestations = manifests.filter(({ kind }) => kind === "attestation").length;
  return [String(platforms), ...(attestations > 0 ? [counted(attestations, "attestation")] : [])].join(" · ");
}
