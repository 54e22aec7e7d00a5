import { open, stat, type FileHandle } from "node:fs/promises";
import type { DiffId } from "../core/digest.ts";
import type { LayerContent } from "../core/entry.ts";
import { failure, success, type OciError, type Result } from "../core/error.ts";
import { withContents, type Image } from "../core/image.ts";
import { isEncrypted } from "../core/mediaType.ts";
import { spoolWithLayers } from "./layersAhead.ts";
import { openFolderFiles, openTarFiles, streamFile, type ArchiveFiles } from "./files.ts";
import { blobDigest, readBlob, type FoundImage } from "./image.ts";
import { findImages } from "./findImages.ts";
import { createFoundReader, type FoundReader } from "./select.ts";
import type { Spool, SpoolOptions } from "./spool.ts";
import { statementProblem } from "../source/attestations.ts";
import type { LayerCache } from "../source/layerCache.ts";
import { createSingleFlight, type SingleFlight } from "../source/singleFlight.ts";
import { readProblem, sniffCompression, sniffedBytes } from "../tar/decompress.ts";
import { trailingErrorOf } from "../source/refusal.ts";
import {
  maxStatementBytes,
  type AttestationReader,
  type AttestedStatement,
  type FileReader,
  type LayerReader,
  type LayerRequest,
  type ReadLayers,
} from "../source/source.ts";
import { readCheckedLayer } from "../tar/checkedLayer.ts";
import { readLayer, type LayerRead, type LayerReadOptions } from "../tar/layerEntries.ts";
import { readLayerFile, readLayerFiles } from "../tar/layerFile.ts";

/** An archive or OCI layout on disk, open until `close`. `image` accepts the same text as `selectImage`. */
export interface Archive extends FoundReader, LayerReader, FileReader, AttestationReader {
  /** Plain data, which {@link createFoundReader} can use in another thread. */
  readonly found: readonly FoundImage[];
  close(): Promise<void>;
}

export interface ArchiveOptions {
  /** The folder to which a compressed archive is unpacked. Defaults to the system's temporary folder. */
  readonly spoolFolder?: string;
  readonly cache?: LayerCache;
}

/**
 * Opens docker save archives of every generation and OCI layouts, as a tar or a folder, plain or compressed. The format
 * is detected from the content. With a cache, the layers of a compressed archive are read into it while it is unpacked.
 */
export async function openArchive(
  path: string,
  options: ArchiveOptions,
  signal: AbortSignal,
): Promise<Result<Archive>> {
  const files = await openFiles(path, options, signal);
  return files.ok ? closingOnFailure(findIn(files.value, options), () => files.value.close()) : files;
}

/**
 * Opens an archive that comes as a stream, through a private copy on disk. With a cache, its layers are read into it as
 * they arrive.
 */
export async function openArchiveStream(
  stream: AsyncIterable<Buffer>,
  spooling: SpoolOptions,
  options: ArchiveOptions & { readonly signal: AbortSignal },
): Promise<Result<Archive>> {
  const { what } = spooling;
  const copy = await spoolWithLayers(stream, spooling, options.cache, options.signal);
  if (!copy.ok) return copy;
  const { file, length, close } = copy.value;
  const open = async (): Promise<Result<Archive>> => {
    const files = await openTarFiles(what, file, length, options.signal);
    const archive = files.ok ? await findIn({ ...files.value, close }, options) : files;
    const told = archive.ok ? undefined : await trailingError(what, file, length);
    return told ? failure(told) : archive;
  };
  return closingOnFailure(open(), close);
}

async function findIn(files: ArchiveFiles, options: ArchiveOptions): Promise<Result<Archive>> {
  try {
    const found = await findImages(files);
    return found.ok ? success(createArchive(files, found.value, options)) : found;
  } catch (thrown) {
    return failure(fileProblem(files.what, thrown));
  }
}

async function openFiles(
  path: string,
  { spoolFolder, cache }: ArchiveOptions,
  signal: AbortSignal,
): Promise<Result<ArchiveFiles>> {
  try {
    const kind = await stat(path);
    if (kind.isDirectory()) return success(await openFolderFiles(path, path));
    if (!kind.isFile()) return failure({ kind: "badArchive", what: path, message: "neither a file nor a folder" });
    const file = await open(path);
    const first = Buffer.alloc(sniffedBytes);
    await file.read(first, 0, sniffedBytes, 0);
    if (sniffCompression(first) === "none")
      return await closingOnFailure(openTarFiles(path, file, kind.size, signal), () => file.close());
    const spooling = { what: path, ...(spoolFolder !== undefined && { folder: spoolFolder }) };
    const copy = await spoolWithLayers(streamFile(file, 0, kind.size), spooling, cache, signal).finally(() =>
      file.close(),
    );
    return copy.ok ? await openSpooled(copy.value, path, signal) : copy;
  } catch (thrown) {
    signal.throwIfAborted();
    return failure(fileProblem(path, thrown));
  }
}

