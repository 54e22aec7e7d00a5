import type { ImageSummary } from "../../../../oci/core/image.ts";
import { type ByteSum, freedBy } from "../../../../oci/images/space.ts";
import type { SizeKind } from "../../../../oci/catalog/composition.ts";
import { formatTotalWithGaps, asLowerBound, formatTotal } from "../labels/sizes.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { imageName } from "../labels/names.ts";
import { imageRowUnder } from "./images.ts";
import type { DiskSpaceNode, GroupNode, ImageTreeNode } from "../node.ts";
import { factRow, paginate, type RowContext } from "./context.ts";
import { errorNotice, infoNotice, readingNotice } from "./notices.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** The disk usage of a source's images, every layer once, and the images that would free the most space. */
export async function diskSpaceRows(
  parent: DiskSpaceNode,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const state = await catalogs.load(parent.sourceId, signal);
  if (state.kind === "reading") return [readingNotice(parent.id, state)];
  if (state.kind === "absent")
    return [
      infoNotice(`${parent.id}/absent`, l10n.t("The images' layers can't be read here"), { severity: "warning" }),
    ];
  const { view } = state;
  return [
    ...totalRows(parent, view),
    ...(parent.sourceKind === "engine" ? removalRows(parent, view) : []),
    ...problemRows(parent, view),
  ];
}

/** Descriptions of what the numbers count; the engine's stores differ. */
export const countWords: Readonly<Record<SizeKind, string>> = {
  content: l10n.t("uncompressed file content"),
  disk: l10n.t(
    "the unpacked layers of one platform, as reported by the engine; its compressed blobs and other platforms aren't included",
  ),
  tar: l10n.t("uncompressed layer tars, including headers and padding"),
  blob: l10n.t("blobs as stored, usually compressed"),
};

function totalRows(parent: DiskSpaceNode, { space, catalog }: CatalogView): readonly ImageTreeNode[] {
  const counts =
    catalog.sizeKind === undefined
      ? l10n.t("has no sizes: the source doesn't report the size of layers")
      : l10n.t("counts {0}", countWords[catalog.sizeKind]);
  const [total, unshared] = [asLowerBound(space.total, catalog), asLowerBound(space.unshared, catalog)];
  const saved = formatTotal({ ...total, bytes: unshared.bytes - total.bytes });
  const fact = factRow(parent.id);
  return [
    fact(
      l10n.t("{0}, shared layers once", parent.sourceKind === "engine" ? l10n.t("On disk") : l10n.t("In the archive")),
      formatTotalWithGaps(total),
      {
        icon: "dash",
        explanation: l10n.t(
          "Shared layers are counted once. The total {0}. For multi-platform images one platform is counted",
          counts,
        ),
      },
    ),
    fact(l10n.t("Without sharing"), formatTotalWithGaps(unshared), {
      icon: "dash",
      explanation: l10n.t("What the images would take if they didn't share layers. Sharing saves {0}", saved),
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
      label: l10n.t("Dangling Images"),
      images: dangling,
      detail: l10n.t("Untagged and not used by any container"),
    }),
    ...wouldFree(parent, view, {
      id: "unused",
      label: l10n.t("Unused Images"),
      images: unused,
      detail: l10n.t("Not used by any container, running or stopped; includes dangling images"),
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
      description: l10n.t(
        "{0} reclaimable · {1}",
        formatTotal(asLowerBound(freed, view.catalog)),
        counted(images.length, "image"),
      ),
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
    note: l10n.t("{0} reclaimable", formatTotal(asLowerBound(aloneIn(image.id, view), view.catalog))),
  }));
  return [
    {
      kind: "group",
      id: rowId,
      label: l10n.t("Largest Savings"),
      description: counted(images.length, "image"),
      detail: l10n.t(
        "Removing each image on its own frees this much. Removing images that share layers together frees more",
      ),
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
    infoNotice(rowId, l10n.t("{0} couldn't be read", counted(children.length, "image")), {
      severity: "warning",
      description: l10n.t("not counted"),
      collapsibleState: "collapsed",
      children,
    }),
  ];
}
