import { setTimeout as sleep } from "node:timers/promises";
import { infoNotice } from "./context.ts";
import type { ImageTreeNode } from "../node.ts";

type Rows = readonly ImageTreeNode[];

interface Reading {
  /** The rows, or after a moment one that says that they are awaited. */
  readonly answer: Promise<Rows>;
  /** Settled once all is read. */
  readonly rows: Promise<Rows>;
  isOver: boolean;
}

/**
 * Keeps nobody waiting for rows. VS Code draws nothing anew above or beside a row whose children it waits for (seen in code-server 4.139:
 * one image that an engine hangs on stopped the whole view), so what takes longer than a moment is given later.
 */
export class SlowRows {
  readonly #onReady: (place: string) => void;
  readonly #momentMs: number;
  readonly #readings = new Map<string, Reading>();

  /** `onReady` is told where rows are there by now, to have them asked for again. */
  constructor(onReady: (place: string) => void, momentMs: number) {
    this.#onReady = onReady;
    this.#momentMs = momentMs;
  }

  /** The rows of a place, by `read` unless that goes on already. Fails as `read` does. */
  async rows(place: string, read: () => Promise<Rows>): Promise<Rows> {
    const reading = this.#readings.get(place) ?? this.#start(place, read);
    if (!reading.isOver) return reading.answer;
    this.#readings.delete(place);
    return reading.rows;
  }

  /** What is read now may be old when it comes. */
  forget(): void {
    this.#readings.clear();
  }

  #start(place: string, read: () => Promise<Rows>): Reading {
    const rows = read();
    const ended = rows.then(
      () => true,
      () => true,
    );
    const answer = Promise.race([ended, sleep(this.#momentMs, false, { ref: false })]).then((isSoon) => {
      if (!isSoon) {
        void ended.then(() => this.#end(place, reading));
        return [waitingNotice(place)];
      }
      if (this.#readings.get(place) === reading) this.#readings.delete(place);
      return rows;
    });
    const reading: Reading = { answer, rows, isOver: false };
    this.#readings.set(place, reading);
    return reading;
  }

  #end(place: string, reading: Reading): void {
    reading.isOver = true;
    if (this.#readings.get(place) === reading) this.#onReady(place);
  }
}

function waitingNotice(place: string): ImageTreeNode {
  return infoNotice(`${place}/waiting`, "Waiting for an answer…", { icon: "loading~spin" });
}
