import { createHash } from "node:crypto";
import { blobBytes } from "../core/bytes.ts";
import { decodeConfig, type ImageConfig } from "../core/config.ts";
import { decode, items, member, optionalText, parseJson, present, text, texts } from "../core/decode.ts";
import type { Descriptor } from "../core/descriptor.ts";
import { parseDigest, type ConfigDigest, type Digest, type IndexDigest, type LayerDigest, type ManifestDigest } from "../core/digest.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { pairHistory } from "../core/history.ts";
import type { Image, Layer } from "../core/image.ts";
import { decodeIndex, decodeManifestDocument, type Index, type Manifest } from "../core/manifest.ts";
import { isConfig } from "../core/mediaType.ts";
import type { Platform } from "../core/platform.ts";
import { familiarReference, parseReference } from "../core/reference.ts";
import type { ArchiveFiles } from "./archiveFiles.ts";
import { cleanPath } from "./tarEntries.ts";

/** One image of one platform, as an archive has it. */
export interface FoundImage {
  /** Familiar names; empty where the archive names none. */
  readonly tags: readonly string[];
  /** What the archive says of it before its config is read. */
  readonly platform?: Platform;
  readonly configDigest?: ConfigDigest;
  readonly manifestDigest?: ManifestDigest;
  readonly indexDigest?: IndexDigest;
  /** Groups the platforms of one image. */
  readonly root: string;
  /** The image with an empty `reference`, or why it can't be read. */
  readonly image: Result<Image>;
  /** Where each layer's blob stands, base first; undefined where the archive lists fewer than the config. */
  readonly blobs: readonly (string | undefined)[];
}

/** Finds the images of an archive by what is in it: an OCI index, docker save's manifest, or both. Whatever is broken is so for its own image only; the result fails where there is no image at all. */
export async function findImages(files: ArchiveFiles): Promise<Result<readonly FoundImage[]>> {
  const hasIndex = (await files.size("index.json")) !== undefined;
  const hasManifest = (await files.size("manifest.json")) !== undefined;
  if (!hasIndex && !hasManifest) return failure(await noLayoutProblem(files));
  const [oci, docker] = [hasIndex ? await findOci(files) : success([]), hasManifest ? await findDocker(files) : success([])];
  const images = joinLayouts(oci.ok ? oci.value : [], docker.ok ? docker.value : []);
  if (images.length > 0) return success(images);
  if (!oci.ok) return oci;
  return docker.ok ? failure(bad(files.what, "it lists no image")) : docker;
}

const maxJsonBytes = 16 * 1024 * 1024; // Registries take manifests of 4 MiB; configs with long histories reach some hundred KiB.
const maxNesting = 8; // Indexes in indexes; image-spec sets no bound, two are seen.
const maxImages = 10_000; // Of indexes and manifests together; stops a hostile index of indexes.

async function noLayoutProblem(files: ArchiveFiles): Promise<OciError> {
  if ((await files.size("oci-layout")) !== undefined) return bad(files.what, "an OCI layout without its index.json");
  if ((await files.size("repositories")) !== undefined) return { kind: "unsupported", what: files.what, message: "an archive of Docker before 1.10, without manifest.json; load and save it with a current engine" };
  if (files.lacksEnd) return bad(files.what, "its end is missing: it was cut off, and with it what lists the images");
  return bad(files.what, "neither an OCI layout (index.json) nor a docker save archive (manifest.json)");
}

/** Docker writes both. The OCI side has digests and all platforms; docker's has complete names, and the layers where a release wrote none into its manifests (25.0.0). */
function joinLayouts(oci: readonly FoundImage[], docker: readonly FoundImage[]): readonly FoundImage[] {
  const joined = [...oci];
  for (const image of docker) {
    const index = joined.findIndex(({ configDigest }) => configDigest !== undefined && configDigest === image.configDigest);
    const twin = joined[index];
    if (!twin) joined.push(image);
    else {
      const tags = [...new Set([...image.tags, ...twin.tags.filter((tag) => !image.tags.some((full) => full.endsWith(`:${tag}`)))])];
      const isComplete = twin.blobs.every((blob) => blob !== undefined);
      const best = isComplete ? twin : { ...image, root: twin.root };
      joined[index] = { ...best, tags, image: best.image.ok ? success({ ...best.image.value, tags }) : best.image };
    }
  }
  return joined;
}

/** Mostly the top level points to one index an image; some tools list an image's platforms there themselves. */
function rootOf(descriptor: Descriptor): string {
  const tags = tagsOf(descriptor);
  if (!descriptor.platform) return descriptor.digest;
  return tags.length === 0 ? "index.json" : tags.join();
}

