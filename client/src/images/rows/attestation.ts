import { formatBytes } from "../../../../oci/core/bytes.ts";
import { present } from "../../../../oci/core/decode.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import type { TreeSource } from "../data/imageCache.ts";
import type { AttestationNode, FactNode, ImageTreeNode, StatementNode } from "../node.ts";
import { factRow, type RowContext } from "./context.ts";
import { errorNotice } from "./notices.ts";
import { l10n } from "../../ui/l10n.ts";

/** The facts about an attestation, and its statements if the source can read them. */
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
          fact(l10n.t("About"), manifest.subject, {
            isLiteral: true,
            explanation: l10n.t("The manifest that this attestation describes"),
          }),
        ]),
    ...Object.entries(manifest.annotations).map(([name, value]) =>
      annotation(name, value, { isLiteral: true, icon: "note", explanation: l10n.t("An annotation in the index") }),
    ),
  ];
}

/** The statements' rows. Engines keep attestations but don't return their content. */
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

/** The facts about a manifest of an index. */
export function manifestFacts(
  rowId: string,
  { digest, mediaType, blobBytes, unpackedBytes, containers }: ManifestSummary,
): readonly FactNode[] {
  const fact = factRow(rowId);
  return [
    fact(l10n.t("Manifest digest"), digest, {
      isLiteral: true,
      explanation: l10n.t("Identifies the manifest as stored and downloaded"),
    }),
    fact(l10n.t("Media type"), mediaType, { isLiteral: true, icon: "file-code" }),
    ...(blobBytes === undefined
      ? []
      : [
          fact(l10n.t("Stored"), formatBytes(blobBytes), {
            icon: "dash",
            explanation: l10n.t("Manifest, configuration and blobs as stored, usually compressed"),
          }),
        ]),
    ...(unpackedBytes === undefined
      ? []
      : [
          fact(l10n.t("Unpacked"), formatBytes(unpackedBytes), {
            icon: "dash",
            explanation: l10n.t("Disk space of the unpacked layers, as reported by the engine"),
          }),
        ]),
    ...(containers === undefined
      ? []
      : [
          fact(l10n.t("Containers"), String(containers), {
            icon: "vm",
            explanation: l10n.t("Containers created from it, running or stopped"),
          }),
        ]),
  ];
}

/** The image that attestations are about. */
export type About = Pick<AttestationNode, "sourceId" | "imageId" | "platform">;

/** Rows of manifests that aren't images. */
export function attestationNodes(
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
