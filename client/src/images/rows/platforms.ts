import { formatBytes } from "../../../../oci/core/bytes.ts";
import { present } from "../../../../oci/core/decode.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import { type RowContext, errorNotice, factRow, infoNotice } from "./context.ts";
import { platformSections } from "./sections.ts";
import type { AttestationNode, FactNode, FoundImage, ImageTreeNode, PlatformNode, StatementNode } from "../node.ts";
import type { TreeSource } from "../data/imageCache.ts";

/** Every platform that the name stands for, in the index's order; what says nothing about any of them comes last. */
export function platformRows(
  rowId: string,
  { image, summary, sourceId, sourceKind }: FoundImage,
): readonly ImageTreeNode[] {
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

/** What is known of a platform, what is said about it, and what it is made of. */
export async function platformChildren(
  parent: PlatformNode,
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { id, sourceId, sourceKind, summary, manifest, isDefaultPlatform, attestations } = parent;
  const about: About = present({
    sourceId,
    imageId: summary.id,
    platform: isDefaultPlatform ? undefined : manifest.platform,
  });
  const facts = [...manifestFacts(id, manifest), ...attestationNodes(id, attestations, about)];
  if (manifest.isAvailable === false)
    return [
      ...facts,
      infoNotice(`${id}/missing`, "Its content is not here", {
        icon: "cloud",
        detail: `The index names this platform, but its manifest and layers are not here${sourceKind === "engine" ? "; pull the image for it to see them" : ""}`,
      }),
    ];
  if (manifest.platform === undefined)
    return [
      ...facts,
      infoNotice(`${id}/nameless`, "It names no platform", {
        detail: "Images are read by their platform; this manifest names none",
      }),
    ];
  return [...facts, ...(await platformSections(parent, context, signal))];
}

/** What is known of an attestation, and the statements in it where the source can read them. */
export async function attestationRows(
  parent: AttestationNode,
  { readers }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { id, manifest } = parent;
  const [fact, annotation] = [factRow(id), factRow(`${id}/annotation`)];
  return [
    ...(await statementRows(parent, readers.source(parent.sourceId), signal)),
    ...manifestFacts(id, manifest),
    ...(manifest.subject === undefined
      ? []
      : [
          fact("About", manifest.subject, {
            isLiteral: true,
            explanation: "The manifest digest of what it says something about",
          }),
        ]),
    ...Object.entries(manifest.annotations).map(([name, value]) =>
      annotation(name, value, { isLiteral: true, icon: "note", explanation: "An annotation in the index" }),
    ),
  ];
}

/** Engines keep attestations, but give them to nobody: what they say is unknown there. */
async function statementRows(
  { id, sourceId, imageId, platform, manifest }: AttestationNode,
  source: TreeSource | undefined,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  if (!source?.attested || manifest.kind !== "attestation") return [];
  const image = await source.image(imageId, platform ? { platform } : {}, signal);
  const read = image.ok ? await source.attested.attestations(image.value, signal) : image;
  if (!read.ok) return [errorNotice(id, read.error)];
  const statements = read.value.find(({ digest }) => digest === manifest.digest)?.statements;
  if (!statements) return [];
  if (!statements.ok) return [errorNotice(id, statements.error)];
  return statements.value.map((statement, index): StatementNode =>
    present({ kind: "statement" as const, id: `${id}/statement-${index}`, sourceId, imageId, platform, statement }),
  );
}

function manifestFacts(
  rowId: string,
  { digest, mediaType, blobBytes, unpackedBytes, containers }: ManifestSummary,
): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    fact("Manifest digest", digest, {
      isLiteral: true,
      explanation: "Names the manifest as it is stored and downloaded",
    }),
    fact("Media type", mediaType, { isLiteral: true, icon: "file-code" }),
    ...(blobBytes === undefined
      ? []
      : [
          fact("Stored", formatBytes(blobBytes), {
            icon: "dash",
            explanation: "Manifest, configuration and blobs as stored, usually compressed",
          }),
        ]),
    ...(unpackedBytes === undefined
      ? []
      : [
          fact("Unpacked", formatBytes(unpackedBytes), {
            icon: "dash",
            explanation: "What its unpacked layers take on disk, as the engine counts it",
          }),
        ]),
    ...(containers === undefined
      ? []
      : [fact("Containers", String(containers), { icon: "vm", explanation: "Made from it, running or not" })]),
  ];
}

type About = Pick<AttestationNode, "sourceId" | "imageId" | "platform">;

function attestationNodes(
  rowId: string,
  manifests: readonly ManifestSummary[],
  { sourceId, imageId, platform }: About,
): readonly AttestationNode[] {
  return manifests.map((manifest, index) =>
    present({
      kind: "attestation" as const,
      id: `${rowId}/attestation-${index}`,
      sourceId,
      imageId,
      platform,
      manifest,
    }),
  );
}
