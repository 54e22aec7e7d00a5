import type { BlobBytes } from "../core/bytes.ts";
import type { Digest, DiffId, ManifestDigest } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import type { OciError, Result } from "../core/error.ts";
import type { Image, ImageSummary } from "../core/image.ts";
import type { TakeFile } from "../core/entry.ts";
import type { PackageSizes } from "../packages/packageSizes.ts";
import type { ImageReference } from "../core/reference.ts";
import type { Platform } from "../core/platform.ts";

/** Lists what a source has, newest first, without a request per image. */
export interface ImageLister {
  list(signal: AbortSignal): Promise<Result<readonly ImageSummary[]>>;
}

/** Reads one image's identity, config, history and layer list; no layer content. */
export interface ImageReader {
  image(reference: string, options: ReadOptions, signal: AbortSignal): Promise<Result<Image>>;
}

export interface ReadOptions {
  /** Which image of a multi-platform index; the source's own choice where absent. */
  readonly platform?: Platform;
}

/** Tells how large layers are unpacked, without fetching them. */
export interface TarBytesReader {
  /** Bytes of each layer's tar in the order of `image.layers`, headers and padding included; undefined where its compressed form doesn't say. */
  tarBytes(image: Image, signal: AbortSignal): Promise<Result<readonly (number | undefined)[]>>;
}

/** Reads the content of layers. */
export interface LayerReader {
  /** In the order of `image.layers`, those with a DiffID in `wanted` (all where absent). Also returns the image as the read archive describes it, which is at least as exact. */
  layers(image: Image, request: LayerRequest, signal: AbortSignal): Promise<Result<ReadLayers>>;
}

export interface LayerRequest {
  readonly wanted?: readonly DiffId[];
  readonly onProgress?: (progress: Progress) => void;
}

/** `totalBytes` absent where the source doesn't say. */
export interface Progress {
  readonly readBytes: number;
  readonly totalBytes?: number;
  readonly label: string;
}

export interface ReadLayers {
  readonly image: Image;
  readonly contents: ReadonlyMap<DiffId, LayerContent>;
  /** Wanted layers that are not in `contents`, each with its reason: one broken layer doesn't fail the others. */
  readonly problems?: ReadonlyMap<DiffId, OciError>;
}

/** Reads the content of single files. */
export interface FileReader {
  /** Of the layer's own entry at the path; no link is followed. `tooLarge` beyond `maxBytes`. */
  file(image: Image, wanted: WantedFile, signal: AbortSignal): Promise<Result<Buffer>>;
  /** Reads a layer once, and hands over the content of as many of its files as are wanted. */
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

/** Counts what the Debian packages of an image take. */
export interface PackageSizesReader {
  packageSizes(image: Image, signal: AbortSignal): Promise<Result<PackageSizes>>;
}

export interface WantedImageFiles {
  /** Absolute paths of files; one that ends with a slash means all files below that folder. */
  readonly paths: readonly string[];
  /** The sizes of all files below these folders are wanted, each absolute and with a slash at its end. */
  readonly sizesBelow: readonly string[];
  /** Of all contents together; beyond, the result is `tooLarge`. */
  readonly maxBytes: number;
  /** Everything is to be listed; beyond so many paths the result is `tooLarge`. */
  readonly maxListed?: number;
}

/** A path of an image's file system. */
export interface ListedPath {
  /** Without a slash at its start. */
  readonly path: string;
  readonly kind: "file" | "directory" | "symlink";
  /** Of a file; 0 for the rest. */
  readonly bytes: number;
  /** Of a symlink, as written. */
  readonly linkTarget?: string;
  /** Equal for all names of one file. */
  readonly inode?: string;
}

/** Files of an image's file system by absolute path. A path that isn't there is left out. */
export interface ImageFiles {
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Bytes of regular files. */
  readonly sizes: ReadonlyMap<string, number>;
  /** A folder before what is in it; only if `maxListed` was given. */
  readonly listing?: readonly ListedPath[];
}

/** What a reference points to now. */
export interface DigestResolver {
  resolve(reference: ImageReference, signal: AbortSignal): Promise<Result<ResolvedDigest>>;
  /** Reads what a digest stands for, whose bytes were hashed. `notFound` if the registry lacks it, `badArchive` or `unsupported` for what is not an image. */
  content(reference: DigestReference, signal: AbortSignal): Promise<Result<DigestContent>>;
}

/** An image reference that has a digest. */
export type DigestReference = ImageReference & { readonly digest: Digest };

export interface ResolvedDigest {
  /** The digest of what the tag names: an index where there is one, else a manifest. */
  readonly digest: Digest;
  readonly mediaType: string;
  /** True where the tag names an index; a single manifest is of one platform only. */
  readonly isIndex: boolean;
  readonly endpoint: string;
}

/** What a digest stands for. */
export type DigestContent =
  /** `images` in the index's order; absent if the one that was asked doesn't tell, or the index holds other indexes. */
  | { readonly kind: "index"; readonly images?: readonly PlatformImage[] }
  /** A single manifest. */
  | { readonly kind: "image"; readonly platform?: Platform };

/** The image of one platform in an index. */
export interface PlatformImage {
  readonly digest: Digest;
  readonly platform: Platform;
}

/** Reads what is said about an image beside it: BuildKit's attestations (provenance, lists of packages). */
export interface AttestationReader {
  /** One for each attestation manifest about the image's own manifest, and for each that doesn't say what it is about; empty where there are none. No statement's content is read. */
  attestations(image: Image, signal: AbortSignal): Promise<Result<readonly ImageAttestation[]>>;
  /** A statement's JSON text, checked against its digest and no longer than {@link maxStatementBytes}. */
  statement(image: Image, statement: AttestedStatement, signal: AbortSignal): Promise<Result<string>>;
}

export interface ImageAttestation {
  readonly digest: ManifestDigest;
  /** The manifest it is about, where it says so. */
  readonly subject?: ManifestDigest;
  /** In the manifest's order, or why that can't be read. */
  readonly statements: Result<readonly AttestedStatement[]>;
}

/** An in-toto statement, one layer of an attestation manifest. @see buildkit docs/attestations/attestation-storage.md */
export interface AttestedStatement {
  readonly digest: Digest;
  readonly mediaType: string;
  /** `https://slsa.dev/provenance/v1`, `https://spdx.dev/Document`; absent where it isn't annotated. */
  readonly predicateType?: string;
  readonly blobBytes: BlobBytes;
}

/** A list of a large image's packages takes some 50 MB; more is no reading matter. */
export const maxStatementBytes = 64 * 1024 * 1024;

/** Lists the names that a registry has. */
export interface RegistryLister {
  /** The tags of the reference's repository: the newest version first, what is no version behind, by name. */
  tags(reference: ImageReference, signal: AbortSignal): Promise<Result<NameList>>;
  /** Repositories of a registry (`localhost:5000`) by name; `unsupported` where it doesn't list them, as most public ones. */
  repositories(registry: string, signal: AbortSignal): Promise<Result<NameList>>;
}

export interface NameList {
  readonly names: readonly string[];
  /** The registry has more; these are the first that it gave. */
  readonly isCut: boolean;
}
