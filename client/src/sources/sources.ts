import { basename } from "node:path";
import { success, type OciError } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { createCredentials, type Credentials } from "../../../oci/source/credentials.ts";
import { createEngineActions } from "../../../oci/source/engineActions.ts";
import { createImageCatalog } from "../../../oci/source/imageCatalog.ts";
import type { LayerClient } from "../../../oci/source/layerClient.ts";
import { processSurroundings } from "../../../oci/source/localEngine.ts";
import type { ImageReader } from "../../../oci/source/source.ts";
import { EngineKeeper, type Keeping } from "./engineKeeper.ts";
import { createReadImages } from "./readImages.ts";
import type { ImageSource } from "./source.ts";

export interface SourcesOptions {
  /** Reads layers and archives in a worker: both may be gigabytes. */
  readonly layers: LayerClient;
  engineHost(): string;
  isTrusted(): boolean;
  /** Another engine, another archive, or another state of one. */
  onSources(): void;
  /** The same sources, other images: IDs or names as the engine's events have them. */
  onImages(sourceId: string, changed: readonly string[] | "all"): void;
  /** More is known of an image's layers now. */
  onImage(sourceId: string, imageId: string): void;
  onNotice(text: string): void;
}

export const engineId = "engine";
const archivePrefix = "archive:";

/** Every place that images come from: the engine in use and the archives that were opened. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #keeper: EngineKeeper;
  readonly #read = createReadImages();
  /** Nothing is read before an engine, which is there in trusted workspaces only, pulls or pushes. */
  readonly #credentials = createCredentials(processSurroundings());
  readonly #archives = new Map<string, ImageSource>();
  #engine: Keeping = { kind: "looking" };
  #engineSource: ImageSource | undefined;
  /** Settled once it is known whether an engine is there. */
  readonly #firstLook: Promise<void>;
  #endFirstLook: () => void = () => undefined;

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#firstLook = new Promise((resolve) => (this.#endFirstLook = resolve));
    this.#keeper = new EngineKeeper({
      host: options.engineHost,
      onState: (state) => this.#engineIs(state),
      onImagesChanged: (changed) => options.onImages(engineId, changed),
      onNotice: options.onNotice,
    });
  }

  get engine(): Keeping {
    return this.#engine;
  }

  get archives(): readonly ImageSource[] {
    return [...this.#archives.values()];
  }

  get(sourceId: string): ImageSource | undefined {
    return sourceId === engineId ? this.#engineSource : this.#archives.get(sourceId);
  }

  /** Waits until the first look for an engine is over, so that nobody is told of an absence that is only a beginning. */
  async looked(): Promise<void> {
    if (this.#options.isTrusted()) await this.#firstLook;
  }

  /** For what a reloaded window restores: asks once the engine was looked for and `restored` has settled. */
  async opened(sourceId: string, restored: Promise<unknown>): Promise<ImageSource | undefined> {
    await Promise.all([this.looked(), restored]);
    return this.get(sourceId);
  }

  /** Looks for the engine; nothing in an untrusted workspace. */
  async connect(): Promise<void> {
    if (this.#options.isTrusted()) await this.#keeper.connect();
  }

  async openArchive(path: string, signal: AbortSignal): Promise<OciError | undefined> {
    const opened = await this.#options.layers.openArchive(path, signal);
    if (!opened.ok) return opened.error;
    const archive = opened.value;
    const id = `${archivePrefix}${path}`;
    this.#archives.set(id, this.#completed({
      id, kind: "archive", label: basename(path), place: path,
      list: (stop) => archive.list(stop),
      image: (reference, options, stop) => archive.image(reference, options, stop),
      layerSource: archive.layerSource,
    }));
    this.#options.onSources();
    return undefined;
  }

  /** Takes over what was learned of an image when its layers were read. */
  noteRead(sourceId: string, image: Image): void {
    if (this.#read.note(sourceId, image)) this.#options.onImage(sourceId, image.id);
  }

  /** Returns the path that the archive was opened by. */
  closeArchive(sourceId: string): string {
    if (this.#archives.delete(sourceId)) this.#options.onSources();
    return sourceId.slice(archivePrefix.length);
  }

  dispose(): void {
    this.#keeper.dispose();
    this.#options.layers.dispose();
  }

  /** The source with what was learned of its images since. */
  #completed(source: Omit<ImageSource, "catalog">): ImageSource {
    const reader: ImageReader = {
      image: async (reference, options, signal) => {
        const image = await source.image(reference, options, signal);
        return image.ok ? success(this.#read.complete(source.id, image.value)) : image;
      },
    };
    return { ...source, ...reader, catalog: createImageCatalog(reader) };
  }

  #engineIs(state: Keeping): void {
    const isSame = this.#engine.kind === "absent" && state.kind === "absent" && this.#engine.error.message === state.error.message;
    this.#engine = state;
    this.#engineSource = state.kind === "ready" ? this.#completed(engineSource(state, this.#credentials)) : undefined;
    this.#endFirstLook();
    // Looking again in vain is no news.
    if (!isSame) this.#options.onSources();
  }
}

function engineSource({ engine, label }: Extract<Keeping, { kind: "ready" }>, credentials: Credentials): Omit<ImageSource, "catalog"> {
  return {
    id: engineId, kind: "engine", label: "Container engine", place: label,
    list: (signal) => engine.list(signal),
    image: (reference, options, signal) => engine.image(reference, options, signal),
    layerSource: { kind: "engine", connection: engine.connection },
    actions: createEngineActions(engine.connection, credentials),
  };
}
