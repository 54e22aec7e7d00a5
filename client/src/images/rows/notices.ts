import type { OciError } from "../../../../oci/core/error.ts";
import { type Advice, adviceFor, tryAgain } from "../../ui/advice.ts";
import type { CatalogState, CatalogView } from "../data/catalogs.ts";
import type { ImageTreeNode, NoticeNode } from "../node.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

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
    detail: l10n.t("{0}\n\nClick: {1}", detail, action.label),
    command,
  };
}

/** Advice for an engine that has a row: one failed request isn't a reason to switch engines. */
function adviceHere(error: OciError): Advice {
  return error.kind === "engineUnreachable"
    ? { title: l10n.t("The engine didn't respond"), detail: error.message, action: tryAgain }
    : adviceFor(error);
}

/** A row shown while work is in progress. */
export function progressNotice(rowId: string, label: string): NoticeNode {
  return { kind: "notice", id: `${rowId}/progress`, severity: "info", icon: "loading~spin", label };
}

/** Reports the progress of reading all images of a source. */
export function readingNotice(
  rowId: string,
  { readCount, totalCount }: { readonly readCount: number; readonly totalCount: number },
): NoticeNode {
  return progressNotice(
    rowId,
    l10n.t("Reading images: {0} of {1}", readCount.toLocaleString("en"), totalCount.toLocaleString("en")),
  );
}

export function infoNotice(id: string, label: string, more: Partial<NoticeNode> = {}): NoticeNode {
  return { kind: "notice", id, severity: "info", label, ...more };
}

/** A warning about unreadable images. */
export function unreadNotices(
  rowId: string,
  { catalog: { problems } }: CatalogView,
  doubt: string,
): readonly ImageTreeNode[] {
  return problems.size === 0
    ? []
    : [
        infoNotice(`${rowId}/unread`, l10n.t("{0} couldn't be read", counted(problems.size, "image")), {
          severity: "warning",
          description: l10n.t("and {0}", doubt),
        }),
      ];
}

/** Reports that the other images are being read, or can't be. */
export function pendingNotices(rowId: string, state: CatalogState): readonly ImageTreeNode[] {
  if (state.kind === "ready") return [];
  return [
    state.kind === "reading"
      ? readingNotice(rowId, state)
      : infoNotice(`${rowId}/absent`, l10n.t("The other images can't be read here"), { severity: "warning" }),
  ];
}
