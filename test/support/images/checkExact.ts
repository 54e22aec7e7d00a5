// Recomputes every number that a source reports about an image, from bytes that were obtained separately.
import assert from "node:assert/strict";
import { entriesOf } from "../../../oci/core/columns/content.ts";
import { chainIds } from "../../../oci/core/digest.ts";
import type { Image, Layer, ManifestSummary } from "../../../oci/core/image.ts";
import type { ReadLayers } from "../../../oci/source/source.ts";
import { sha256, tarFiles, unpack, type RawBytes } from "./rawBytes.ts";

/** The members of an image that a source can know; all others must be absent. */
export type Known =
  "configDigest" | "manifestDigest" | "indexDigest" | "manifests" | "annotations" | "layerDigests" | "blobBytes";

interface RawDescriptor {
  readonly mediaType?: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string; readonly variant?: string };
  readonly annotations?: Readonly<Record<string, string>>;
}
interface RawManifest {
  readonly mediaType?: string;
  readonly config: RawDescriptor;
  readonly layers: readonly RawDescriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}
interface RawIndex {
  readonly manifests: readonly RawDescriptor[];
  readonly annotations?: Readonly<Record<string, string>>;
}
interface RawConfig {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  readonly created?: string;
  readonly rootfs: { readonly diff_ids: readonly string[] };
  readonly history?: readonly {
    readonly created_by?: string;
    readonly created?: string;
    readonly comment?: string;
    readonly author?: string;
    readonly empty_layer?: boolean;
  }[];
  readonly config: Readonly<Record<"User" | "Env" | "Cmd" | "Entrypoint" | "WorkingDir" | "Labels", unknown>>;
}

/**
 * Checks an image, one with all members of its run configuration, against its bytes: members in `known` must be
 * present, and every present one must be correct.
 */
export async function checkExact(image: Image, raw: RawBytes, known: readonly Known[]): Promise<void> {
  checkKnown(image, known);
  const index = image.indexDigest === undefined ? undefined : await document<RawIndex>(raw, image.indexDigest);
  const manifest =
    image.manifestDigest === undefined ? undefined : await document<RawManifest>(raw, image.manifestDigest);
  if (manifest) checkManifest(image, manifest, index);
  const configDigest = image.configDigest ?? manifest?.config.digest;
  if (configDigest !== undefined) checkConfig(image, await document<RawConfig>(raw, configDigest));
  for (const layer of image.layers) await checkLayer(layer, raw);
  checkChain(image);
  if (image.manifests) await checkManifests(image, raw, index);
}

/** Checks the layers that were read against their bytes: sizes and hashes of files, and their sum. */
export async function checkContentsExact({ image, contents }: ReadLayers, raw: RawBytes): Promise<void> {
  for (const layer of image.layers) {
    const files = new Map(
      (await tarFiles(await plainBytes(layer, raw))).map(({ path, ...file }) => [
        path.replace(/^\.?\/+|\/$/g, ""),
        file,
      ]),
    );
    const regular = [...files].filter(([path, { type }]) => type === "file" && !/(^|\/)\.wh\./.test(path));
    const content = contents.get(layer.diffId);
    assert.equal(
      layer.contentBytes,
      regular.reduce((sum, [, file]) => sum + file.content.length, 0),
    );
    const said =
      content &&
      entriesOf(content).flatMap(({ kind, path, size, sha256: hash }) =>
        kind === "file" ? [`${path} ${size} sha256:${hash}`] : [],
      );
    assert.deepEqual(
      said?.sort(),
      regular.map(([path, file]) => `${path} ${file.content.length} ${sha256(file.content)}`).sort(),
    );
  }
}

function checkKnown(image: Image, known: readonly Known[]): void {
  const { layers } = image;
  const said: Readonly<Record<Known, boolean>> = {
    configDigest: image.configDigest !== undefined,
    manifestDigest: image.manifestDigest !== undefined,
    indexDigest: image.indexDigest !== undefined,
    manifests: image.manifests !== undefined,
    annotations: image.annotations !== undefined,
    layerDigests: layers.every(({ digest }) => digest !== undefined),
    blobBytes: layers.every(({ blobBytes }) => blobBytes !== undefined),
  };
  assert.deepEqual(
    Object.keys(said)
      .filter((name) => said[name as Known])
      .sort(),
    [...known].sort(),
    "what the source knows",
  );
}

function checkManifest(image: Image, manifest: RawManifest, index: RawIndex | undefined): void {
  if (image.configDigest !== undefined) assert.equal(image.configDigest, manifest.config.digest);
  assert.equal(image.layers.length, manifest.layers.length);
  for (const [position, layer] of image.layers.entries()) checkBlob(layer, manifest.layers[position]);
  const entry = index?.manifests.find(({ digest }) => digest === image.manifestDigest);
  if (image.annotations)
    assert.deepEqual(image.annotations, { ...index?.annotations, ...entry?.annotations, ...manifest.annotations });
}

function checkBlob({ digest, mediaType, blobBytes }: Layer, blob: RawDescriptor | undefined): void {
  if (digest === undefined) return;
  assert.equal(digest, blob?.digest);
  if (mediaType !== undefined) assert.equal(mediaType, blob?.mediaType);
  if (blobBytes !== undefined) assert.equal(blobBytes, blob?.size);
}

