import type { OciError } from "../../../../oci/core/error.ts";
import { type Advice, adviceFor, tryAgain } from "../../ui/advice.ts";
import type { Catalogs } from "../data/catalogs.ts";
import type { FactNode, ImageTreeNode, NoticeNode } from "../node.ts";
import type { TreeReaders } from "../data/imageCache.ts";
import type { ViewOptions } from "../viewOptions.ts";

/** What rows are made from. */
export interface Drawing {
  readonly readers: TreeReaders;
  readonly catalogs: Pick<Catalogs, "latest" | "known" | "want">;
  readonly options: ViewOptions;
}

/** A failure as a row under `place`. */
export function errorNotice(place: string, error: OciError): NoticeNode {
  const { title, detail, action } = adviceHere(error);
  const command = { id: action.command, title: action.label };
  return {
    kind: "notice",
    id: `${place}/error`,
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
export function progressNotice(place: string, label: string): NoticeNode {
  return { kind: "notice", id: `${place}/progress`, severity: "info", icon: "loading~spin", label };
}

/** Says how far reading all images of a source is. */
export function readingNotice(
  place: string,
  { readCount, totalCount }: { readonly readCount: number; readonly totalCount: number },
): NoticeNode {
  return progressNotice(
    place,
    `Reading images: ${readCount.toLocaleString("en")} of ${totalCount.toLocaleString("en")}`,
  );
}

export function infoNotice(id: string, label: string, more: Partial<NoticeNode> = {}): NoticeNode {
  return { kind: "notice", id, severity: "info", label, ...more };
}

type FactMore = Partial<Pick<FactNode, "isLiteral" | "icon" | "explanation" | "severity">>;

/** Facts that are told apart by their names. */
export function factsAt(place: string): (name: string, value: string, more?: FactMore) => FactNode {
  return (name, value, more = {}) => ({ kind: "fact", id: `${place}/${name}`, name, value, ...more });
}

/** Longer lists are slow to draw, and nobody reads them to the end. */
const maxRows = 1000;

/** Rows as they are, or the first of them and a row that opens into the rest. */
export function paged(place: string, rows: readonly ImageTreeNode[]): readonly ImageTreeNode[] {
  if (rows.length <= maxRows) return rows;
  const rest = rows.slice(maxRows);
  const id = `${place}/more`;
  return [
    ...rows.slice(0, maxRows),
    {
      kind: "group",
      id,
      label: `Show ${rest.length.toLocaleString("en")} more…`,
      icon: "ellipsis",
      fold: "collapsed",
      children: paged(id, rest),
    },
  ];
}
