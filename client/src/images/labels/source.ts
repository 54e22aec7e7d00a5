import { furtherHost } from "../../sources/engineNames.ts";
import type { DiskSpaceNode, SourceNode } from "../node.ts";
import { type ItemDescription, joinParts } from "./description.ts";
import { formatTotal, formatTotalWithGaps } from "./sizes.ts";

export function describeSource({ id, sourceKind, label, address, total }: SourceNode): ItemDescription {
  const about = sourceKind === "archive" ? "archive" : address;
  return {
    id,
    label,
    description: joinParts([total && formatTotal(total), about]),
    icon: sourceIcons[sourceKind],
    tooltip: () => ({
      title: label,
      facts: [
        ...(address === "" ? [] : [{ name: addressNames[sourceKind], value: address, isLiteral: true }]),
        ...(total ? [{ name: "Total", value: `${formatTotalWithGaps(total)}, shared layers counted once` }] : []),
      ],
    }),
    contextValue: `source ${sourceKind}${furtherHost(id) === undefined ? "" : " further"}`,
    collapsibleState: "expanded",
    accessibilityLabel: [`${sourceKind} ${label}`, about, ...(total ? [formatTotal(total)] : [])]
      .filter((part) => part !== "")
      .join(", "),
  };
}

const sourceIcons = { engine: "server-environment", archive: "file-zip", registry: "cloud" } as const;

const addressNames = { engine: "Endpoint", archive: "File", registry: "Registry" } as const;

export function describeDiskSpace({ id, sourceKind, total }: DiskSpaceNode): ItemDescription {
  const label = sourceKind === "archive" ? "Size of the Layers" : "Disk Space";
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
          : [{ name: "Total", value: `${formatTotalWithGaps(total)}, shared layers counted once` }],
      note:
        total === undefined
          ? "Total disk use, counting shared layers once, and what removing each image would free."
          : "Shared layers are counted once",
    }),
    contextValue: "diskSpace",
    collapsibleState: "collapsed",
    accessibilityLabel: `${label}${total === undefined ? ", not read yet" : `, ${formatTotalWithGaps(total)}, shared layers counted once`}`,
  };
}
