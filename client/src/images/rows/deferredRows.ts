import { settlesWithin } from "../../async/settlesWithin.ts";
import type { ImageTreeNode } from "../node.ts";
import { infoNotice } from "./notices.ts";

type Rows = readonly ImageTreeNode[];

interface PendingRows {
  /** The rows, or after a moment one that says that they are awaited. */
  readonly answer: Promise<Rows>;
  /** Settled once all is read. */
  readonly rows: Promise<Rows>;
  isOver: boolean;
}

/**
 * Never blocks the tree on slow reads. VS Code redraws nothing above or beside a row whose children it waits for (seen in code-server 4.139:
 * one image that an engine hangs on stopped the whole view), so rows that take longer than a moment are given later.
 */
export class DeferredRows {
  readonly #onReady: (rowId: string) => void;
  readonly #momentMs: number;
  readonly #pending = new Map<string, PendingRows>();

  /** `onReady` is told where rows are there by now, to have them asked for again. */
  constructor(onReady: (rowId: string) => void, momentMs: number) {
    this.#onReady = onReady;
    this.#momentMs = momentMs;
  }

  /** The rows under a row, by `read` unless that goes on already. Fails as `read` does. */
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
  return infoNotice(`${rowId}/waiting`, "Waiting for an answer…", { icon: "loading~spin" });
}
