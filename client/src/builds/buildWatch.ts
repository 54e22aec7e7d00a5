import type { Image, ImageSummary } from "../../../oci/core/image.ts";
import type { ImageLister, ImageReader } from "../../../oci/source/source.ts";
import { type Build, buildOf } from "./build.ts";
import type { BuildRecords } from "./buildRecords.ts";

/** An engine whose tags are followed. */
export interface FollowedEngine extends ImageLister, ImageReader {
  readonly endpoint: string;
}

/** An image that took over one or more tags of another. */
export interface Rebuilt {
  readonly sourceId: string;
  /** Its names that moved, by name. */
  readonly names: readonly [string, ...string[]];
  readonly summary: ImageSummary;
  /** Absent if the image couldn't be read. */
  readonly image?: Image;
  readonly current: Build;
  readonly previous: Build;
}

export interface BuildWatchParts {
  readonly records: BuildRecords;
  /** Undefined for a source that isn't an available engine. */
  engine(sourceId: string): FollowedEngine | undefined;
  /** Called when a tag was seen to move; not for one that moved while no window looked. */
  onRebuilt(rebuilt: Rebuilt): void;
  onFailure(error: unknown): void;
}

/** Loading an archive may move many tags at once; the rest isn't remembered. */
const maxMoves = 10;
/** The newest images, whose layers are read ahead where a build removes the image that it replaces. */
const maxReadAhead = 10;
/** A few kilobytes each. */
const maxBuilds = 50;
/** More than an engine has; names beyond are forgotten, so that no list grows without end. */
const maxNames = 10_000;

/** Follows the tags of engines, and remembers the image that a tag pointed to before it moved. */
export class BuildWatch {
  readonly #parts: BuildWatchParts;
  /** Image IDs by name, by engine endpoint. */
  readonly #known = new Map<string, Map<string, string>>();
  /** Builds by image ID, the oldest first. */
  readonly #builds = new Map<string, Build>();
  readonly #ending = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(parts: BuildWatchParts) {
    this.#parts = parts;
  }

  /** Looks at the tags of an engine after they may have changed. Looks follow each other, in the order of the calls. */
  look(sourceId: string): Promise<void> {
    this.#looking = this.#looking.then(() => this.#look(sourceId)).catch((error: unknown) => this.#failed(error));
    return this.#looking;
  }

  dispose(): void {
    this.#ending.abort();
  }

  #failed(error: unknown): void {
    if (!this.#ending.signal.aborted) this.#parts.onFailure(error);
  }

  async #look(sourceId: string): Promise<void> {
    const engine = this.#ending.signal.aborted ? undefined : this.#parts.engine(sourceId);
    const listed = await engine?.list(this.#ending.signal);
    if (!engine || !listed?.ok) return;
    const isFirst = !this.#known.has(engine.endpoint);
    for (const move of this.#moves(engine.endpoint, listed.value).slice(0, maxMoves)) {
      const rebuilt = await this.#remember({ sourceId, engine }, move);
      if (!isFirst) this.#parts.onRebuilt(rebuilt);
    }
    await this.#readAhead(engine, listed.value);
  }

  /**
   * Reads the layers of the newest images. BuildKit with a containerd store (seen in Docker 28.3) doesn't keep an image
   * whose last tag moves, so that its layers can't be read afterwards; other stores keep it without a tag.
   */
  async #readAhead(engine: FollowedEngine, summaries: readonly ImageSummary[]): Promise<void> {
    const tagged = summaries.filter(({ tags, target }) => tags.length > 0 && target !== undefined);
    const newest = [...tagged].sort((a, b) => (b.created ?? 0) - (a.created ?? 0)).slice(0, maxReadAhead);
    for (const { id } of newest) if (!this.#builds.has(id)) await this.#read(engine, id);
  }

  /** The images that have taken over names since the last look, those of this look included in what is known. */
  #moves(endpoint: string, summaries: readonly ImageSummary[]): readonly Move[] {
    const known = this.#known.get(endpoint) ?? new Map<string, string>();
    this.#known.set(endpoint, known);
    const recorded = new Map(this.#parts.records.of(endpoint).map(({ name, current }) => [name, current.id]));
    const moves = new Map<string, Move>();
    for (const summary of summaries) {
      for (const name of [...summary.tags].sort()) {
        const former = known.get(name) ?? recorded.get(name);
        if (known.has(name) || known.size < maxNames) known.set(name, summary.id);
        if (former === undefined || former === summary.id) continue;
        const key = `${former} ${summary.id}`;
        const move = moves.get(key);
        moves.set(key, { former, summary, names: move ? [...move.names, name] : [name] });
      }
    }
    return [...moves.values()];
  }

  async #remember({ sourceId, engine }: Followed, { former, summary, names }: Move): Promise<Rebuilt> {
    const { records } = this.#parts;
    const kept = records.of(engine.endpoint).flatMap(({ current }) => (current.id === former ? current : []));
    const image = await this.#read(engine, summary.id);
    const current = this.#builds.get(summary.id) ?? { id: summary.id };
    const known = this.#builds.get(former) ?? kept.find(({ layers }) => layers);
    if (!known) await this.#read(engine, former);
    const previous = known ?? this.#builds.get(former) ?? { id: former };
    for (const name of names) await records.put({ engine: engine.endpoint, name, current, previous });
    return { sourceId, names, summary, current, previous, ...(image && { image }) };
  }

  /** Reads an image and keeps its build; undefined if the engine doesn't have it. */
  async #read(engine: FollowedEngine, id: string): Promise<Image | undefined> {
    const read = await engine.image(id, {}, this.#ending.signal);
    if (!read.ok) return undefined;
    this.#builds.set(id, buildOf(id, read.value));
    for (const oldest of this.#builds.keys()) if (this.#builds.size > maxBuilds) this.#builds.delete(oldest);
    return read.value;
  }
}

interface Followed {
  readonly sourceId: string;
  readonly engine: FollowedEngine;
}

/** An image that has names that another had. */
interface Move {
  readonly former: string;
  readonly summary: ImageSummary;
  readonly names: readonly [string, ...string[]];
}