async function openSpooled(
  { file, length, close }: Spool,
  what: string,
  signal: AbortSignal,
): Promise<Result<ArchiveFiles>> {
  const files = await closingOnFailure(openTarFiles(what, file, length, signal), close);
  return files.ok ? success({ ...files.value, close }) : files;
}

/** Releases what an opening has allocated if it fails or is cancelled. */
async function closingOnFailure<T>(opening: Promise<Result<T>>, close: () => Promise<void>): Promise<Result<T>> {
  let isOpen = false;
  try {
    const opened = await opening;
    isOpen = opened.ok;
    return opened;
  } finally {
    if (!isOpen) await close();
  }
}

const trailingBytes = 16 * 1024; // The error is one line of JSON.

/**
 * The error at the end of an engine's stream. An engine that fails after the first byte appends a line of JSON to what
 * it has sent, so the tar ends early.
 */
async function trailingError(what: string, file: FileHandle, length: number): Promise<OciError | undefined> {
  const start = Math.max(length - trailingBytes, 0);
  const chunks: Buffer[] = [];
  for await (const chunk of streamFile(file, start, length - start)) chunks.push(chunk);
  const reason = trailingErrorOf(Buffer.concat(chunks).toString("utf8"));
  return reason === undefined
    ? undefined
    : { kind: "badArchive", what, message: `the engine stopped early: ${reason}` };
}

function createArchive(files: ArchiveFiles, found: readonly FoundImage[], { cache }: ArchiveOptions): Archive {
  const inFlight = createSingleFlight<Result<LayerContent>>();
  return {
    ...createFoundReader(files.what, found),
    found,
    layers: (image, request, signal) => {
      const same = foundImage(files, found, image);
      if (!same.ok) return Promise.resolve(same);
      const reading = { files, found: same.value.found, image: same.value.image, cache, inFlight };
      return readLayers(reading, { ...request, reference: image.reference }, signal);
    },
    file: (image, { diffId, path, maxBytes }, signal) =>
      withLayer({ files, found }, { image, diffId }, (blob, what) =>
        readLayerFile(blob, { what, path, maxBytes }, signal),
      ),
    files: (image, { diffId, take }, signal) =>
      withLayer({ files, found }, { image, diffId }, (blob, what) => readLayerFiles(blob, { what, take }, signal)),
    statement: (_, statement, signal) => readStatement(files, statement, signal),
    close: () => files.close(),
  };
}

/** Reads the blob of an image's layer. */
async function withLayer<T>(
  { files, found }: Pick<Reading, "files"> & { readonly found: readonly FoundImage[] },
  { image, diffId }: { readonly image: Image; readonly diffId: DiffId },
  read: (blob: AsyncIterable<Buffer>, what: string) => Promise<Result<T>>,
): Promise<Result<T>> {
  const same = foundImage(files, found, image);
  if (!same.ok) return same;
  const blob = same.value.found.blobs[same.value.image.layers.findIndex((layer) => layer.diffId === diffId)];
  const what = `layer ${diffId} of ${files.what}`;
  if (blob === undefined) return failure({ kind: "notFound", what, message: "its blob is unknown" });
  // The layer's content may be known from another archive.
  if ((await files.size(blob)) === undefined)
    return failure({ kind: "notFound", what, message: `its blob ${blob} is not in the archive` });
  return read(files.stream(blob), what);
}

/** Finds the image of an archive that matches another description of it. */
function foundImage(
  files: ArchiveFiles,
  found: readonly FoundImage[],
  image: Image,
): Result<{ readonly found: FoundImage; readonly image: Image }> {
  const twins = found.filter((candidate) => isImage(candidate, image));
  // Several manifests may share one config, each with its own blobs.
  const same = twins.find(({ manifestDigest }) => manifestDigest === image.manifestDigest) ?? twins[0];
  if (!same)
    return failure({ kind: "notFound", what: image.reference, message: `${files.what} does not contain this image` });
  return same.image.ok ? success({ found: same, image: same.image.value }) : same.image;
}

async function readStatement(
  files: ArchiveFiles,
  statement: AttestedStatement,
  signal: AbortSignal,
): Promise<Result<string>> {
  signal.throwIfAborted();
  const problem = statementProblem(statement);
  if (problem) return failure(problem);
  try {
    const bytes = await readBlob(files, statement.digest, maxStatementBytes);
    return bytes.ok ? success(bytes.value.toString("utf8")) : bytes;
  } catch (thrown) {
    return failure(readProblem(files.what, thrown, signal));
  }
}

/**
 * True if an archive's image is the requested one. Compares configs if both are known, otherwise layers: two different
 * images never share all of them.
 */
