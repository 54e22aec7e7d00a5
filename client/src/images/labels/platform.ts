import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import { formatPlatform } from "../../../../oci/core/platform.ts";
import type { AttestationNode, PlatformNode, StatementNode } from "../node.ts";
import { type ItemDescription, joinParts, type Tooltip } from "./description.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export function describePlatform(node: PlatformNode): ItemDescription {
  const { id, sourceKind, manifest, isDefaultPlatform } = node;
  const label = manifest.platform ? formatPlatform(manifest.platform) : l10n.t("No platform");
  const isMissing = manifest.isAvailable === false;
  const containers = (manifest.containers ?? 0) > 0 ? counted(manifest.containers ?? 0, "container") : undefined;
  const about = [
    isDefaultPlatform ? "default" : undefined,
    isMissing ? l10n.t("not available here") : undefined,
    manifestSize(manifest),
    containers,
    l10n.t("manifest {0}", shortDigest(manifest.digest)),
  ];
  return {
    id,
    label,
    description: joinParts(about),
    icon: isMissing ? "cloud" : "circuit-board",
    ...(isMissing
      ? { iconColor: "disabledForeground" }
      : containers === undefined
        ? {}
        : { iconColor: "charts.green" }),
    tooltip: () => platformTooltip(node, label),
    contextValue: `platform ${sourceKind} ${isMissing ? "missing" : "available"}${containers === undefined ? "" : " inUse"}`,
    collapsibleState: "collapsed",
    accessibilityLabel: [l10n.t("Platform {0}", label), ...about.flatMap((part) => part ?? [])].join(", "),
  };
}

function platformTooltip({ manifest, attestations }: PlatformNode, title: string): Tooltip {
  const size = manifestSize(manifest);
  return {
    title,
    facts: [
      { name: l10n.t("Manifest digest"), value: manifest.digest, isLiteral: true },
      ...(size === undefined ? [] : [{ name: l10n.t("Size"), value: size }]),
      ...(attestations.length === 0 ? [] : [{ name: l10n.t("Attestations"), value: String(attestations.length) }]),
    ],
    ...(manifest.isAvailable === false
      ? { note: l10n.t("The index lists this platform, but its content isn't available here") }
      : {}),
  };
}

function manifestSize({ unpackedBytes, blobBytes }: ManifestSummary): string | undefined {
  if (unpackedBytes !== undefined) return l10n.t("{0} unpacked", formatBytes(unpackedBytes));
  return blobBytes === undefined ? undefined : l10n.t("{0} stored", formatBytes(blobBytes));
}

export function describeAttestation({ id, manifest }: AttestationNode): ItemDescription {
  const isAttestation = manifest.kind === "attestation";
  const label = isAttestation ? l10n.t("Attestation") : l10n.t("Artifact");
  return {
    id,
    label,
    description: l10n.t("manifest {0}", shortDigest(manifest.digest)),
    icon: isAttestation ? "verified" : "file-binary",
    tooltip: () => ({
      title: label,
      facts: [
        { name: l10n.t("Manifest digest"), value: manifest.digest, isLiteral: true },
        ...(manifest.subject === undefined
          ? []
          : [{ name: l10n.t("About manifest"), value: manifest.subject, isLiteral: true }]),
      ],
      note: isAttestation
        ? l10n.t("Describes an image: how it was built or what it contains")
        : l10n.t("A manifest that's neither an image nor an attestation"),
    }),
    contextValue: "attestation",
    collapsibleState: "collapsed",
    accessibilityLabel: l10n.t("{0}, manifest {1}", label, shortDigest(manifest.digest)),
  };
}

export function describeStatement(node: StatementNode): ItemDescription {
  const {
    id,
    statement: { predicateType = l10n.t("unknown type"), digest, mediaType, blobBytes },
  } = node;
  const label = statementLabels.find(([beginning]) => predicateType.startsWith(beginning))?.[1] ?? l10n.t("Statement");
  return {
    id,
    label,
    description: joinParts([predicateType, formatBytes(blobBytes)]),
    icon: "json",
    tooltip: () => ({
      title: label,
      facts: [
        { name: l10n.t("Predicate type"), value: predicateType, isLiteral: true },
        { name: l10n.t("Statement digest"), value: digest, isLiteral: true },
        { name: l10n.t("Media type"), value: mediaType, isLiteral: true },
        { name: l10n.t("Size"), value: formatBytes(blobBytes) },
      ],
      note: l10n.t("Click to open as JSON"),
    }),
    contextValue: "statement",
    collapsibleState: "none",
    accessibilityLabel: `${label}, ${predicateType}, ${formatBytes(blobBytes)}`,
    command: { id: "imagewright.statement.open", title: l10n.t("Open Attestation"), arguments: [node] },
  };
}

/** Labels by predicate type. @see https://github.com/in-toto/attestation/tree/main/spec/predicates */
const statementLabels: readonly (readonly [string, string])[] = [
  ["https://slsa.dev/provenance/", l10n.t("How it was built")],
  ["https://spdx.dev/", l10n.t("What it contains")],
  ["https://cyclonedx.org/", l10n.t("What it contains")],
];
