import { unreachable } from "../ui/unreachable.ts";
import { configurationRows } from "./rows/configuration.ts";
import { diskSpaceRows } from "./rows/diskSpace.ts";
import type { Drawing } from "./rows/context.ts";
import { historyRows } from "./rows/history.ts";
import { identityRows } from "./rows/identities.ts";
import { imageSections } from "./rows/sections.ts";
import { layerFactRows, layerRows, stepRows } from "./rows/layers.ts";
import { baseRows, derivedRows } from "./rows/lineage.ts";
import type { FactNode, GroupNode, ImageTreeNode, NoticeNode, SectionNode, StatementNode, StepNode } from "./node.ts";
import { attestationRows, platformChildren, platformRows } from "./rows/platforms.ts";
import { rootRows, sourceRows } from "./rows/root.ts";
import { spaceRows } from "./rows/space.ts";

/** The rows of the root (`parent` undefined) or under a row. A failure is a row that says so, never an empty list. */
export async function childrenOf(
  parent: ImageTreeNode | undefined,
  drawing: Drawing,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  if (parent === undefined) return rootRows(drawing, signal);
  switch (parent.kind) {
    case "source":
      return sourceRows(parent, drawing, signal);
    case "diskSpace":
      return diskSpaceRows(parent, drawing, signal);
    case "image":
      return imageSections(parent, drawing, signal);
    case "section":
      return sectionRows(parent, drawing, signal);
    case "platform":
      return platformChildren(parent, drawing, signal);
    case "layer":
      return layerFactRows(parent, drawing, signal);
    case "attestation":
      return attestationRows(parent, drawing, signal);
    default:
      return rowsInside(parent);
  }
}

/** What a row has in itself. */
function rowsInside(parent: GroupNode | NoticeNode | StepNode | StatementNode | FactNode): readonly ImageTreeNode[] {
  switch (parent.kind) {
    case "group":
      return parent.children;
    case "notice":
      return parent.children ?? [];
    case "step":
      return stepRows(parent);
    case "statement":
    case "fact":
      return [];
    default:
      return unreachable(parent);
  }
}

async function sectionRows(
  { id, section, found }: SectionNode,
  drawing: Drawing,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  switch (section) {
    case "layers":
      return layerRows(id, found, drawing, signal);
    case "history":
      return historyRows(id, found);
    case "platforms":
      return platformRows(id, found);
    case "configuration":
      return configurationRows(id, found.image);
    case "identities":
      return identityRows(id, found.image);
    case "base":
      return baseRows(id, found, drawing, signal);
    case "derived":
      return derivedRows(id, found, drawing, signal);
    case "space":
      return spaceRows(id, found, drawing, signal);
    default:
      return unreachable(section);
  }
}
