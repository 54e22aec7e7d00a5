import { basename } from "node:path";
import { failure, type OciError, type Result, success } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { missingBlobs } from "../../../oci/source/missingBlobs.ts";
import type { ImageReference } from "../../../oci/core/reference.ts";
import { createImageCatalog, createUncachedCatalog } from "../../../oci/catalog/catalog.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import type { ImageReader, NameList, ReadOptions } from "../../../oci/source/source.ts";
import type { EngineStatus, ReadyEngine } from "./engineConnector.ts";
import { engineId, namedEngines } from "./engineNames.ts";
import { type Engine, Engines } from "./engines.ts";
import { createLazyCredentials } from "./lazyCredentials.ts";
import { createReadImages } from "./readImages.ts";
import { createRegistryImages, type RegistryImages, registryId } from "./registryImages.ts";
import type { ImageSource, SourceName } from "./source.ts";
import { l10n } from "../ui/l10n.ts";

export interface SourcesOptions {
  /** Reads layers and archives in a worker, since both may be gigabytes. */
  readonly layers: LayerClient;
  /** The current settings. */
  settings(): SourceSettings;
  isTrusted(): boolean;
  /** Called when an engine, archive or registry was added or removed, or its state changed. */
  onSources(): void;
  /** Called when images of a source changed: IDs or names from the engine's events. */
  onImages(sourceId: string, changed: readonly string[] | "all"): void;
  /** Called when more is known about an image's layers; `imageId` is the listed ID. */
  onImage(sourceId: string, imageId: string): void;
  onNotice(text: string): void;
}

/** `imagewright.engine.host`, `.engines`, `.registries.insecure` and `.network`. */
export interface SourceSettings {
  readonly engineHost: string;
  readonly furtherEngines: readonly string[];
  readonly insecureRegistries: readonly string[];
  readonly isNetworkAllowed: boolean;
}

const archivePrefix = "archive:";

/** Every source of images: engines, opened archives, and references of registries. */
export class Sources {
  readonly #options: SourcesOptions;
  readonly #engines: Engines;
  readonly #read = createReadImages();
  /**
   * Logins are only read when a registry, or an engine on its behalf, requires one, and both are contacted in trusted
   * workspaces only.
   */
  readonly #credentials = createLazyCredentials();
  readonly #archives = new Map<string, ImageSource>();
  #references: readonly string[] = [];
  #registry: { readonly images: RegistryImages; readonly source: ImageSource };

