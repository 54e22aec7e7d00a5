// Fixture images as bytes: defined in a test, with the same digests every time, to be stored in a registry, an engine
// or an archive.
import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { layerTar, type FixtureLayer } from "./layerTar.ts";

export interface FixtureHistory {
  readonly created?: string;
  readonly created_by?: string;
  readonly comment?: string;
  readonly empty_layer?: boolean;
}

export interface FixtureImage {
  /** Base first. */
  readonly layers: readonly FixtureLayer[];
  /** The `config` of the image config: Env, User, Cmd, Labels … */
  readonly config?: Readonly<Record<string, unknown>>;
  /** By default, each layer gets one entry "layer N". */
  readonly history?: readonly FixtureHistory[];
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly created?: string;
}

export interface ContentOptions {
  readonly compression?: "none" | "gzip" | "zstd";
  /** The vendor of the media types; Docker's has none for zstd. */
  readonly mediaTypes?: "oci" | "docker";
  /** Adds an index to a single image too; several images always get one. */
  readonly index?: "always" | "whenSeveral";
  /** Adds what BuildKit adds to an index: one manifest of platform unknown/unknown for each image. */
  readonly attestations?: "none" | "each";
}

/** A descriptor as in manifests and indexes. */
export interface ContentDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: FixtureImage["platform"];
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The blobs of an image or an index of images, by digest. */
export interface ImageContent {
  readonly blobs: ReadonlyMap<string, Buffer>;
  /** The descriptor of the index, or of the only manifest. */
  readonly root: ContentDescriptor;
  readonly images: readonly {
    readonly manifest: ContentDescriptor;
    readonly configDigest: string;
    readonly diffIds: readonly string[];
    readonly layers: readonly ContentDescriptor[];
  }[];
}

/** Creates the blobs, manifests and, for several images, the index. */
export async function imageContent(
  images: FixtureImage | readonly FixtureImage[],
  options: ContentOptions = {},
): Promise<ImageContent> {
  const list = "layers" in images ? [images] : images;
  const blobs = new Map<string, Buffer>();
  const built = await Promise.all(list.map((image) => addImage(blobs, image, options)));
  const [only] = built;
  if (only === undefined) throw new Error("an index of no images; give at least one");
  const attestations =
    options.attestations === "each"
      ? await Promise.all(built.map(({ manifest }) => addAttestation(blobs, manifest)))
      : [];
  const isSingle = built.length === 1 && options.index !== "always" && attestations.length === 0;
  const root = isSingle
    ? only.manifest
    : addJson(blobs, names(options).index, {
        schemaVersion: 2,
        mediaType: names(options).index,
        manifests: [...built.map(({ manifest }) => manifest), ...attestations],
      });
  return { blobs, root, images: built };
}

/** A `docker save` archive as in Docker 20.10: `<config>.json`, `<id>/layer.tar`, `manifest.json`. */
export async function dockerArchive(image: FixtureImage, ...tags: readonly string[]): Promise<Buffer> {
  const {
    blobs,
    images: [built],
  } = await imageContent(image, { compression: "none" });
  if (built === undefined) throw new Error("no image");
  const layerPath = (diffId: string, index: number): string => `${sha256(`${index} ${diffId}`).slice(7)}/layer.tar`;
  const files: Record<string, Buffer | string> = {
    [`${built.configDigest.slice(7)}.json`]: blobs.get(built.configDigest) ?? "",
  };
  built.diffIds.forEach((diffId, index) => (files[layerPath(diffId, index)] = blobs.get(diffId) ?? ""));
  files["manifest.json"] = JSON.stringify([
    { Config: `${built.configDigest.slice(7)}.json`, RepoTags: tags, Layers: built.diffIds.map(layerPath) },
  ]);
  return layerTar(files);
}

/** The files of an OCI image layout, by path; a tag with a name ("tiny:1") is annotated as by `docker save`. */
export function layoutFiles(content: ImageContent, tag?: string): Record<string, Buffer | string> {
  const annotations = tag === undefined ? undefined : tagAnnotations(tag);
  const manifests = [{ ...content.root, ...(annotations === undefined ? {} : { annotations }) }];
  return {
    "oci-layout": JSON.stringify({ imageLayoutVersion: "1.0.0" }),
    "index.json": JSON.stringify({ schemaVersion: 2, mediaType: names({}).index, manifests }),
    ...Object.fromEntries(
      [...content.blobs]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([digest, bytes]) => [`blobs/${digest.replace(":", "/")}`, bytes]),
    ),
  };
}

/** An OCI image layout as a tar, as produced by `docker save` of newer engines and `skopeo copy … oci-archive:`. */
export async function layoutArchive(content: ImageContent, tag?: string): Promise<Buffer> {
  return layerTar(layoutFiles(content, tag));
}

