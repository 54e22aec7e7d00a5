import type { Memento } from "vscode";
import { type BuildRecord, decodeRecords } from "./build.ts";

const mementoKey = "imagewright.builds";

/** A record has a few kilobytes; fewer images are worked on at a time. */
const maxRecords = 20;

/** Remembers what tags pointed to before, across reloads of the window. */
export class BuildRecords {
  readonly #memento: Memento;

  constructor(memento: Memento) {
    this.#memento = memento;
  }

  /** The latest first. */
  get all(): readonly BuildRecord[] {
    return decodeRecords(this.#memento.get<unknown>(mementoKey));
  }

  /** Those of an engine's tags. */
  of(endpoint: string): readonly BuildRecord[] {
    return this.all.filter(({ engine }) => engine === endpoint);
  }

  /** Stores a record in place of the tag's former one; the oldest is dropped. */
  async put(record: BuildRecord): Promise<void> {
    const others = this.all.filter(({ engine, name }) => engine !== record.engine || name !== record.name);
    await this.#memento.update(mementoKey, [record, ...others].slice(0, maxRecords));
  }
}
