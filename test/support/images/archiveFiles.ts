// Archives from literals, in the format of each tool and generation that writes them (facts of 2026-11, images.md
// §4.1).
import { createHash } from "node:crypto";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { tarOf, type TarTree } from "./tarBytes.ts";

export interface ArchiveImage {
  /** Base first; a tree, or the bytes of a tar. */
  readonly layers: readonly (TarTree | Buffer)[];
  readonly tags?: readonly string[];
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  /** Overrides members of the config made from the layers. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Appended to the media types of its layers. */
  readonly mediaTypeSuffix?: string;
}

export type ArchiveFiles = Record<string, string | Buffer>;

export function sha256(bytes: string | Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Docker up to 24: `<id>.json`, `<v1 id>/layer.tar`, a repeated layer as a symlink. */
export function legacySave(...images: readonly ArchiveImage[]): ArchiveFiles {
  const files: ArchiveFiles = {};
  const seen = new Map<string, string>();
  const items = images.map((image) => {
    const { config, tars } = parts(image);
    const layers = tars.map((tar, index) => {
      const folder = sha256(`${index} ${sha256(tar)} ${sha256(config)}`);
      const path = `${folder}/layer.tar`;
      const twin = seen.get(sha256(tar));
      files[`${folder}/VERSION`] = "1.0";
      files[`${folder}/json`] = "{}";
      files[path] = twin === undefined ? tar : `-> ../${twin}`;
      if (twin === undefined) seen.set(sha256(tar), path);
      return path;
    });
    files[`${sha256(config)}.json`] = config;
    return { Config: `${sha256(config)}.json`, RepoTags: image.tags ?? null, Layers: layers };
  });
  return { ...files, "manifest.json": JSON.stringify(items), repositories: "{}" };
}

/** containers/image (podman save, skopeo docker-archive:): `<diffID>.tar` first, links by v1 id, manifest.json last. */
export function podmanSave(image: ArchiveImage): ArchiveFiles {
  const { config, tars } = parts(image);
  const files: ArchiveFiles = {};
  for (const tar of tars) files[`${sha256(tar)}.tar`] = tar;
  for (const [index, tar] of tars.entries()) files[`${sha256(`v1 ${index}`)}/layer.tar`] = `-> ../${sha256(tar)}.tar`;
  const manifest = [
    { Config: `${sha256(config)}.json`, RepoTags: image.tags ?? [], Layers: tars.map((tar) => `${sha256(tar)}.tar`) },
  ];
  return {
    ...files,
    [`${sha256(config)}.json`]: config,
    repositories: "{}",
    "manifest.json": JSON.stringify(manifest),
  };
}

/** Docker from 25 with graph drivers: an OCI layout of uncompressed layers, and manifest.json. */
export function hybridSave(...images: readonly ArchiveImage[]): ArchiveFiles {
  const layout = ociLayout(images, { compression: "none", names: "containerd" });
  const items = images.map((image) => {
    const { config, tars } = parts(image);
    return {
      Config: `blobs/sha256/${sha256(config)}`,
      RepoTags: image.tags ?? null,
      Layers: tars.map((tar) => `blobs/sha256/${sha256(tar)}`),
    };
  });
  return { ...layout, "manifest.json": JSON.stringify(items), repositories: "{}" };
}

export interface LayoutOptions {
  readonly compression?: "none" | "gzip" | "zstd";
  /** The annotation that names an image: containerd's full name, or the layout's tag. */
  readonly names?: "containerd" | "layout";
  /** One nested index for all images, as for several platforms, with BuildKit's attestations. */
  readonly isIndex?: boolean;
}

/** An OCI layout: containerd's exports, buildx `type=oci`, skopeo oci:. */
export function ociLayout(images: readonly ArchiveImage[], options: LayoutOptions = {}): ArchiveFiles {
  const files: ArchiveFiles = {};
  const add = (bytes: string | Buffer): { readonly digest: string; readonly size: number } => {
    const digest = sha256(bytes);
    files[`blobs/sha256/${digest}`] = bytes;
    return { digest: `sha256:${digest}`, size: Buffer.byteLength(bytes) };
  };
  const manifests = images.map((image) => manifestOf(image, options, add));
  const descriptors = images.flatMap((image, index) =>
    namesOf(image, options).map((annotations) => ({ ...manifests[index], ...(annotations && { annotations }) })),
  );
  const top =
    options.isIndex === true ? [{ ...nested(images, manifests, add), ...annotated(images[0], options) }] : descriptors;
  return {
    ...files,
    "index.json": JSON.stringify({ schemaVersion: 2, manifests: top }),
    "oci-layout": '{"imageLayoutVersion":"1.0.0"}',
  };
}

type Add = (bytes: string | Buffer) => { readonly digest: string; readonly size: number };

function manifestOf(image: ArchiveImage, { compression = "gzip" }: LayoutOptions, add: Add): object {
  const { config, tars } = parts(image);
  const pack = {
    none: (bytes: Buffer) => bytes,
    gzip: (bytes: Buffer) => gzipSync(bytes),
    zstd: (bytes: Buffer) => zstdCompressSync(bytes),
  }[compression];
  const layers = tars.map((tar) => ({
    mediaType: `application/vnd.oci.image.layer.v1.tar${compression === "none" ? "" : `+${compression}`}${image.mediaTypeSuffix ?? ""}`,
    ...add(pack(tar)),
  }));
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    config: { mediaType: "application/vnd.oci.image.config.v1+json", ...add(config) },
    layers,
  };
  return { mediaType: manifest.mediaType, ...add(JSON.stringify(manifest)) };
}

function nested(images: readonly ArchiveImage[], manifests: readonly object[], add: Add): object {
  const attestation = {
    mediaType: "application/vnd.oci.image.manifest.v1+json",
    ...add('{"schemaVersion":2,"layers":[]}'),
    platform: { os: "unknown", architecture: "unknown" },
    annotations: { "vnd.docker.reference.type": "attestation-manifest" },
  };
  const index = {
    schemaVersion: 2,
    mediaType: "application/vnd.oci.image.index.v1+json",
    manifests: [
      ...manifests.map((manifest, at) => ({ ...manifest, platform: images[at]?.platform ?? defaultPlatform })),
      attestation,
    ],
  };
  return { mediaType: index.mediaType, ...add(JSON.stringify(index)) };
}

function annotated(image: ArchiveImage | undefined, options: LayoutOptions): object {
  const [annotations] = image ? namesOf(image, options) : [];
  return annotations ? { annotations } : {};
}

function namesOf(
  { tags = [] }: ArchiveImage,
  { names = "layout" }: LayoutOptions,
): readonly (Readonly<Record<string, string>> | undefined)[] {
  if (tags.length === 0) return [undefined];
  return tags.map((tag) =>
    names === "containerd"
      ? {
          "io.containerd.image.name": `docker.io/library/${tag}`,
          "org.opencontainers.image.ref.name": tag.split(":")[1] ?? "",
        }
      : { "org.opencontainers.image.ref.name": tag },
  );
}

const defaultPlatform = { os: "linux", architecture: "amd64" };

function parts({ layers, platform = defaultPlatform, config }: ArchiveImage): {
  readonly config: string;
  readonly tars: readonly Buffer[];
} {
  const tars = layers.map((layer) => (Buffer.isBuffer(layer) ? layer : tarOf(layer)));
  const history = tars.map((_, index) => ({ created_by: `step ${index}` }));
  return {
    config: JSON.stringify({
      ...platform,
      rootfs: { type: "layers", diff_ids: tars.map((tar) => `sha256:${sha256(tar)}`) },
      history,
      ...config,
    }),
    tars,
  };
}
