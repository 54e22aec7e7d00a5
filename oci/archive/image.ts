import { createHash } from "node:crypto";
import type { ImageConfig } from "../core/config.ts";
import { parseJson, present } from "../core/decode.ts";
import { parseDigest, type ConfigDigest, type Digest, type IndexDigest, type ManifestDigest } from "../core/digest.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { Image } from "../core/image.ts";
import { describeLayers, type LayerBlob } from "../core/imageLayers.ts";
import type { Platform } from "../core/platform.ts";
import { familiarReference, parseReference } from "../core/reference.ts";
import type { ArchiveFiles } from "./files.ts";
import type { ImageAttestation } from "../source/source.ts";

/** One image of one platform in an archive. */
export interface FoundImage {
  /** Familiar names; empty if the archive has none. */
  readonly tags: readonly string[];
  /** The platform in the archive's index, known before the config is read. */
  readonly platform?: Platform;
  readonly configDigest?: ConfigDigest;
  readonly manifestDigest?: ManifestDigest;
  readonly indexDigest?: IndexDigest;
  /** The key that groups the platforms of one image. */
  readonly root: string;
  /** The image with an empty `reference`, or the reason why it can't be read. */
  readonly image: Result<Image>;
  /**
   * The path of each layer's blob, base first; undefined if the archive lists fewer blobs than the config has layers.
   */
  readonly blobs: readonly (string | undefined)[];
  /** The attestations of all images with the same root. */
  readonly attestations: readonly ImageAttestation[];
}

// Registries accept manifests of up to 4 MiB; configs with long histories reach some hundred KiB.
export const maxJsonBytes = 16 * 1024 * 1024;
export const maxImages = 10_000; // For indexes and manifests together; stops a hostile index of indexes.

/** The archive's data about an image other than its config. */
export interface ImageParts extends Pick<
  FoundImage,
  "tags" | "root" | "configDigest" | "manifestDigest" | "indexDigest"
> {
  /** Base first. */
  readonly parts: readonly Part[];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A layer's blob and its path. */
export interface Part {
  readonly path: string;
  readonly layer: LayerBlob;
}

export function toFound(config: ImageConfig, { parts, root, annotations, ...ids }: ImageParts): FoundImage {
  const image: Image = present({
    reference: "",
    id: ids.configDigest ?? "",
    ...ids,
    platform: config.platform,
    config,
    repoDigests: [],
    ...describeLayers(
      config,
      parts.map(({ layer }) => layer),
    ),
    annotations,
  });
  // If the numbers differ, the missing layers can't be identified, so none are matched.
  const isComplete = parts.length === config.diffIds.length;
  const blobs = config.diffIds.map((_, index) => (isComplete ? parts[index]?.path : undefined));
  return { ...ids, platform: config.platform, root, image: success(image), blobs, attestations: [] };
}

/** An image that can't be read. It is listed so that users see it. */
export function brokenImage(known: Omit<FoundImage, "image" | "blobs" | "attestations">, error: OciError): FoundImage {
  return { ...known, image: failure(error), blobs: [], attestations: [] };
}

/** Represents all images beyond {@link maxImages}. */
export function tooManyImages(what: string): FoundImage {
  return brokenImage(
    { tags: [], root: "too many" },
    { kind: "tooLarge", what, message: `${what} lists more than ${maxImages} images; the rest is not read` },
  );
}

export function familiar(name: string): string {
  const parsed = parseReference(name);
  return parsed.ok ? familiarReference(parsed.value) : name;
}

export function blobPath(digest: Digest): string {
  return `blobs/${digest.replace(":", "/")}`;
}

/** The digest in a blob's path; undefined for other file names. */
export function blobDigest(path: string): Digest | undefined {
  const [, algorithm, hex] = /^blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(path) ?? [];
  return algorithm === undefined ? undefined : parseDigest(`${algorithm}:${hex ?? ""}`);
}

export async function readJson(files: ArchiveFiles, path: string): Promise<Result<unknown>> {
  const bytes = await files.read(path, maxJsonBytes);
  return bytes.ok ? parseJson(`${path} of ${files.what}`, bytes.value.toString("utf8")) : bytes;
}

/** Reads a blob and checks it against the digest that names it. */
export async function readBlob(files: ArchiveFiles, digest: Digest, maxBytes: number): Promise<Result<Buffer>> {
  const bytes = await files.read(blobPath(digest), maxBytes);
  if (!bytes.ok) return bytes;
  const actual = createHash(digest.slice(0, digest.indexOf(":")))
    .update(bytes.value)
    .digest("hex");
  if (!digest.endsWith(`:${actual}`))
    return failure({
      kind: "digestMismatch",
      what: `blob ${digest}`,
      message: `its content has another digest (${actual})`,
    });
  return bytes;
}
