import type { OciError } from "../../../../oci/core/error.ts";
import { type Advice, adviceFor, tryAgain } from "../../ui/advice.ts";
import type { Catalogs } from "../data/catalogs.ts";
import type { FactNode, ImageTreeNode, NoticeNode } from "../node.ts";
import type { TreeReaders } from "../data/imageCache.ts";
import type { ViewOptions } from "../viewOptions.ts";

/** Everything that rows are made from. */
export interface RowContext {
  readonly readers: TreeReaders;
  readonly catalogs: Pick<Catalogs, "latestOrUndefined" | "peek" | "load">;
  readonly options: ViewOptions;
}

/** A failure as a row under `rowId`. */
export function errorNotice(rowId: string, error: OciError): NoticeNode {
  const { title, detail, action } = adviceHere(error);
  const command = { id: action.command, title: action.label };
  return {
    kind: "notice",
    id: `${rowId}/error`,
    severity: "error",
    label: title,
    description: detail,
    detail: `${detail}\n\nClick: ${action.label}`,
    command,
  };
}

/** An engine that has a row is there: that it did not answer once is no reason to choose another. */
function adviceHere(error: OciError): Advice {
  return error.kind === "engineUnreachable"
    ? { title: "The engine did not answer", detail: error.message, action: tryAgain }
    : adviceFor(error);
}

/** A row that stands as long as what goes on. */
export function progressNotice(rowId: string, label: string): NoticeNode {
  return { kind: "notice", id: `${rowId}/progress`, severity: "info", icon: "loading~spin", label };
}

/** Says how far reading all images of a source is. */
export function readingNotice(
  rowId: string,
  { readCount, totalCount }: { readonly readCount: number; readonly totalCount: number },
): NoticeNode {
  return progressNotice(
    rowId,
    `Reading images: ${readCount.toLocaleString("en")} of ${totalCount.toLocaleString("en")}`,
  );
}

export function infoNotice(id: string, label: string, more: Partial<NoticeNode> = {}): NoticeNode {
  return { kind: "notice", id, severity: "info", label, ...more };
}

type FactMore = Partial<Pick<FactNode, "isLiteral" | "icon" | "explanation" | "severity">>;

/** Makes fact rows under a row; their names tell them apart. */
export function factRow(rowId: string): (name: string, value: string, more?: FactMore) => FactNode {
  return (name, value, more = {}) => ({ kind: "fact", id: `${rowId}/${name}`, name, value, ...more });
}

/** Longer lists are slow to draw, and nobody reads them to the end. */
const maxRows = 1000;

/** Rows as they are, or the first of them and a row that opens into the rest. */
export function paginate(rowId: string, rows: readonly ImageTreeNode[]): readonly ImageTreeNode[] {
  if (rows.length <= maxRows) return rows;
  const rest = rows.slice(maxRows);
  const id = `${rowId}/more`;
  return [
    ...rows.slice(0, maxRows),
    {
      kind: "group",
      id,
      label: `Show ${rest.length.toLocaleString("en")} more…`,
      icon: "ellipsis",
      collapsibleState: "collapsed",
      children: paginate(id, rest),
    },
  ];
}
