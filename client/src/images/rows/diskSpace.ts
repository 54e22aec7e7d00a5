import type { ImageSummary } from "../../../../oci/core/image.ts";
import { type ByteSum, freedBy } from "../../../../oci/images/space.ts";
import type { SizeKind } from "../../../../oci/catalog/composition.ts";
import { counted, formatTotalWithGaps, asLowerBound, formatTotal } from "../labels/sizes.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { imageName } from "../labels/names.ts";
import { imageRowUnder } from "./images.ts";
import type { DiskSpaceNode, GroupNode, ImageTreeNode } from "../node.ts";
import { factRow, paginate, type RowContext } from "./context.ts";
import { errorNotice, infoNotice, readingNotice } from "./notices.ts";

/** The disk usage of a source's images, every layer once, and the images that would free the most space. */
export async function diskSpaceRows(
  parent: DiskSpaceNode,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const state = await catalogs.load(parent.sourceId, signal);
  if (state.kind === "reading") return [readingNotice(parent.id, state)];
  if (state.kind === "absent")
    return [infoNotice(`${parent.id}/absent`, "The images' layers can't be read here", { severity: "warning" })];
  const { view } = state;
  return [
    ...totalRows(parent, view),
    ...(parent.sourceKind === "engine" ? removalRows(parent, view) : []),
    ...problemRows(parent, view),
  ];
}

/** Descriptions of what the numbers count; the engine's stores differ. */
export const countWords: Readonly<Record<SizeKind, string>> = {
  content: "uncompressed file content",
  disk: "the unpacked layers of one platform, as reported by the engine; its compressed blobs and other platforms aren't included",
  tar: "uncompressed layer tars, including headers and padding",
  blob: "blobs as stored, usually compressed",
};

function totalRows(parent: DiskSpaceNode, { space, catalog }: CatalogView): readonly ImageTreeNode[] {
  const counts =
    catalog.sizeKind === undefined
      ? "has no sizes: the source doesn't report the size of layers"
      : `counts ${countWords[catalog.sizeKind]}`;
  const [total, unshared] = [asLowerBound(space.total, catalog), asLowerBound(space.unshared, catalog)];
  const saved = formatTotal({ ...total, bytes: unshared.bytes - total.bytes });
  const fact = factRow(parent.id);
  return [
    fact(
      `${parent.sourceKind === "engine" ? "On disk" : "In the archive"}, shared layers once`,
      formatTotalWithGaps(total),
      {
        icon: "dash",
        explanation: `Shared layers are counted once. The total ${counts}. For multi-platform images one platform is counted`,
      },
    ),
    fact("Without sharing", formatTotalWithGaps(unshared), {
      icon: "dash",
      explanation: `What the images would take if they didn't share layers. Sharing saves ${saved}`,
    }),
  ];
}

function removalRows(parent: DiskSpaceNode, view: CatalogView): readonly GroupNode[] {
  const summaries = [...view.summaries.values()];
  const dangling = summaries.filter(({ tags, containers }) => tags.length === 0 && (containers ?? 0) === 0);
  // If the engine doesn't count containers, it is unknown which images are unused.
  const unused = summaries.every(({ containers }) => containers !== undefined)
    ? summaries.filter(({ containers }) => containers === 0)
    : [];
  return [
    ...wouldFree(parent, view, {
      id: "dangling",
      label: "Dangling Images",
      images: dangling,
      detail: "Untagged and not used by any container",
    }),
    ...wouldFree(parent, view, {
      id: "unused",
      label: "Unused Images",
      images: unused,
      detail: "Not used by any container, running or stopped; includes dangling images",
    }),
    ...largest(parent, view),
  ];
}

interface Candidates {
  readonly id: string;
  readonly label: string;
  readonly images: readonly ImageSummary[];
  readonly detail: string;
}

/** A row for the space that a removal would free; empty if there is nothing to remove. */
function wouldFree(
  parent: DiskSpaceNode,
  view: CatalogView,
  { id, label, images, detail }: Candidates,
): readonly GroupNode[] {
  if (images.length === 0) return [];
  const freed = freedBy(view.catalog.images, new Set(images.map((image) => image.id)));
  const rowId = `${parent.id}/${id}`;
  const rows = byFreed(images, view).map((image) => imageRowUnder(rowId, image, parent));
  return [
    {
      kind: "group",
      id: rowId,
      label,
      description: `${formatTotal(asLowerBound(freed, view.catalog))} reclaimable · ${counted(images.length, "image")}`,
      detail,
      icon: "trash",
      collapsibleState: "collapsed",
      children: paginate(rowId, rows),
    },
  ];
}

const maxLargest = 10;

function largest(parent: DiskSpaceNode, view: CatalogView): readonly GroupNode[] {
  const rowId = `${parent.id}/largest`;
  const images = byFreed([...view.summaries.values()], view)
    .filter(({ id }) => aloneBytes(id, view) > 0)
    .slice(0, maxLargest);
  if (images.length === 0) return [];
  const children = images.map((image) => ({
    ...imageRowUnder(rowId, image, parent),
    note: `${formatTotal(asLowerBound(aloneIn(image.id, view), view.catalog))} reclaimable`,
  }));
  return [
    {
      kind: "group",
      id: rowId,
      label: "Largest Savings",
      description: counted(images.length, "image"),
      detail: "Removing each image on its own frees this much. Removing images that share layers together frees more",
      icon: "graph",
      collapsibleState: "expanded",
      children,
    },
  ];
}

function byFreed(images: readonly ImageSummary[], view: CatalogView): readonly ImageSummary[] {
  return [...images].sort(
    (a, b) => aloneBytes(b.id, view) - aloneBytes(a.id, view) || (imageName(a) < imageName(b) ? -1 : 1),
  );
}

function aloneBytes(id: string, view: CatalogView): number {
  return aloneIn(id, view).bytes;
}

function aloneIn(id: string, { space }: CatalogView): ByteSum {
  return space.images.get(id)?.alone ?? { bytes: 0, unknownLayers: 1 };
}

function problemRows(parent: DiskSpaceNode, { catalog, summaries }: CatalogView): readonly ImageTreeNode[] {
  if (catalog.problems.size === 0) return [];
  const rowId = `${parent.id}/problems`;
  const children = [...catalog.problems].map(([id, error]) => {
    const summary = summaries.get(id);
    return { ...errorNotice(`${rowId}/${id}`, error), label: summary ? imageName(summary) : id };
  });
  return [
    infoNotice(rowId, `${counted(children.length, "image")} couldn't be read`, {
      severity: "warning",
      description: "not counted",
      collapsibleState: "collapsed",
      children,
    }),
  ];
}
