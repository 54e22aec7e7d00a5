import { shortDigest } from "../../../../oci/core/digest.ts";
import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { ManifestSummary } from "../../../../oci/core/image.ts";
import { formatPlatform } from "../../../../oci/core/platform.ts";
import { furtherHost } from "../../sources/engineNames.ts";
import { safeLine } from "../../ui/untrustedText.ts";
import { unreachable } from "../../ui/unreachable.ts";
import { age, clockTime } from "./age.ts";
import { counted, formatTotalWithGaps, formatTotal } from "./sizes.ts";
import { describeImage } from "./image.ts";
import { describeLayer, describeStep } from "./layer.ts";
import { splitName } from "./names.ts";
import { type ItemDescription, joinParts, rowText, type Tooltip } from "./description.ts";
import type {
  AttestationNode,
  DiskSpaceNode,
  FactNode,
  GroupNode,
  ImageTreeNode,
  NoticeNode,
  PlatformNode,
  SectionKind,
  SectionNode,
  SourceNode,
  StatementNode,
} from "../node.ts";

/** Describes a row. `nowMs` is the time that ages are counted from. What is in a row, and what a screen reader says of it, hides nothing, whoever wrote it. */
export function describe(node: ImageTreeNode, nowMs: number): ItemDescription {
  const { label, description, accessibilityLabel, ...about } = describeNode(node, nowMs);
  return {
    ...about,
    label: safeLine(label),
    description: safeLine(description),
    ...(accessibilityLabel === undefined ? {} : { accessibilityLabel: safeLine(accessibilityLabel) }),
  };
}

function describeNode(node: ImageTreeNode, nowMs: number): ItemDescription {
  switch (node.kind) {
    case "source":
      return describeSource(node);
    case "diskSpace":
      return describeDiskSpace(node);
    case "group":
      return describeGroup(node, nowMs);
    case "image":
      return describeImage(node, nowMs);
    case "section":
      return describeSection(node);
    case "layer":
      return describeLayer(node);
    case "step":
      return describeStep(node);
    default:
      return describeDetail(node);
  }
}

function describeDetail(node: PlatformNode | AttestationNode | StatementNode | FactNode | NoticeNode): ItemDescription {
  switch (node.kind) {
    case "platform":
      return describePlatform(node);
    case "attestation":
      return describeAttestation(node);
    case "statement":
      return describeStatement(node);
    case "fact":
      return describeFact(node);
    case "notice":
      return describeNotice(node);
    default:
      return unreachable(node);
  }
}

const sourceIcons = { engine: "server-environment", archive: "file-zip", registry: "cloud" } as const;
const placeNames = { engine: "Endpoint", archive: "File", registry: "Registry" } as const;

function describeSource({ id, sourceKind, label, address, total }: SourceNode): ItemDescription {
  const about = sourceKind === "archive" ? "archive" : address;
  return {
    id,
    label,
    description: joinParts([total && formatTotal(total), about]),
    icon: sourceIcons[sourceKind],
    tooltip: () => ({
      title: label,
      facts: [
        ...(address === "" ? [] : [{ name: placeNames[sourceKind], value: address, isLiteral: true }]),
        ...(total ? [{ name: "Images together", value: `${formatTotalWithGaps(total)}, every layer once` }] : []),
      ],
    }),
    contextValue: `source ${sourceKind}${furtherHost(id) === undefined ? "" : " further"}`,
    collapsibleState: "expanded",
    accessibilityLabel: [`${sourceKind} ${label}`, about, ...(total ? [formatTotal(total)] : [])]
      .filter((part) => part !== "")
      .join(", "),
  };
}

function describeDiskSpace({ id, sourceKind, total }: DiskSpaceNode): ItemDescription {
  const label = sourceKind === "archive" ? "Size of the Layers" : "Disk Space";
  return {
    id,
    label,
    description: total === undefined ? "" : formatTotal(total),
    icon: "pie-chart",
    tooltip: () => ({
      title: label,
      facts:
        total === undefined ? [] : [{ name: "Together", value: `${formatTotalWithGaps(total)}, every layer once` }],
      note:
        total === undefined
          ? "Opens into what all images take together, every layer once, and which of them would give back the most. Each image is read once for it."
          : "Layers that images share are counted once",
    }),
    contextValue: "diskSpace",
    collapsibleState: "collapsed",
    accessibilityLabel: `${label}${total === undefined ? ", not read yet" : `, ${formatTotalWithGaps(total)}, every layer once`}`,
  };
}

function describeGroup(
  { id, label, isRepository, description, detail, newest, icon, collapsibleState, children }: GroupNode,
  nowMs: number,
): ItemDescription {
  const name = isRepository === true ? splitName(label) : { label };
  const made = newest === undefined ? undefined : newest * 1000;
  const text = joinParts([description, made === undefined ? undefined : age(made, nowMs)]);
  return {
    id,
    label: name.label,
    description: joinParts([text, name.location]),
    icon,
    tooltip: () => ({
      title: label,
      facts: made === undefined ? [] : [{ name: "Newest", value: `${clockTime(made)} (${age(made, nowMs)})` }],
      ...(detail === undefined ? {} : { note: detail }),
    }),
    contextValue: [
      "group",
      ...children.slice(0, 1).flatMap((child) => (child.kind === "image" ? ["images", child.sourceKind] : [])),
    ].join(" "),
    collapsibleState: collapsibleState,
    accessibilityLabel: [label, text.replaceAll(" · ", ", ")].filter((part) => part !== "").join(", "),
  };
}

