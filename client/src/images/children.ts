import type { ImageTreeNode, NodeByKind } from "./node.ts";
import { attestationRows } from "./rows/attestation.ts";
import type { RowContext } from "./rows/context.ts";
import { diskSpaceRows } from "./rows/diskSpace.ts";
import { imageSections, sectionRows } from "./rows/imageSections.ts";
import { layerFactRows, stepRows } from "./rows/layer.ts";
import { platformChildren } from "./rows/platform.ts";
import { rootRows, sourceRows } from "./rows/root.ts";

type Rows = readonly ImageTreeNode[];

/**
 * Returns the rows of the root (`parent` undefined) or under a row. A failure is returned as a row, never as an empty
 * list.
 */
export async function childrenOf(
  parent: ImageTreeNode | undefined,
  context: RowContext,
  signal: AbortSignal,
): Promise<Rows> {
  return parent === undefined ? rootRows(context, signal) : childrenOfRow(parent, context, signal);
}

type Children = {
  readonly [Kind in keyof NodeByKind]: (
    parent: NodeByKind[Kind],
    context: RowContext,
    signal: AbortSignal,
  ) => Rows | Promise<Rows>;
};

const children: Children = {
  source: sourceRows,
  diskSpace: diskSpaceRows,
  group: (parent) => parent.children,
  image: imageSections,
  section: sectionRows,
  layer: layerFactRows,
  step: stepRows,
  platform: platformChildren,
  attestation: attestationRows,
  statement: () => [],
  fact: () => [],
  notice: (parent) => parent.children ?? [],
};

function childrenOfRow<Kind extends keyof NodeByKind>(
  parent: NodeByKind[Kind] & { readonly kind: Kind },
  context: RowContext,
  signal: AbortSignal,
): Rows | Promise<Rows> {
  return children[parent.kind](parent, context, signal);
}
