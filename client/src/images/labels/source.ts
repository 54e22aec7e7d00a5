import { furtherHost } from "../../sources/engineNames.ts";
import type { DiskSpaceNode, SourceNode } from "../node.ts";
import { type ItemDescription, joinParts } from "./description.ts";
import { formatTotal, formatTotalWithGaps } from "./sizes.ts";
import { l10n } from "../../ui/l10n.ts";

export function describeSource({ id, sourceKind, label, address, total }: SourceNode): ItemDescription {
  const about = sourceKind === "archive" ? l10n.t("archive") : address;
  return {
    id,
    label,
    description: joinParts([total && formatTotal(total), about]),
    icon: sourceIcons[sourceKind],
    tooltip: () => ({
      title: label,
      facts: [
        ...(address === "" ? [] : [{ name: addressNames[sourceKind], value: address, isLiteral: true }]),
        ...(total
          ? [{ name: l10n.t("Total"), value: l10n.t("{0}, shared layers counted once", formatTotalWithGaps(total)) }]
          : []),
      ],
    }),
    contextValue: `source ${sourceKind}${furtherHost(id) === undefined ? "" : " further"}`,
    collapsibleState: "expanded",
    accessibilityLabel: [
      spokenNames[sourceKind](label),
      ...(sourceKind === "archive" || address === "" ? [] : [address]),
      ...(total ? [formatTotal(total)] : []),
    ].join(", "),
  };
}

const sourceIcons = { engine: "server-environment", archive: "file-zip", registry: "cloud" } as const;

const spokenNames = {
  engine: (label: string) => l10n.t("engine {0}", label),
  archive: (label: string) => l10n.t("archive {0}", label),
  registry: (label: string) => l10n.t("registry {0}", label),
} as const;

const addressNames = { engine: l10n.t("Endpoint"), archive: l10n.t("File"), registry: l10n.t("Registry") } as const;

export function describeDiskSpace({ id, sourceKind, total }: DiskSpaceNode): ItemDescription {
  const label = sourceKind === "archive" ? l10n.t("Size of the Layers") : l10n.t("Disk Space");
  return {
    id,
    label,
    description: total === undefined ? "" : formatTotal(total),
    icon: "pie-chart",
    tooltip: () => ({
      title: label,
      facts:
        total === undefined
          ? []
          : [{ name: l10n.t("Total"), value: l10n.t("{0}, shared layers counted once", formatTotalWithGaps(total)) }],
      note:
        total === undefined
          ? l10n.t("Total disk use, counting shared layers once, and what removing each image would free.")
          : l10n.t("Shared layers are counted once"),
    }),
    contextValue: "diskSpace",
    collapsibleState: "collapsed",
    accessibilityLabel:
      total === undefined
        ? l10n.t("{0}, not read yet", label)
        : l10n.t("{0}, {1}, shared layers counted once", label, formatTotalWithGaps(total)),
  };
}
