import type { Catalogs, CatalogView } from "../data/catalogs.ts";
import type { TreeReaders } from "../data/imageCache.ts";
import type { FactNode, FoundImage, ImageTreeNode } from "../node.ts";
import type { ViewOptions } from "../viewOptions.ts";
import { l10n } from "../../ui/l10n.ts";

/** The data from which rows are made. */
export interface RowContext {
  readonly readers: TreeReaders;
  readonly catalogs: Pick<Catalogs, "latestOrUndefined" | "peek" | "load">;
  readonly options: ViewOptions;
  /** The sections that an image opens into, in order. */
  readonly sections: readonly Section[];
}

/** A section of an image: a row that opens into others. One file each, listed in `sections.ts`. */
export interface Section {
  /** The last part of the row's ID, also in its context value for menus. */
  readonly kind: string;
  readonly label: string;
  /** Codicon id. */
  readonly icon: string;
  /** The subject of the section, for the tooltip. */
  readonly note: string;
  /** "platforms": also under the row of each platform, since it doesn't need the other images of the source. */
  readonly scope: "image" | "platforms";
  /** Collapsed if absent. */
  readonly collapsibleState?: "expanded";
  /** False for an image without this section; absent if every image has it. */
  appliesTo?(found: FoundImage): boolean;
  /** True if it is known to be empty, so that its row is left out; absent if an empty section is meaningful. */
  isEmpty?(found: FoundImage, view: CatalogView | undefined): boolean;
  /**
   * The number of items or a short answer; undefined while unknown. `view` is the known data of all images of the
   * source.
   */
  summary(found: FoundImage, view: CatalogView | undefined): string | undefined;
  /** The rows under the section's own row. */
  rows(
    rowId: string,
    found: FoundImage,
    context: RowContext,
    signal: AbortSignal,
  ): readonly ImageTreeNode[] | Promise<readonly ImageTreeNode[]>;
}

type FactMore = Partial<Pick<FactNode, "isLiteral" | "icon" | "explanation" | "severity">>;

/** Returns a function that makes fact rows under a row, distinguished by name. */
export function factRow(rowId: string): (name: string, value: string, more?: FactMore) => FactNode {
  return (name, value, more = {}) => ({ kind: "fact", id: `${rowId}/${name}`, name, value, ...more });
}

/** Longer lists are slow to draw and too long to read. */
const maxRows = 1000;

/** All rows, or the first of them and a row that opens into the rest. */
export function paginate(rowId: string, rows: readonly ImageTreeNode[]): readonly ImageTreeNode[] {
  if (rows.length <= maxRows) return rows;
  const rest = rows.slice(maxRows);
  const id = `${rowId}/more`;
  return [
    ...rows.slice(0, maxRows),
    {
      kind: "group",
      id,
      label: l10n.t("Show {0} more…", rest.length.toLocaleString("en")),
      icon: "ellipsis",
      collapsibleState: "collapsed",
      children: paginate(id, rest),
    },
  ];
}
