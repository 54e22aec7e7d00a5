import { settlesWithin } from "../../async/settlesWithin.ts";
import type { ImageTreeNode } from "../node.ts";
import { infoNotice } from "./notices.ts";
import { l10n } from "../../ui/l10n.ts";

type Rows = readonly ImageTreeNode[];

interface PendingRows {
  /** The rows, or after a moment a row that says they are being read. */
  readonly answer: Promise<Rows>;
  /** Resolves when everything is read. */
  readonly rows: Promise<Rows>;
  isOver: boolean;
}

/**
 * Never blocks the tree on slow reads. VS Code redraws nothing above or next to a row whose children it waits for (seen
 * in code-server 4.139: one image that an engine hung on stopped the whole view), so rows that take longer than a
 * moment are returned later.
 */
export class DeferredRows {
  readonly #onReady: (rowId: string) => void;
  readonly #momentMs: number;
  readonly #pending = new Map<string, PendingRows>();

  /** `onReady` is called when delayed rows are available, so that they are requested again. */
  constructor(onReady: (rowId: string) => void, momentMs: number) {
    this.#onReady = onReady;
    this.#momentMs = momentMs;
  }

  /** Returns the rows under a row, from `read` unless a read is already running. Fails as `read` does. */
  async rows(rowId: string, read: () => Promise<Rows>): Promise<Rows> {
    const pending = this.#pending.get(rowId) ?? this.#start(rowId, read);
    if (!pending.isOver) return pending.answer;
    this.#pending.delete(rowId);
    return pending.rows;
  }

  /** Drops in-flight reads; their results may be stale. */
  forget(): void {
    this.#pending.clear();
  }

  #start(rowId: string, read: () => Promise<Rows>): PendingRows {
    const rows = read();
    const answer = settlesWithin(rows, this.#momentMs).then((isSoon) => {
      if (!isSoon) {
        const end = (): void => this.#end(rowId, pending);
        void rows.then(end, end);
        return [waitingNotice(rowId)];
      }
      if (this.#pending.get(rowId) === pending) this.#pending.delete(rowId);
      return rows;
    });
    const pending: PendingRows = { answer, rows, isOver: false };
    this.#pending.set(rowId, pending);
    return pending;
  }

  #end(rowId: string, pending: PendingRows): void {
    pending.isOver = true;
    if (this.#pending.get(rowId) === pending) this.#onReady(rowId);
  }
}

function waitingNotice(rowId: string): ImageTreeNode {
  return infoNotice(`${rowId}/waiting`, l10n.t("Waiting for an answer…"), { icon: "loading~spin" });
}
