import type { BlobBytes } from "../core/bytes.ts";
import type { Digest, DiffId, ManifestDigest } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import type { OciError, Result } from "../core/error.ts";
import type { Image, ImageSummary } from "../core/image.ts";
import type { TakeFile } from "../core/entry.ts";
import type { WasteSummary } from "../core/waste.ts";
import type { PackageSizes } from "../packages/packageSizes.ts";
import type { ImageReference } from "../core/reference.ts";
import type { Platform } from "../core/platform.ts";

/** Lists the images of a source, newest first, without a request per image. */
export interface ImageLister {
  list(signal: AbortSignal): Promise<Result<readonly ImageSummary[]>>;
}

/** Reads one image's identity, config, history and layer list, without layer content. */
export interface ImageReader {
  image(reference: string, options: ReadOptions, signal: AbortSignal): Promise<Result<Image>>;
}

export interface ReadOptions {
  /** The image to choose from a multi-platform index. Defaults to the source's own choice. */
  readonly platform?: Platform;
  /** Returns an image whose blobs the engine lacks with its history and `contentFrom`; otherwise it is a failure. */
  readonly allowMissingBlobs?: boolean;
}

/** Reads the unpacked sizes of layers without fetching them. */
export interface TarBytesReader {
  /**
   * Returns the size in bytes of each layer's tar in the order of `image.layers`, including headers and padding;
   * undefined if its compressed form doesn't contain it.
   */
  tarBytes(image: Image, signal: AbortSignal): Promise<Result<readonly (number | undefined)[]>>;
}

/** Reads the content of layers. */
export interface LayerReader {
  /**
   * Reads layers in the order of `image.layers`: those with a DiffID in `wanted`, or all if it is absent. Also returns
   * the image as the read archive describes it, which is at least as exact.
   */
  layers(image: Image, request: LayerRequest, signal: AbortSignal): Promise<Result<ReadLayers>>;
}

export interface LayerRequest {
  readonly wanted?: readonly DiffId[];
  readonly onProgress?: (progress: Progress) => void;
}

/** The progress of a read; `totalBytes` is absent if the source doesn't report it. */
export interface Progress {
  readonly readBytes: number;
  readonly totalBytes?: number;
  readonly label: string;
}

export interface ReadLayers {
  readonly image: Image;
  readonly contents: ReadonlyMap<DiffId, LayerContent>;
  /** Wanted layers that are not in `contents`, each with its error: one broken layer doesn't fail the others. */
  readonly problems?: ReadonlyMap<DiffId, OciError>;
}

/** Reads the content of single files. */
export interface FileReader {
  /** Reads the layer's own entry at the path, without following links. `tooLarge` beyond `maxBytes`. */
  file(image: Image, wanted: WantedFile, signal: AbortSignal): Promise<Result<Buffer>>;
  /** Reads a layer once, and hands over the content of all wanted files. */
  files(image: Image, wanted: WantedFiles, signal: AbortSignal): Promise<Result<void>>;
}

export interface WantedFile {
  readonly diffId: DiffId;
  /** As in {@link LayerEntry.path}. */
  readonly path: string;
  readonly maxBytes: number;
}

export interface WantedFiles {
  readonly diffId: DiffId;
  readonly take: TakeFile;
}

/** Reads files of an image's whole file system. */
export interface ImageFilesReader {
  imageFiles(image: Image, wanted: WantedImageFiles, signal: AbortSignal): Promise<Result<ImageFiles>>;
}

/** Counts the sizes of an image's Debian packages. */
export interface PackageSizesReader {
  packageSizes(image: Image, signal: AbortSignal): Promise<Result<PackageSizes>>;
}

/** Sums up the bytes that an image ships and hides. */
export interface WasteReader {
  waste(image: Image, signal: AbortSignal): Promise<Result<WasteSummary>>;
}

export interface WantedImageFiles {
  /** Absolute paths of files; one that ends with a slash means all files below that folder. */
  readonly paths: readonly string[];
  /** Folders whose files' sizes are wanted, each absolute and with a trailing slash. */
  readonly sizesBelow: readonly string[];
  /** The limit for all contents together; beyond it the result is `tooLarge`. */
  readonly maxBytes: number;
  /** Requests a list of all paths; beyond this number the result is `tooLarge`. */
  readonly maxListed?: number;
}

