import { formatBytes } from "../../../oci/core/bytes.ts";
import type { ManifestSummary } from "../../../oci/core/image.ts";
import { type Drawing, factsAt, infoNotice } from "./drawing.ts";
import { platformSections } from "./imageSections.ts";
import type { AttestationNode, FactNode, FoundImage, ImageTreeNode, PlatformNode } from "./node.ts";

/** Every platform that the name stands for, in the index's order; what says nothing about any of them comes last. */
export function platformRows(place: string, { image, summary, sourceId, sourceKind }: FoundImage): readonly ImageTreeNode[] {
  const { manifests = [], manifestDigest } = image;
  const images = manifests.filter(({ kind }) => kind === "image");
  const digests = new Set(images.map(({ digest }) => digest));
  const attestations = manifests.filter(({ kind }) => kind === "attestation");
  const platforms = images.map((manifest): PlatformNode => ({
    kind: "platform", id: `${place}/${manifest.digest}`, sourceId, sourceKind, summary, manifest,
    isShown: manifest.digest === manifestDigest,
    attestations: attestations.filter(({ subject }) => subject === manifest.digest),
  }));
  const others = [...attestations.filter(({ subject }) => subject === undefined || !digests.has(subject)), ...manifests.filter(({ kind }) => kind === "unknown")];
  return [...platforms, ...others.map((manifest) => attestationNode(place, manifest))];
}

/** What is known of a platform, what is said about it, and what it is made of. */
export async function platformChildren(parent: PlatformNode, drawing: Drawing, signal: AbortSignal): Promise<readonly ImageTreeNode[]> {
  const { id, manifest, attestations } = parent;
  const facts = [...manifestFacts(id, manifest), ...attestations.map((attestation) => attestationNode(id, attestation))];
  if (manifest.isAvailable === false) return [...facts, infoNotice(`${id}/missing`, "Its content is not here", { icon: "cloud", detail: "The engine knows this platform from the index only; pull the image for it to see its layers" })];
  if (manifest.platform === undefined) return [...facts, infoNotice(`${id}/nameless`, "It names no platform", { detail: "Images are read by their platform; this manifest names none" })];
  return [...facts, ...(await platformSections(parent, drawing, signal))];
}

export function attestationRows({ id, manifest }: AttestationNode): readonly ImageTreeNode[] {
  const fact = factsAt(id);
  return [
    ...manifestFacts(id, manifest),
    ...(manifest.subject === undefined ? [] : [fact("About", manifest.subject, { isLiteral: true, explanation: "The manifest digest of what it says something about" })]),
    ...Object.entries(manifest.annotations).map(([name, value]) => fact(name, value, { isLiteral: true, icon: "note", explanation: "An annotation in the index" })),
  ];
}

function manifestFacts(place: string, { digest, mediaType, blobBytes, unpackedBytes, containers }: ManifestSummary): readonly FactNode[] {
  const fact = factsAt(place);
  return [
    fact("Manifest digest", digest, { isLiteral: true, explanation: "Names the manifest as it is stored and downloaded" }),
    fact("Media type", mediaType, { isLiteral: true, icon: "file-code" }),
    ...(blobBytes === undefined ? [] : [fact("Stored", formatBytes(blobBytes), { icon: "dash", explanation: "Manifest, configuration and blobs as stored, usually compressed" })]),
    ...(unpackedBytes === undefined ? [] : [fact("Unpacked", formatBytes(unpackedBytes), { icon: "dash", explanation: "What its unpacked layers take on disk, as the engine counts it" })]),
    ...(containers === undefined ? [] : [fact("Containers", String(containers), { icon: "vm", explanation: "Made from it, running or not" })]),
  ];
}

function attestationNode(place: string, manifest: ManifestSummary): AttestationNode {
  return { kind: "attestation", id: `${place}/${manifest.digest}`, manifest };
}
