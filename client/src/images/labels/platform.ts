import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import { formatPlatform } from "../../../../oci/core/platform.ts";
import type { AttestationNode, PlatformNode, StatementNode } from "../node.ts";
import { type ItemDescription, joinParts, type Tooltip } from "./description.ts";
import { counted } from "./sizes.ts";

export function describePlatform(node: PlatformNode): ItemDescription {
  const { id, sourceKind, manifest, isDefaultPlatform } = node;
  const label = manifest.platform ? formatPlatform(manifest.platform) : "No platform";
  const isMissing = manifest.isAvailable === false;
  const containers = (manifest.containers ?? 0) > 0 ? counted(manifest.containers ?? 0, "container") : undefined;
  const about = [
    isDefaultPlatform ? "default" : undefined,
    isMissing ? "not available here" : undefined,
    manifestSize(manifest),
    containers,
    `manifest ${shortDigest(manifest.digest)}`,
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
    accessibilityLabel: [`Platform ${label}`, ...about.flatMap((part) => part ?? [])].join(", "),
  };
}

function platformTooltip({ manifest, attestations }: PlatformNode, title: string): Tooltip {
  const size = manifestSize(manifest);
  return {
    title,
    facts: [
      { name: "Manifest digest", value: manifest.digest, isLiteral: true },
      ...(size === undefined ? [] : [{ name: "Size", value: size }]),
      ...(attestations.length === 0 ? [] : [{ name: "Attestations", value: String(attestations.length) }]),
    ],
    ...(manifest.isAvailable === false
      ? { note: "The index lists this platform, but its content isn't available here" }
      : {}),
  };
}

function manifestSize({ unpackedBytes, blobBytes }: ManifestSummary): string | undefined {
  if (unpackedBytes !== undefined) return `${formatBytes(unpackedBytes)} unpacked`;
  return blobBytes === undefined ? undefined : `${formatBytes(blobBytes)} stored`;
}

export function describeAttestation({ id, manifest }: AttestationNode): ItemDescription {
  const isAttestation = manifest.kind === "attestation";
  const label = isAttestation ? "Attestation" : "Artifact";
  return {
    id,
    label,
    description: `manifest ${shortDigest(manifest.digest)}`,
    icon: isAttestation ? "verified" : "file-binary",
    tooltip: () => ({
      title: label,
      facts: [
        { name: "Manifest digest", value: manifest.digest, isLiteral: true },
        ...(manifest.subject === undefined
          ? []
          : [{ name: "About manifest", value: manifest.subject, isLiteral: true }]),
      ],
      note: isAttestation
        ? "Describes an image: how it was built or what it contains"
        : "A manifest that's neither an image nor an attestation",
    }),
    contextValue: "attestation",
    collapsibleState: "collapsed",
    accessibilityLabel: `${label}, manifest ${shortDigest(manifest.digest)}`,
  };
}

export function describeStatement(node: StatementNode): ItemDescription {
  const {
    id,
    statement: { predicateType = "unknown type", digest, mediaType, blobBytes },
  } = node;
  const label = statementLabels.find(([beginning]) => predicateType.startsWith(beginning))?.[1] ?? "Statement";
  return {
    id,
    label,
    description: joinParts([predicateType, formatBytes(blobBytes)]),
    icon: "json",
    tooltip: () => ({
      title: label,
      facts: [
        { name: "Predicate type", value: predicateType, isLiteral: true },
        { name: "Statement digest", value: digest, isLiteral: true },
        { name: "Media type", value: mediaType, isLiteral: true },
        { name: "Size", value: formatBytes(blobBytes) },
      ],
      note: "Click to open as JSON",
    }),
    contextValue: "statement",
    collapsibleState: "none",
    accessibilityLabel: `${label}, ${predicateType}, ${formatBytes(blobBytes)}`,
    command: { id: "imagewright.statement.open", title: "Open Attestation", arguments: [node] },
  };
}

/** Labels by predicate type. @see https://github.com/in-toto/attestation/tree/main/spec/predicates */
const statementLabels: readonly (readonly [string, string])[] = [
  ["https://slsa.dev/provenance/", "How it was built"],
  ["https://spdx.dev/", "What it contains"],
  ["https://cyclonedx.org/", "What it contains"],
];
