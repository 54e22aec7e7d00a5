import { settlesWithin } from "../../async/settlesWithin.ts";
import type { ImageTreeNode } from "../node.ts";
import { infoNotice } from "./notices.ts";

type Rows = readonly ImageTreeNode[];

interface Reading {
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
  readonly #readings = new Map<string, Reading>();

  /** `onReady` is told where rows are there by now, to have them asked for again. */
  constructor(onReady: (rowId: string) => void, momentMs: number) {
    this.#onReady = onReady;
    this.#momentMs = momentMs;
  }

  /** The rows under a row, by `read` unless that goes on already. Fails as `read` does. */
  async rows(rowId: string, read: () => Promise<Rows>): Promise<Rows> {
    const reading = this.#readings.get(rowId) ?? this.#start(rowId, read);
    if (!reading.isOver) return reading.answer;
    this.#readings.delete(rowId);
    return reading.rows;
  }

  /** Drops in-flight reads; their results may be stale. */
  forget(): void {
    this.#readings.clear();
  }

  #start(rowId: string, read: () => Promise<Rows>): Reading {
    const rows = read();
    const answer = settlesWithin(rows, this.#momentMs).then((isSoon) => {
      if (!isSoon) {
        const end = (): void => this.#end(rowId, reading);
        void rows.then(end, end);
        return [waitingNotice(rowId)];
      }
      if (this.#readings.get(rowId) === reading) this.#readings.delete(rowId);
      return rows;
    });
    const reading: Reading = { answer, rows, isOver: false };
    this.#readings.set(rowId, reading);
    return reading;
  }

  #end(rowId: string, reading: Reading): void {
    reading.isOver = true;
    if (this.#readings.get(rowId) === reading) this.#onReady(rowId);
  }
}

function waitingNotice(rowId: string): ImageTreeNode {
  return infoNotice(`${rowId}/waiting`, "Waiting for an answer…", { icon: "loading~spin" });
}