/** A path of an image's file system. */
export interface ListedPath {
  /** Without a leading slash. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** The size of a file; 0 for everything else. */
  readonly bytes: number;
  /** The target of a symlink, as written. */
  readonly linkTarget?: string;
  /** Equal for all names of one file. */
  readonly inode?: string;
}

/** Files of an image's file system by absolute path. Missing paths are left out. */
export interface ImageFiles {
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Sizes of regular files in bytes. */
  readonly sizes: ReadonlyMap<string, number>;
  /** All paths, a folder before its content; only if `maxListed` was given. */
  readonly listing?: readonly ListedPath[];
}

/** Resolves references to digests, and digests to content. */
export interface DigestResolver {
  resolve(reference: ImageReference, signal: AbortSignal): Promise<Result<ResolvedDigest>>;
  /**
   * Reads the content of a digest, whose bytes were hashed. `notFound` if the registry doesn't have it, `badArchive` or
   * `unsupported` if it isn't an image.
   */
  content(reference: DigestReference, signal: AbortSignal): Promise<Result<DigestContent>>;
}

/** An image reference that has a digest. */
export type DigestReference = ImageReference & { readonly digest: Digest };

export interface ResolvedDigest {
  /** The digest that the tag points to: an index if there is one, else a manifest. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** True if the tag names an index; a single manifest is for one platform only. */
  readonly isIndex: boolean;
  readonly endpoint: string;
}

/** The content that a digest stands for. */
export type DigestContent =
  /** `images` in index order; absent if the source doesn't report them, or if the index contains other indexes. */
  | { readonly kind: "index"; readonly images?: readonly PlatformImage[] }
  /** A single manifest. */
  | { readonly kind: "image"; readonly platform?: Platform };

/** The image of one platform in an index. */
export interface PlatformImage {
  readonly digest: Digest;
  readonly platform: Platform;
}

/** Reads an image's attestations (BuildKit's provenance and package lists). */
export interface AttestationReader {
  /**
   * Returns one for each attestation manifest about the image's own manifest, and for each without a subject; empty if
   * there are none. The content of statements isn't read.
   */
  attestations(image: Image, signal: AbortSignal): Promise<Result<readonly ImageAttestation[]>>;
  /** Returns a statement's JSON text, checked against its digest and at most {@link maxStatementBytes} long. */
  statement(image: Image, statement: AttestedStatement, signal: AbortSignal): Promise<Result<string>>;
}

export interface ImageAttestation {
  readonly digest: ManifestDigest;
  /** The manifest it is about, if specified. */
  readonly subject?: ManifestDigest;
  /** The statements in manifest order, or the reason why they can't be read. */
  readonly statements: Result<readonly AttestedStatement[]>;
}

/**
 * An in-toto statement, one layer of an attestation manifest.
 * @see buildkit docs/attestations/attestation-storage.md
 */
export interface AttestedStatement {
  readonly digest: Digest;
  readonly mediaType: string;
  /** `https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`; absent if it isn't annotated. */
  readonly predicateType?: string;
  readonly blobBytes: BlobBytes;
}

/** A package list of a large image takes about 50 MB; more is too long to read. */
export const maxStatementBytes = 64 * 1024 * 1024;

/** Lists the names in a registry. */
export interface RegistryLister {
  /** Returns the tags of the reference's repository: versions first, newest on top, then other tags by name. */
  tags(reference: ImageReference, signal: AbortSignal): Promise<Result<NameList>>;
  /**
   * Returns a registry's repositories (`localhost:5000`) by name; `unsupported` if it doesn't list them, as most public
   * ones don't.
   */
  repositories(registry: string, signal: AbortSignal): Promise<Result<NameList>>;
}

export interface NameList {
  readonly names: readonly string[];
  /** True if the registry has more; these are the first that it returned. */
  readonly isCut: boolean;
}