interface OciWalk {
  readonly files: ArchiveFiles;
  readonly found: FoundImage[];
  documents: number;
}

interface OciPlace {
  readonly tags: readonly string[];
  readonly root: string;
  readonly depth: number;
  readonly indexDigest?: Digest;
}

async function findOci(files: ArchiveFiles): Promise<Result<readonly FoundImage[]>> {
  const value = await readJson(files, "index.json");
  if (!value.ok) return value;
  const index = decodeIndex(`index.json of ${files.what}`, value.value);
  if (!index.ok) return index;
  const walk: OciWalk = { files, found: [], documents: 0 };
  for (const descriptor of index.value.manifests) await takeDescriptor(walk, descriptor, { tags: tagsOf(descriptor), root: rootOf(descriptor), depth: 0 });
  return success(mergeTags(walk.found));
}

async function takeDescriptor(walk: OciWalk, descriptor: Descriptor, place: OciPlace): Promise<void> {
  if (++walk.documents > maxImages || place.depth > maxNesting) return;
  const document = await readBlob(walk.files, descriptor);
  const decoded = document.ok ? decodeManifestDocument(`manifest ${descriptor.digest}`, document.value) : document;
  if (!decoded.ok) walk.found.push(unreadable(descriptor, place, decoded.error));
  else if (decoded.value.kind === "index") await takeIndex(walk, descriptor.digest, decoded.value.index, place);
  else await takeManifest(walk, descriptor, { manifest: decoded.value.manifest, place });
}

async function takeIndex(walk: OciWalk, indexDigest: Digest, { manifests }: Index, place: OciPlace): Promise<void> {
  for (const child of manifests) await takeDescriptor(walk, child, { ...place, depth: place.depth + 1, indexDigest });
}

function unreadable({ digest, platform }: Descriptor, { tags, root, indexDigest }: OciPlace, error: OciError): FoundImage {
  // An engine lists all platforms of an index and saves those it has.
  const told = error.kind === "notFound" && platform ? { ...error, message: `the archive lists ${digest}, but does not hold it; its platform was not there when it was saved` } : error;
  return present({ tags, platform, manifestDigest: digest, indexDigest, root, image: failure(told), blobs: [] });
}

async function takeManifest(walk: OciWalk, descriptor: Descriptor, { manifest, place }: { readonly manifest: Manifest; readonly place: OciPlace }): Promise<void> {
  // Signatures, charts and other artifacts have manifests too; their configs are no image's.
  if (manifest.config.mediaType !== "" && !isConfig(manifest.config.mediaType)) return;
  const value = await readBlob(walk.files, manifest.config);
  const config = value.ok ? decodeConfig(`config ${manifest.config.digest}`, value.value) : value;
  const ids = present({ configDigest: manifest.config.digest, manifestDigest: descriptor.digest, indexDigest: place.indexDigest });
  if (!config.ok) walk.found.push(present({ tags: place.tags, platform: descriptor.platform, ...ids, root: place.root, image: config, blobs: [] }));
  else walk.found.push(toFound(config.value, { ...ids, tags: place.tags, root: place.root, parts: manifest.layers.map((layer) => ({ path: blobPath(layer.digest), layer: toLayer(layer) })) }));
}

/** `docker save`'s manifest.json: one item an image, with the paths of its config and layers. */
async function findDocker(files: ArchiveFiles): Promise<Result<readonly FoundImage[]>> {
  const what = `manifest.json of ${files.what}`;
  const value = await readJson(files, "manifest.json");
  if (!value.ok) return value;
  const list = decode(what, "manifest", value.value, (json) => items(json).map((item) => ({ config: text(member(item, "Config")), tags: texts(member(item, "RepoTags")), layers: texts(member(item, "Layers")), parent: optionalText(member(item, "Parent")) })));
  if (!list.ok) return list;
  const found: FoundImage[] = [];
  for (const item of list.value.slice(0, maxImages)) found.push(await takeDockerItem(files, item));
  return success(found);
}

