import { decodeConfig } from "../core/config.ts";
import { blobBytes } from "../core/bytes.ts";
import { parseJson, present } from "../core/decode.ts";
import type { Descriptor } from "../core/descriptor.ts";
import type { Digest } from "../core/digest.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import type { ManifestSummary } from "../core/image.ts";
import { toLayerBlob } from "../core/imageLayers.ts";
import {
  decodeIndex,
  decodeManifestDocument,
  summariseEntry,
  type Index,
  type IndexEntry,
  type Manifest,
  type ManifestDocument,
} from "../core/manifest.ts";
import { isImageConfig } from "../core/mediaType.ts";
import { shorten } from "../core/text.ts";
import type { ArchiveFiles } from "./files.ts";
import {
  blobPath,
  brokenImage,
  maxImages,
  maxJsonBytes,
  readBlob,
  readJson,
  toFound,
  tooManyImages,
  type FoundImage,
  type Part,
} from "./image.ts";
import { mergeNames } from "./ociNames.ts";
import { statementsOf } from "../source/attestations.ts";
import type { ImageAttestation } from "../source/source.ts";

/** Finds the images of an OCI layout: every manifest reachable from its index.json. */
export async function findOci(files: ArchiveFiles): Promise<Result<readonly FoundImage[]>> {
  const value = await readJson(files, "index.json");
  if (!value.ok) return value;
  const index = decodeIndex(`index.json of ${files.what}`, value.value);
  if (!index.ok) return index;
  const walk: OciWalk = {
    files,
    found: [],
    roots: new Map(),
    sizes: new Map(),
    artifacts: new Set(),
    documents: 0,
  };
  for (const { entry, tags } of mergeNames(index.value.entries)) {
    await takeEntry(walk, entry, { tags, root: rootOf(entry.descriptor, tags), depth: 0, annotations: {} });
  }
  if (walk.documents > maxImages) walk.found.push(tooManyImages(files.what));
  return walk.found.length === 0 ? noImage(walk) : success(mergeTags(walk.found).map((image) => withRoot(walk, image)));
}

const maxNesting = 8; // Indexes in indexes. image-spec sets no limit; depth 2 has been seen.

interface OciWalk {
  readonly files: ArchiveFiles;
  readonly found: FoundImage[];
  readonly roots: Map<string, RootContent>;
  /** Sizes of blobs, each looked up once. */
  readonly sizes: Map<Digest, number | undefined>;
  /** Descriptions of entries that aren't images. */
  readonly artifacts: Set<string>;
  documents: number;
}

/** Fails only if there is something else than images. An empty layout may have images in docker's manifest.json. */
function noImage({ files, artifacts }: OciWalk): Result<readonly FoundImage[]> {
  if (artifacts.size === 0) return success([]);
  const shown = [...artifacts].slice(0, maxShownArtifacts);
  const more = artifacts.size > shown.length ? " and others" : "";
  return failure({
    kind: "unsupported",
    what: files.what,
    message: `it contains no image, only ${shown.join(", ")}${more}`,
  });
}

const maxShownArtifacts = 3;

/** Everything that belongs to one image: its platforms and attestations, each manifest once. */
interface RootContent {
  readonly manifests: ManifestSummary[];
  readonly attestations: ImageAttestation[];
  readonly visited: Set<Digest>;
}

interface OciPlace {
  readonly tags: readonly string[];
  readonly root: string;
  readonly depth: number;
  /** The outermost index, which a tag names. */
  readonly indexDigest?: Digest;
  /**
   * Annotations of the indexes above and of its entry in them. Those of index.json describe the layout and are left
   * out.
   */
  readonly annotations: Readonly<Record<string, string>>;
}

/**
 * The root of an entry. Usually the top level points to one index per image; some tools list an image's platforms there
 * directly.
 */
function rootOf(descriptor: Descriptor, tags: readonly string[]): string {
  if (!descriptor.platform) return descriptor.digest;
  return tags.length === 0 ? "index.json" : tags.join();
}

function withRoot({ roots }: OciWalk, found: FoundImage): FoundImage {
  const { manifests = [], attestations = [] } = roots.get(found.root) ?? {};
  const image = found.image.ok ? success({ ...found.image.value, manifests }) : found.image;
  return { ...found, image, attestations };
}

async function takeEntry(walk: OciWalk, entry: IndexEntry, place: OciPlace): Promise<void> {
  const { descriptor, kind } = entry;
  if (walk.documents > maxImages) return;
  const { visited } = contentOf(walk, place);
  // An index may list the same manifest many times.
  if (visited.has(descriptor.digest) || ++walk.documents > maxImages) return;
  visited.add(descriptor.digest);
  const document = await readDocument(walk, descriptor.digest);
  if (!document.ok) return takeUnreadable(walk, entry, { error: document.error, place });
  if (document.value.kind === "index") return takeIndex(walk, descriptor, { index: document.value.index, place });
  const { manifest } = document.value;
  return kind === "attestation"
    ? takeAttestation(walk, entry, { manifest, place })
    : takeManifest(walk, entry, { manifest, place });
}

async function readDocument(walk: OciWalk, digest: Digest): Promise<Result<ManifestDocument>> {
  const json = await readBlobJson(walk, digest);
  return json.ok ? decodeManifestDocument(`manifest ${digest}`, json.value) : json;
}

async function takeIndex(
  walk: OciWalk,
  descriptor: Descriptor,
  { index, place }: { readonly index: Index; readonly place: OciPlace },
): Promise<void> {
  const { depth, indexDigest = descriptor.digest } = place;
  if (depth >= maxNesting) {
    walk.found.push(
      unreadable(descriptor, place, {
        kind: "tooLarge",
        what: descriptor.digest,
        message: `an index of indexes deeper than ${maxNesting}`,
      }),
    );
    return;
  }
  for (const entry of index.entries) {
    await takeEntry(walk, entry, {
      ...place,
      depth: depth + 1,
      indexDigest,
      annotations: { ...place.annotations, ...index.annotations, ...entry.descriptor.annotations },
    });
  }
}

