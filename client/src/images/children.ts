import { unreachable } from "../ui/unreachable.ts";
import { configurationRows } from "./rows/configuration.ts";
import { diskSpaceRows } from "./rows/diskSpace.ts";
import type { RowContext } from "./rows/context.ts";
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
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  if (parent === undefined) return rootRows(context, signal);
  switch (parent.kind) {
    case "source":
      return sourceRows(parent, context, signal);
    case "diskSpace":
      return diskSpaceRows(parent, context, signal);
    case "image":
      return imageSections(parent, context, signal);
    case "section":
      return sectionRows(parent, context, signal);
    case "platform":
      return platformChildren(parent, context, signal);
    case "layer":
      return layerFactRows(parent, context, signal);
    case "attestation":
      return attestationRows(parent, context, signal);
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
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  switch (section) {
    case "layers":
      return layerRows(id, found, context, signal);
    case "history":
      return historyRows(id, found);
    case "platforms":
      return platformRows(id, found);
    case "configuration":
      return configurationRows(id, found.image);
    case "identities":
      return identityRows(id, found.image);
    case "base":
      return baseRows(id, found, context, signal);
    case "derived":
      return derivedRows(id, found, context, signal);
    case "space":
      return spaceRows(id, found, context, signal);
    default:
      return unreachable(section);
  }
}