interface SectionLook {
  readonly label: string;
  readonly icon: string;
  readonly note: string;
}

const sections: Readonly<Record<SectionKind, SectionLook>> = {
  layers: { label: "Layers", icon: "layers", note: "What the image's file system is stacked from, base first" },
  history: {
    label: "History",
    icon: "history",
    note: "Every step of the build that the image records, oldest first, also those that made no layer",
  },
  platforms: {
    label: "Platforms",
    icon: "circuit-board",
    note: "All that the name stands for: an image for each platform, and what is attested about it",
  },
  configuration: { label: "Configuration", icon: "gear", note: "How a container of the image runs" },
  identities: {
    label: "Tags and Digests",
    icon: "key",
    note: "Every name of the image, by its kind. They are not interchangeable",
  },
  base: {
    label: "Built from",
    icon: "type-hierarchy-super",
    note: "The base image: as the build recorded it, or as the layers tell",
  },
  derived: {
    label: "Derived Images",
    icon: "type-hierarchy-sub",
    note: "Images of this source that have all its layers below their own",
  },
  space: {
    label: "Space",
    icon: "pie-chart",
    note: "What it has for itself, what it shares, and what removing it gives back",
  },
};

function describeSection({ id, section, summary }: SectionNode): ItemDescription {
  const { label, icon, note } = sections[section];
  return {
    id,
    label,
    description: summary === undefined ? "" : rowText(summary),
    icon,
    tooltip: () => ({ title: label, facts: [], note: summary === undefined ? note : `${rowText(summary)}\n${note}` }),
    contextValue: `section ${section}`,
    collapsibleState: section === "layers" ? "expanded" : "collapsed",
    accessibilityLabel: summary === undefined ? label : `${label}, ${rowText(summary)}`,
  };
}

function describePlatform(node: PlatformNode): ItemDescription {
  const { id, sourceKind, manifest, isDefaultPlatform } = node;
  const label = manifest.platform ? formatPlatform(manifest.platform) : "No platform";
  const isMissing = manifest.isAvailable === false;
  const containers = (manifest.containers ?? 0) > 0 ? counted(manifest.containers ?? 0, "container") : undefined;
  const about = [
    isDefaultPlatform ? "shown above" : undefined,
    isMissing ? "not here" : undefined,
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
    ...(manifest.isAvailable === false ? { note: "The index names this platform, but its content is not here" } : {}),
  };
}

function manifestSize({ unpackedBytes, blobBytes }: ManifestSummary): string | undefined {
  if (unpackedBytes !== undefined) return `${formatBytes(unpackedBytes)} unpacked`;
  return blobBytes === undefined ? undefined : `${formatBytes(blobBytes)} stored`;
}

function describeAttestation({ id, manifest }: AttestationNode): ItemDescription {
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
        ? "A manifest that says something about an image: how it was built, what it contains"
        : "A manifest that is neither an image nor an attestation",
    }),
    contextValue: "attestation",
    collapsibleState: "collapsed",
    accessibilityLabel: `${label}, manifest ${shortDigest(manifest.digest)}`,
  };
}

/** By the type of the predicate. @see https://github.com/in-toto/attestation/tree/main/spec/predicates */
const statementLabels: readonly (readonly [string, string])[] = [
  ["https://slsa.dev/provenance/", "How it was built"],
  ["https://spdx.dev/", "What it contains"],
  ["https://cyclonedx.org/", "What it contains"],
];

function describeStatement(node: StatementNode): ItemDescription {
  const {
    id,
    statement: { predicateType = "a type that is not told", digest, mediaType, blobBytes },
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
      note: "Click to read it as a document",
    }),
    contextValue: "statement",
    collapsibleState: "none",
    accessibilityLabel: `${label}, ${predicateType}, ${formatBytes(blobBytes)}`,
    command: { id: "imagewright.statement.open", title: "Read the Statement", arguments: [node] },
  };
}

function describeFact({ id, name, value, isLiteral, explanation, icon, severity }: FactNode): ItemDescription {
  return {
    id,
    label: rowText(name === "" ? value : name),
    description: name === "" ? "" : rowText(value),
    icon: icon ?? "key",
    ...(severity === undefined ? {} : { iconColor: "list.warningForeground" }),
    tooltip: () => ({
      title: name === "" ? value : name,
      facts: [],
      ...(isLiteral === true && value !== "" ? { code: value } : {}),
      note: [...(isLiteral === true ? [] : [value]), ...(explanation === undefined ? [] : [explanation])].join("\n"),
    }),
    contextValue: "fact",
    collapsibleState: "none",
    accessibilityLabel: rowText(
      [name, value, ...(severity === undefined || explanation === undefined ? [] : [explanation])]
        .filter((part) => part !== "")
        .join(", "),
    ),
  };
}

const noticeIcons = { error: "error", warning: "warning", info: "info", action: "play" } as const;
const noticeColors = { error: "list.errorForeground", warning: "list.warningForeground" } as const;

function describeNotice(node: NoticeNode): ItemDescription {
  const color = node.severity === "error" || node.severity === "warning" ? noticeColors[node.severity] : undefined;
  return {
    id: node.id,
    label: node.label,
    description: node.description ?? "",
    icon: node.icon ?? noticeIcons[node.severity],
    ...(color === undefined ? {} : { iconColor: color }),
    tooltip: () => ({ title: node.label, facts: [], ...(node.detail === undefined ? {} : { note: node.detail }) }),
    contextValue: "notice",
    collapsibleState: node.collapsibleState ?? "none",
    ...(node.command === undefined ? {} : { command: node.command }),
  };
}
