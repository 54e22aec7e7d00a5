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
