import { unreachable } from "../ui/unreachable.ts";
import { configurationRows } from "./configurationRows.ts";
import { diskSpaceRows } from "./diskSpaceRows.ts";
import type { Drawing } from "./drawing.ts";
import { historyRows } from "./historyRows.ts";
import { identityRows } from "./identityRows.ts";
import { imageSections } from "./imageSections.ts";
import { layerFactRows, layerRows, stepRows } from "./layerRows.ts";
import { baseRows, derivedRows } from "./lineageRows.ts";
import type { FactNode, GroupNode, ImageTreeNode, NoticeNode, SectionNode, StatementNode, StepNode } from "./node.ts";
import { attestationRows, platformChildren, platformRows } from "./platformRows.ts";
import { rootRows, sourceRows } from "./rootRows.ts";
import { spaceRows } from "./spaceRows.ts";

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