  constructor(options: SourcesOptions) {
    this.#options = options;
    this.#engines = new Engines({
      named: () => namedEngines(options.settings().engineHost, options.settings().furtherEngines),
      sourceOf: (name, ready) => this.#completed(this.#engineSource(name, ready)),
      onChange: options.onSources,
      onImagesChanged: options.onImages,
      onNotice: options.onNotice,
    });
    this.#registry = this.#openRegistry();
  }

  /** The status of the engine in use. */
  get engine(): EngineStatus {
    return this.#engines.inUse;
  }

  /** All engines, the one in use first. */
  get engines(): readonly Engine[] {
    return this.#engines.all;
  }

  get archives(): readonly ImageSource[] {
    return [...this.#archives.values()];
  }

  /** Undefined if no reference is open. */
  get registry(): ImageSource | undefined {
    return this.#references.length === 0 ? undefined : this.#registry.source;
  }

  /** The open references, oldest first. */
  get references(): readonly string[] {
    return this.#references;
  }

  get(sourceId: string): ImageSource | undefined {
    return sourceId === registryId ? this.registry : (this.#engines.get(sourceId) ?? this.#archives.get(sourceId));
  }

  /** Waits until the first lookup of the engine in use is over. */
  async firstLookup(): Promise<void> {
    await this.#firstLookupOf(engineId);
  }

  /** Returns a source for a reloaded window, once the engine was looked for and `restored` has settled. */
  async opened(sourceId: string, restored: Promise<unknown>): Promise<ImageSource | undefined> {
    await Promise.all([this.#firstLookupOf(sourceId), restored]);
    return this.get(sourceId);
  }

  /** Looks for the engines; does nothing in an untrusted workspace. */
  async connect(): Promise<void> {
    if (this.#options.isTrusted()) await this.#engines.connect();
  }

  /** Looks for unavailable engines again. */
  async connectAbsent(): Promise<void> {
    if (this.#options.isTrusted()) await this.#engines.connectAbsent();
  }

  /** Follows Docker's configuration: `docker context use` selects another engine. */
  async reloadContext(): Promise<void> {
    if (this.#options.isTrusted()) await this.#engines.reloadContext();
  }

  /** Applies changed settings: drops engines that were removed, and looks for new ones. */
  async applySettings(): Promise<void> {
    this.#registry = this.#openRegistry();
    this.#options.onSources();
    if (this.#options.isTrusted()) await this.#engines.applySettings();
  }

  async openArchive(path: string, signal: AbortSignal): Promise<OciError | undefined> {
    const opened = await this.#options.layers.openArchive(path, signal);
    if (!opened.ok) return opened.error;
    const archive = opened.value;
    const id = `${archivePrefix}${path}`;
    this.#archives.set(
      id,
      this.#completed({
        id,
        kind: "archive",
        label: basename(path),
        address: path,
        list: (stop) => archive.list(stop),
        image: (reference, options, stop) => archive.image(reference, options, stop),
        layerSource: archive.layerSource,
        attested: archive,
      }),
    );
    this.#options.onSources();
    return undefined;
  }

  /** Closes an archive. Returns the path by which it was opened. */
  closeArchive(sourceId: string): string {
    if (this.#archives.delete(sourceId)) this.#options.onSources();
    return sourceId.slice(archivePrefix.length);
  }

  /** Shows exactly these references among the images of registries, without contacting any. */
  showReferences(references: readonly string[]): void {
    const wasShown = this.registry !== undefined;
    this.#references = references;
    const isShown = this.registry !== undefined;
    if (wasShown && isShown) this.#options.onImages(registryId, "all");
    else if (wasShown || isShown) this.#options.onSources();
  }

  /** The tags of the repository that a reference names, as its registry lists them. */
  tags(reference: ImageReference, signal: AbortSignal): Promise<Result<NameList>> {
    return this.#registry.images.tags(reference, signal);
  }

  /** Reads an image of a registry, which need not be among the open references. */
  registryImage(reference: string, options: ReadOptions, signal: AbortSignal): Promise<Result<Image>> {
    return this.#registry.images.image(reference, options, signal);
  }

  /** Stores the data about an image that reading its layers revealed. */
  noteRead(sourceId: string, image: Image): void {
    if (this.#read.note(sourceId, image))
      this.#options.onImage(sourceId, sourceId === registryId ? image.reference : image.id);
  }

  dispose(): void {
    this.#engines.dispose();
    this.#options.layers.dispose();
  }

  async #firstLookupOf(sourceId: string): Promise<void> {
    if (this.#options.isTrusted()) await this.#engines.firstLookup(sourceId);
  }

  #openRegistry(): { readonly images: RegistryImages; readonly source: ImageSource } {
    const images = createRegistryImages({
      credentials: this.#credentials,
      insecureRegistries: this.#options.settings().insecureRegistries,
      references: () => this.#references,
      whyNotAsked: () => this.#whyNotAsked(),
    });
    return { images, source: this.#completed(images) };
  }

  #whyNotAsked(): string | undefined {
    if (!this.#options.isTrusted())
      return l10n.t("Restricted Mode: registries aren't contacted; trust this workspace first");
    return this.#options.settings().isNetworkAllowed ? undefined : l10n.t("the setting imagewright.network is off");
  }

  #engineSource(name: SourceName, { engine, createActions, label }: ReadyEngine): Omit<ImageSource, "catalog"> {
    return {
      ...name,
      address: label,
      list: (signal) => engine.list(signal),
      image: (reference, options, signal) => engine.image(reference, options, signal),
      layerSource: { kind: "engine", connection: engine.connection },
      actions: createActions(this.#credentials),
    };
  }

  /** The source, with the data about its images revealed since. */
  #completed(source: Omit<ImageSource, "catalog">): ImageSource {
    const reader: ImageReader = {
      image: async (reference, options, signal) => {
        const image = await source.image(reference, { ...options, allowMissingBlobs: true }, signal);
        if (!image.ok) return image;
        const known = this.#read.complete(source.id, image.value);
        return known.contentFrom?.kind === "nowhere" && !options.allowMissingBlobs
          ? failure(missingBlobs(known))
          : success(known);
      },
    };
    return {
      ...source,
      ...reader,
      catalog: source.kind === "registry" ? createUncachedCatalog(reader) : createImageCatalog(reader),
    };
  }
}
