import type { OciError } from "../core/error.ts";
import type { ImageSummary } from "../core/image.ts";
import type { LineageImage } from "../core/lineage.ts";
import type { StoredImage } from "../core/space.ts";
import type { ImageReader } from "./source.ts";

/** What the images of a source are made of, joined with names that are current: for shared space and descent. */
export interface CatalogImage extends StoredImage, LineageImage {}

export interface Catalog {
  /** In the order of the list they were asked for. */
  readonly images: readonly CatalogImage[];
  /** Images that could not be read, by ID. */
  readonly problems: ReadonlyMap<string, OciError>;
}

/** Reads each image once and keeps the result by its ID, which names content. */
export interface ImageCatalog {
  /** What is known of all of these without a request; undefined where one is missing. */
  known(images: readonly ImageSummary[]): Catalog | undefined;
  /** Reads what is not known, a few at a time; callers at the same time share the work. */
  complete(images: readonly ImageSummary[], onProgress: ((readCount: number, totalCount: number) => void) | undefined, signal: AbortSignal): Promise<Catalog>;
}

export declare function createImageCatalog(reader: ImageReader): ImageCatalog;