function isImage({ image: found, configDigest }: FoundImage, { configDigest: wanted, config }: Image): boolean {
  if (wanted !== undefined && configDigest !== undefined) return wanted === configDigest;
  return found.ok && found.value.config.diffIds.join() === config.diffIds.join();
}

interface Reading {
  readonly files: ArchiveFiles;
  readonly found: FoundImage;
  readonly image: Image;
  readonly cache: LayerCache | undefined;
  /** By DiffID. */
  readonly inFlight: SingleFlight<Result<LayerContent>>;
}

/** Reads layer by layer. A problem with a layer is reported for that layer only. */
async function readLayers(
  reading: Reading,
  request: LayerRequest & { readonly reference: string },
  signal: AbortSignal,
): Promise<Result<ReadLayers>> {
  const { image, found } = reading;
  const wanted = image.layers.filter(
    ({ diffId }, index) =>
      (request.wanted?.includes(diffId) ?? true) &&
      image.layers.findIndex((layer) => layer.diffId === diffId) === index,
  );
  const contents = new Map<DiffId, LayerContent>();
  const problems = new Map<DiffId, OciError>();
  const totalBytes = wanted.reduce((sum, { blobBytes }) => sum + (blobBytes ?? 0), 0);
  let readBytes = 0;
  for (const [count, { diffId, index, mediaType = "" }] of wanted.entries()) {
    signal.throwIfAborted();
    const onRead = (bytes: number): void => {
      readBytes += bytes;
      request.onProgress?.({ readBytes, totalBytes, label: `reading layer ${count + 1} of ${wanted.length}` });
    };
    const layer = { diffId, path: found.blobs[index], index, mediaType, onRead };
    const content = await reading.inFlight.run(diffId, (until) => readOne(reading, layer, until), signal);
    if (content.ok) contents.set(diffId, content.value);
    else problems.set(diffId, content.error);
  }
  return success({ image: { ...withContents(image, contents), reference: request.reference }, contents, problems });
}

interface WantedLayer {
  readonly diffId: DiffId;
  readonly index: number;
  readonly path: string | undefined;
  readonly mediaType: string;
  readonly onRead: (bytes: number) => void;
}

async function readOne(
  { files, cache }: Reading,
  { diffId, index, path, mediaType, onRead }: WantedLayer,
  signal: AbortSignal,
): Promise<Result<LayerContent>> {
  const what = `layer ${index} (${diffId}) of ${files.what}`;
  const known = await cache?.get(diffId);
  if (known) return success(known);
  if (isEncrypted(mediaType))
    return failure({
      kind: "unsupported",
      what,
      message: "it is encrypted; decrypt the image first (skopeo copy --decryption-key)",
    });
  if (path === undefined)
    return failure({
      kind: "badArchive",
      what,
      message: "the manifest and the config list different numbers of layers, so this layer's blob is unknown",
    });
  try {
    if ((await files.size(path)) === undefined) {
      return failure({
        kind: "notFound",
        what,
        message: `its blob ${path} is not in the archive; an engine that had the layer unpacked already may not have fetched its blob, so open the image from its registry`,
      });
    }
    const read = await readStored(files.stream(path), { what, path, diffId, onRead }, signal);
    if (!read.ok) return read;
    await cache?.set(diffId, read.value.content);
    return success(read.value.content);
  } catch (thrown) {
    return failure(readProblem(what, thrown, signal));
  }
}

/** Reads a layer. Its blob is checked against the digest that names it unless that is the DiffID. */
async function readStored(
  blob: AsyncIterable<Buffer>,
  { path, ...options }: LayerReadOptions & { readonly path: string; readonly diffId: DiffId },
  signal: AbortSignal,
): Promise<Result<LayerRead>> {
  const digest = blobDigest(path);
  if (digest === undefined || digest === options.diffId) return readLayer(blob, options, signal);
  const { read, stored } = await readCheckedLayer(blob, { ...options, digest }, signal);
  // If it can't be read, that error says more.
  return read.ok && stored?.digest !== digest
    ? failure({
        kind: "digestMismatch",
        what: options.what,
        message: `its blob ${digest} has a different digest (${stored?.digest ?? "unknown"})`,
      })
    : read;
}

function fileProblem(path: string, thrown: unknown): OciError {
  const { code, message } =
    thrown instanceof Error ? (thrown as NodeJS.ErrnoException) : { code: undefined, message: String(thrown) };
  if (code === "ENOENT" || code === "ENOTDIR")
    return { kind: "notFound", what: path, message: `${path} does not exist` };
  if (code === "EACCES" || code === "EPERM")
    return { kind: "unauthorized", what: path, message: `permission denied: ${path}` };
  return { kind: "badArchive", what: path, message: `could not be read: ${message}` };
}