function checkConfig({ config, platform, historyPairing, layers, emptyStepsAfter }: Image, raw: RawConfig): void {
  assert.deepEqual(config.diffIds, raw.rootfs.diff_ids);
  assert.deepEqual(
    { os: platform.os, architecture: platform.architecture, variant: platform.variant },
    { os: raw.os, architecture: raw.architecture, variant: raw.variant },
  );
  assert.equal(
    config.created === undefined ? undefined : Date.parse(config.created),
    raw.created === undefined ? undefined : Date.parse(raw.created),
  );
  const { User: user, Env: env, Cmd: cmd, Entrypoint: entrypoint, WorkingDir: workingDir, Labels: labels } = raw.config;
  assert.deepEqual(
    {
      user: config.user,
      env: config.env,
      cmd: config.cmd,
      entrypoint: config.entrypoint,
      workingDir: config.workingDir,
      labels: config.labels,
    },
    { user, env, cmd, entrypoint, workingDir, labels },
  );
  if (historyPairing === "none") return;
  const steps = [
    ...layers.flatMap(({ emptyStepsBefore, step }) => [...emptyStepsBefore, ...(step ? [step] : [])]),
    ...emptyStepsAfter,
  ];
  assert.deepEqual(
    steps.map(({ createdBy }) => createdBy),
    raw.history?.map((step) => step.created_by ?? ""),
  );
  const made = new Set(layers.map(({ step }) => step));
  assert.deepEqual(
    steps.map((step) => !made.has(step)),
    raw.history?.map((step) => step.empty_layer ?? false),
    "which steps made layers",
  );
}

async function checkLayer(layer: Layer, raw: RawBytes): Promise<void> {
  const { digest, diffId, blobBytes } = layer;
  const stored = await raw(digest ?? diffId);
  if (digest !== undefined) assert.ok(stored, `no bytes of ${digest}`);
  if (blobBytes !== undefined) assert.equal(blobBytes, stored?.length);
  assert.equal(sha256(await plainBytes(layer, raw)), diffId);
}

/** The tar of a layer: from its blob, or stored uncompressed. */
async function plainBytes({ digest, diffId }: Layer, raw: RawBytes): Promise<Buffer> {
  const bytes = await raw(digest ?? diffId);
  assert.ok(bytes, `no bytes of ${digest ?? diffId}`);
  return unpack(bytes);
}

function checkChain({ layers }: Image): void {
  const diffIds = layers.map(({ diffId }) => diffId);
  const expected = diffIds.reduce<string[]>(
    (chain, diffId) => [...chain, chain.length === 0 ? diffId : sha256(`${chain.at(-1)} ${diffId}`)],
    [],
  );
  assert.deepEqual(
    chainIds(diffIds, (text) => sha256(text).slice("sha256:".length)),
    expected,
  );
}

async function checkManifests(image: Image, raw: RawBytes, index: RawIndex | undefined): Promise<void> {
  const { manifests = [], manifestDigest } = image;
  assert.equal(
    manifests.filter(({ digest }) => digest === manifestDigest).length,
    1,
    "the image's own manifest is among them",
  );
  if (index)
    assert.deepEqual(
      manifests.map(({ digest }) => digest),
      index.manifests.map(({ digest }) => digest),
    );
  else assert.equal(manifests.length, 1);
  for (const [position, summary] of manifests.entries()) await checkSummary(summary, raw, index?.manifests[position]);
}

async function checkSummary(
  { digest, mediaType, kind, platform, subject, annotations, blobBytes, isAvailable }: ManifestSummary,
  raw: RawBytes,
  entry: RawDescriptor | undefined,
): Promise<void> {
  const isAttestation = entry?.annotations?.["vnd.docker.reference.type"] === "attestation-manifest";
  assert.equal(kind, isAttestation ? "attestation" : "image");
  if (entry) {
    assert.equal(mediaType, entry.mediaType);
    assert.deepEqual(annotations, entry.annotations ?? {});
    assert.equal(subject, entry.annotations?.["vnd.docker.reference.digest"]);
    if (!isAttestation && entry.platform) assert.deepEqual(platform, entry.platform);
  }
  const bytes = await raw(digest);
  if (isAvailable !== undefined) assert.equal(isAvailable, bytes !== undefined);
  if (!bytes || blobBytes === undefined) return;
  const manifest = JSON.parse(bytes.toString("utf8")) as RawManifest;
  const blobs = [manifest.config, ...manifest.layers];
  const sizes = [new Map(blobs.map(({ digest: blob, size }) => [blob, size])).values(), blobs.map(({ size }) => size)];
  // The containerd store (observed: 28.5) counts a blob each time it is named, although it is stored once.
  assert.ok(
    sizes.map((each) => [...each].reduce((sum, size) => sum + size, bytes.length)).includes(blobBytes),
    `${blobBytes} bytes of ${digest}`,
  );
}

async function document<T>(raw: RawBytes, digest: string): Promise<T> {
  const bytes = await raw(digest);
  assert.ok(bytes, `no bytes of ${digest}`);
  return JSON.parse(bytes.toString("utf8")) as T;
}
