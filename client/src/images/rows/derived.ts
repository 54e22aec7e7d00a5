import type { LineageImage } from "../../../../oci/images/lineage.ts";
import type { CatalogView } from "../data/catalogs.ts";
import type { FoundImage, ImageTreeNode } from "../node.ts";
import { lineageOfFound } from "./base.ts";
import { imageRowUnder } from "./images.ts";
import { paginate, type RowContext, type Section } from "./context.ts";
import { infoNotice, pendingNotices, unreadNotices } from "./notices.ts";
import { l10n } from "../../ui/l10n.ts";

export const derivedSection: Section = {
  kind: "derived",
  label: l10n.t("Derived Images"),
  icon: "type-hierarchy-sub",
  note: l10n.t("Images of this source built on top of this one"),
  scope: "image",
  isEmpty: (found, view) =>
    view !== undefined &&
    view.catalog.problems.size === 0 &&
    view.lineage.derivedOf(lineageOfFound(found)).length === 0,
  summary: (found, view) => view && derivedText(view, lineageOfFound(found)),
  rows: derivedRows,
};

/** The images built on this one, nearest first. */
async function derivedRows(
  rowId: string,
  found: FoundImage,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const state = await catalogs.load(found.sourceId, signal);
  if (state.kind !== "ready") return pendingNotices(rowId, state);
  const rows = state.view.lineage.derivedOf(lineageOfFound(found)).flatMap(({ id }) => {
    const summary = state.view.summaries.get(id);
    return summary ? [imageRowUnder(rowId, summary, { ...found, view: state.view })] : [];
  });
  const others = unreadNotices(rowId, state.view, l10n.t("may be built on this one"));
  if (rows.length > 0) return [...paginate(rowId, rows), ...others];
  return [
    infoNotice(`${rowId}/none`, l10n.t("No images here are built on this one"), {
      detail: l10n.t("None of the readable images of this source starts with all of its layers"),
    }),
    ...others,
  ];
}

function derivedText({ lineage, catalog }: CatalogView, image: LineageImage): string {
  return `${catalog.problems.size === 0 ? "" : "≥ "}${lineage.derivedOf(image).length}`;
}