/** An OCI image layout as a folder. */
export async function writeLayout(content: ImageContent, folder: string, tag?: string): Promise<void> {
  for (const [path, bytes] of Object.entries(layoutFiles(content, tag))) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), bytes);
  }
}

/** The digest of these bytes, as references write it. */
export function sha256(bytes: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/**
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md, and Docker's of image manifest v2
 * schema 2
 */
function names({ mediaTypes = "oci", compression = "gzip" }: ContentOptions): {
  index: string;
  manifest: string;
  config: string;
  layer: string;
} {
  const suffix = { none: "", gzip: mediaTypes === "oci" ? "+gzip" : ".gzip", zstd: "+zstd" }[compression];
  const oci = "application/vnd.oci.image";
  const docker = "application/vnd.docker";
  return mediaTypes === "oci"
    ? {
        index: `${oci}.index.v1+json`,
        manifest: `${oci}.manifest.v1+json`,
        config: `${oci}.config.v1+json`,
        layer: `${oci}.layer.v1.tar${suffix}`,
      }
    : {
        index: `${docker}.distribution.manifest.list.v2+json`,
        manifest: `${docker}.distribution.manifest.v2+json`,
        config: `${docker}.container.image.v1+json`,
        layer: `${docker}.image.rootfs.diff.tar${suffix}`,
      };
}

const defaultPlatform = { os: "linux", architecture: "amd64" } as const;
const defaultCreated = "2024-01-01T00:00:00Z";

function tagAnnotations(tag: string): Record<string, string> {
  const [name, version] = tag.split(/:(?=[^/]*$)/);
  if (version === undefined) return { "org.opencontainers.image.ref.name": tag };
  const fullName = tag.includes("/") ? tag : `docker.io/library/${name}:${version}`;
  return { "io.containerd.image.name": fullName, "org.opencontainers.image.ref.name": version };
}

async function addImage(
  blobs: Map<string, Buffer>,
  image: FixtureImage,
  options: ContentOptions,
): Promise<ImageContent["images"][number]> {
  const tars = await Promise.all(image.layers.map(layerTar));
  const diffIds = tars.map(sha256);
  const layers = tars.map((tar) => addBlob(blobs, names(options).layer, compress(tar, options.compression)));
  const created = image.created ?? defaultCreated;
  const platform = image.platform ?? defaultPlatform;
  const config = addJson(blobs, names(options).config, {
    ...platform,
    created,
    config: image.config ?? {},
    rootfs: { type: "layers", diff_ids: diffIds },
    history: image.history ?? image.layers.map((_, index) => ({ created, created_by: `layer ${index}` })),
  });
  const manifest = addJson(blobs, names(options).manifest, {
    schemaVersion: 2,
    mediaType: names(options).manifest,
    config,
    layers,
  });
  return { manifest: { ...manifest, platform }, configDigest: config.digest, diffIds, layers };
}

/** @see https://github.com/moby/buildkit/blob/master/docs/attestations/attestation-storage.md */
async function addAttestation(blobs: Map<string, Buffer>, about: ContentDescriptor): Promise<ContentDescriptor> {
  const statements = predicateTypes.map((predicateType) => {
    const statement = addJson(blobs, "application/vnd.in-toto+json", {
      _type: "https://in-toto.io/Statement/v0.1",
      predicateType,
      subject: [{ digest: { sha256: about.digest.slice(7) } }],
      predicate: {},
    });
    return { ...statement, annotations: { "in-toto.io/predicate-type": predicateType } };
  });
  const config = addJson(blobs, names({}).config, {
    os: "unknown",
    architecture: "unknown",
    config: {},
    rootfs: { type: "layers", diff_ids: statements.map(({ digest }) => digest) },
  });
  const manifest = addJson(blobs, names({}).manifest, {
    schemaVersion: 2,
    mediaType: names({}).manifest,
    config,
    layers: statements,
  });
  const annotations = {
    "vnd.docker.reference.digest": about.digest,
    "vnd.docker.reference.type": "attestation-manifest",
  };
  return { ...manifest, platform: { os: "unknown", architecture: "unknown" }, annotations };
}

const predicateTypes = ["https://spdx.dev/Document", "https://slsa.dev/provenance/v1"];

function addJson(blobs: Map<string, Buffer>, mediaType: string, value: unknown): ContentDescriptor {
  return addBlob(blobs, mediaType, Buffer.from(JSON.stringify(value)));
}

function addBlob(blobs: Map<string, Buffer>, mediaType: string, bytes: Buffer): ContentDescriptor {
  const digest = sha256(bytes);
  blobs.set(digest, bytes);
  return { mediaType, digest, size: bytes.length };
}

function compress(tar: Buffer, compression: ContentOptions["compression"]): Buffer {
  if (compression === "none") return tar;
  return compression === "zstd" ? zstdCompressSync(tar) : gzipSync(tar);
}