function contentOf({ roots }: OciWalk, { root }: OciPlace): RootContent {
  const content = roots.get(root) ?? { manifests: [], attestations: [], visited: new Set() };
  roots.set(root, content);
  return content;
}

function note(walk: OciWalk, place: OciPlace, summary: ManifestSummary): void {
  contentOf(walk, place).manifests.push(summary);
}

function takeUnreadable(
  walk: OciWalk,
  entry: IndexEntry,
  { error, place }: { readonly error: OciError; readonly place: OciPlace },
): void {
  const { descriptor, kind, subject } = entry;
  note(walk, place, { ...summariseEntry(entry), isAvailable: false });
  if (kind === "attestation") {
    walk.artifacts.add(attestations);
    contentOf(walk, place).attestations.push(
      present({ digest: descriptor.digest, subject, statements: failure(error) }),
    );
  } else walk.found.push(unreadable(descriptor, place, error));
}

const attestations = "attestations (statements about images)";

function unreadable(
  { digest, platform }: Descriptor,
  { tags, root, indexDigest }: OciPlace,
  error: OciError,
): FoundImage {
  // An engine lists all platforms of an index but saves only those it has.
  const told =
    error.kind === "notFound" && platform
      ? {
          ...error,
          message: `the archive lists ${digest} but doesn't contain it; that platform was missing when it was saved`,
        }
      : error;
  return brokenImage(present({ tags, platform, manifestDigest: digest, indexDigest, root }), told);
}

async function takeAttestation(
  walk: OciWalk,
  entry: IndexEntry,
  { manifest, place }: { readonly manifest: Manifest; readonly place: OciPlace },
): Promise<void> {
  const { digest } = entry.descriptor;
  walk.artifacts.add(attestations);
  note(walk, place, { ...summariseEntry(entry), ...(await storedParts(walk, digest, manifest)) });
  contentOf(walk, place).attestations.push(
    present({ digest, subject: entry.subject, statements: success(statementsOf(manifest)) }),
  );
}

async function takeManifest(
  walk: OciWalk,
  entry: IndexEntry,
  { manifest, place }: { readonly manifest: Manifest; readonly place: OciPlace },
): Promise<void> {
  const { descriptor } = entry;
  const summary = { ...summariseEntry(entry), ...(await storedParts(walk, descriptor.digest, manifest)) };
  // Signatures, charts and other artifacts have manifests too, but their configs aren't image configs.
  if (!isImageConfig(manifest.config.mediaType)) {
    walk.artifacts.add(`an artifact of the type ${shorten(manifest.artifactType ?? manifest.config.mediaType, 200)}`);
    return note(walk, place, { ...summary, kind: "unknown" });
  }
  const value = await readBlobJson(walk, manifest.config.digest);
  const config = value.ok ? decodeConfig(`config ${manifest.config.digest}`, value.value) : value;
  const { tags, root } = place;
  const ids = present({
    tags,
    root,
    configDigest: manifest.config.digest,
    manifestDigest: descriptor.digest,
    indexDigest: place.indexDigest,
  });
  note(walk, place, { ...(config.ok && { platform: config.value.platform }), ...summary, kind: "image" });
  if (!config.ok) walk.found.push(brokenImage(present({ ...ids, platform: descriptor.platform }), config.error));
  else
    walk.found.push(
      toFound(config.value, {
        ...ids,
        annotations: { ...place.annotations, ...manifest.annotations },
        parts: manifest.layers.map((layer) => toPart(walk, layer)),
      }),
    );
}

/** Describes a layer by the blob's size in the archive, if the blob is there: a descriptor's size is only a claim. */
function toPart({ sizes }: OciWalk, layer: Descriptor): Part {
  const stored = sizes.get(layer.digest);
  return {
    path: blobPath(layer.digest),
    layer: { ...toLayerBlob(layer), ...(stored !== undefined && { blobBytes: blobBytes(stored) }) },
  };
}

/** The stored parts of a manifest, each blob once, and whether they are complete. */
async function storedParts(
  { files, sizes }: OciWalk,
  digest: Digest,
  { config, layers }: Manifest,
): Promise<Pick<ManifestSummary, "blobBytes" | "isAvailable">> {
  const stored: (number | undefined)[] = [];
  for (const blob of new Set([digest, config.digest, ...layers.map((layer) => layer.digest)])) {
    if (!sizes.has(blob)) sizes.set(blob, await files.size(blobPath(blob)));
    stored.push(sizes.get(blob));
  }
  return {
    blobBytes: blobBytes(stored.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0)),
    isAvailable: !stored.includes(undefined),
  };
}

/** Merges the entries of a manifest, which is listed once for each of its names. */
function mergeTags(found: readonly FoundImage[]): readonly FoundImage[] {
  const merged = new Map<string, FoundImage>();
  for (const image of found) {
    const key = image.manifestDigest ?? "";
    const known = merged.get(key) ?? image;
    const tags = [...new Set([...known.tags, ...image.tags])];
    merged.set(key, { ...known, tags, image: image.image.ok ? success({ ...image.image.value, tags }) : image.image });
  }
  return [...merged.values()];
}

async function readBlobJson({ files }: OciWalk, digest: Digest): Promise<Result<unknown>> {
  const bytes = await readBlob(files, digest, maxJsonBytes);
  return bytes.ok ? parseJson(`blob ${digest}`, bytes.value.toString("utf8")) : bytes;
}