async function takeDockerItem(files: ArchiveFiles, { config: path, tags: written, layers }: { readonly config: string; readonly tags: readonly string[]; readonly layers: readonly string[] }): Promise<FoundImage> {
  const tags = written.map(familiar);
  const bytes = await files.read(cleanPath(path) ?? "", maxJsonBytes);
  if (!bytes.ok) return { tags, root: path, image: bytes, blobs: [] };
  const configDigest = parseDigest(`sha256:${createHash("sha256").update(bytes.value).digest("hex")}`) as ConfigDigest;
  const root = configDigest;
  const claimed = claimedDigest(path);
  if (claimed !== undefined && claimed !== configDigest) return { tags, configDigest, root, image: failure({ kind: "digestMismatch", what: path, message: `the config named ${claimed} has the digest ${configDigest}` }), blobs: [] };
  const value = parseJson(path, bytes.value.toString("utf8"));
  const config = value.ok ? decodeConfig(path, value.value) : value;
  if (!config.ok) return { tags, configDigest, root, image: config, blobs: [] };
  const parts = await Promise.all(layers.map((layer) => dockerPart(files, layer)));
  return toFound(config.value, { configDigest, tags, root, parts });
}

async function dockerPart(files: ArchiveFiles, path: string): Promise<Part> {
  const clean = cleanPath(path) ?? path;
  const size = await files.size(clean);
  // Since 25 layers stand under blobs/ by their digest; older names are the archive's own.
  const digest = clean.startsWith("blobs/") ? claimedDigest(clean) : undefined;
  return { path: clean, layer: present({ digest, blobBytes: size === undefined ? undefined : blobBytes(size) }) };
}

/** The digest that a path is named by: `blobs/sha256/<hex>`, `<hex>.json`, `sha256:<hex>`. */
function claimedDigest(path: string): Digest | undefined {
  const hex = /(?:^|[/:])([0-9a-f]{64})(?:\.json)?$/.exec(path)?.[1];
  return hex === undefined ? undefined : parseDigest(`sha256:${hex}`);
}

interface Part {
  readonly path: string;
  readonly layer: Pick<Layer, "digest" | "mediaType" | "blobBytes">;
}

interface ImageParts extends Pick<FoundImage, "tags" | "root" | "configDigest" | "manifestDigest" | "indexDigest"> {
  readonly parts: readonly Part[];
}

function toFound(config: ImageConfig, { parts, root, ...ids }: ImageParts): FoundImage {
  const isComplete = parts.length === config.diffIds.length;
  const { pairing, layers, emptyStepsAfter } = pairHistory(config.history, config.diffIds.length);
  const image: Image = present({
    reference: "",
    id: ids.configDigest ?? "",
    ...ids,
    platform: config.platform,
    config,
    repoDigests: [],
    layers: config.diffIds.map((diffId, index): Layer => ({ index, diffId, ...(isComplete ? parts[index]?.layer : {}), ...(layers[index] ?? { emptyStepsBefore: [] }) })),
    emptyStepsAfter,
    historyPairing: pairing,
  });
  // Which are missing can't be told, so none is taken for another.
  const blobs = config.diffIds.map((_, index) => (isComplete ? parts[index]?.path : undefined));
  return { ...ids, platform: config.platform, root, image: success(image), blobs };
}

function toLayer({ digest, mediaType, size }: Descriptor): Part["layer"] {
  return present({ digest: digest as LayerDigest, mediaType: mediaType || undefined, blobBytes: size });
}

/** The same manifest is listed once for each of its names. */
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

/** containerd's annotation has the whole name; the layout's own may be a tag alone. */
function tagsOf({ annotations }: Descriptor): readonly string[] {
  const name = annotations["io.containerd.image.name"] ?? annotations["org.opencontainers.image.ref.name"];
  return name === undefined ? [] : [name.includes(":") || name.includes("/") ? familiar(name) : name];
}

function familiar(name: string): string {
  const parsed = parseReference(name);
  return parsed.ok ? familiarReference(parsed.value) : name;
}

export function blobPath(digest: Digest): string {
  return `blobs/${digest.replace(":", "/")}`;
}

async function readJson(files: ArchiveFiles, path: string): Promise<Result<unknown>> {
  const bytes = await files.read(path, maxJsonBytes);
  return bytes.ok ? parseJson(`${path} of ${files.what}`, bytes.value.toString("utf8")) : bytes;
}

/** A JSON blob, checked against the digest that names it. */
async function readBlob(files: ArchiveFiles, { digest }: Descriptor): Promise<Result<unknown>> {
  const bytes = await files.read(blobPath(digest), maxJsonBytes);
  if (!bytes.ok) return bytes;
  const actual = createHash(digest.slice(0, digest.indexOf(":"))).update(bytes.value).digest("hex");
  if (!digest.endsWith(`:${actual}`)) return failure({ kind: "digestMismatch", what: `blob ${digest}`, message: `its content has another digest (${actual})` });
  return parseJson(`blob ${digest}`, bytes.value.toString("utf8"));
}

function bad(what: string, message: string): OciError {
  return { kind: "badArchive", what, message };
}
