import { createGunzip } from "node:zlib";
import { Readable } from "node:stream";
import { success } from "../../../../oci/core/error.ts";
import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../../oci/core/text.ts";
import { entryKinds } from "../../../../oci/tar/header.ts";
import { tarLimits, walkTar, type TarVisitor } from "../../../../oci/tar/walk.ts";
import { walkChunks } from "../../../../oci/tar/walkChunks.ts";
import { createDiskCounter, type DiskCounter } from "../../../size/node/diskCounter.ts";
import type { PackageSize } from "../../../size/node/packageSize.ts";
import { download, type Fetch } from "../apt/download.ts";
import { traitsOf } from "./packageTraits.ts";

/** The archive of a package. */
export interface Archive {
  readonly url: string;
  readonly version: string;
  readonly integrity?: string;
}

/** Asks one registry after the other; what it learned of them holds as long as it does. */
export interface ArchiveReader {
  /** Returns the size, or the reason why it is unavailable. Rejects only if `signal` is aborted. */
  read(archive: Archive, signal: AbortSignal): Promise<PackageSize | string>;
}

/** For all packages of a lock file together: what the build would download as well. */
const maxDownloadBytes = 200 * 1024 * 1024;
/** Of one package; beyond it only the end is read. */
const maxArchiveBytes = 48 * 1024 * 1024;
const maxUnpackedBytes = 1024 * 1024 * 1024;
const maxDocumentBytes = 2 * 1024 * 1024;
const timeoutMs = 60_000;

/** A registry whose documents lacked the size of this many packages isn't asked for more of them. */
const maxSilent = 3;

interface Reading {
  readonly fetch: Fetch;
  readonly silent: Map<string, number>;
  left: number;
}

/**
 * Reads sizes of packages, and on which platforms they are installed: from the registry's document of the version, else
 * from the archive itself.
 */
export function createArchiveReader(fetch: Fetch): ArchiveReader {
  const reading: Reading = { fetch, silent: new Map(), left: maxDownloadBytes };
  return {
    async read(archive, signal) {
      const told = await toldSize(reading, archive, signal);
      if (told) return told;
      const packedBytes = await packedBytesOf(reading, archive, signal);
      if (packedBytes !== undefined && (packedBytes > maxArchiveBytes || packedBytes > reading.left))
        return sizeByEnd(reading, archive, packedBytes, signal);
      return countedSize(reading, archive, signal);
    },
  };
}

/**
 * The size that the registry reports for a version.
 * @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 */
async function toldSize(reading: Reading, archive: Archive, signal: AbortSignal): Promise<PackageSize | undefined> {
  const { fetch, silent } = reading;
  const [start, file] = archive.url.split("/-/");
  if (start === undefined || file === undefined) return undefined;
  const host = new URL(archive.url).host;
  if ((silent.get(host) ?? 0) >= maxSilent) return undefined;
  const limits = { fetch, maxBytes: maxDocumentBytes, timeoutMs };
  const document = await download(`${start}/${encodeURIComponent(archive.version)}`, limits, signal);
  const value = document.ok ? parsed(Buffer.from(document.value).toString("utf8")) : undefined;
  const told = isRecord(value) ? distOf(value, archive.integrity) : undefined;
  if (!told) silent.set(host, (silent.get(host) ?? 0) + 1);
  const packedBytes = told && (await packedBytesOf(reading, archive, signal));
  return packedBytes === undefined || !told ? undefined : { ...told, packedBytes, ...traitsOf(value) };
}

function distOf(
  version: Readonly<Record<string, unknown>>,
  integrity: string | undefined,
): Pick<PackageSize, "bytes" | "files"> | undefined {
  const dist = ownEntry(version, "dist");
  if (!isRecord(dist)) return undefined;
  const [unpacked, files] = [ownEntry(dist, "unpackedSize"), ownEntry(dist, "fileCount")];
  const isSame = integrity === undefined || ownEntry(dist, "integrity") === integrity;
  if (!isSame || !isCount(unpacked) || !isCount(files)) return undefined;
  return { bytes: unpacked, files };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // As if the registry had no document.
    return undefined;
  }
}

async function packedBytesOf({ fetch }: Reading, { url }: Archive, signal: AbortSignal): Promise<number | undefined> {
  const response = await request(fetch, url, { method: "HEAD" }, signal);
  const length = response?.ok ? Number(response.headers.get("content-length") ?? NaN) : NaN;
  return isCount(length) ? length : undefined;
}

/** Undefined if there is no answer. */
async function request(
  fetch: Fetch,
  url: string,
  init: { readonly method?: "HEAD"; readonly headers?: Readonly<Record<string, string>> },
  signal: AbortSignal,
): Promise<Response | undefined> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]) });
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

/** Of the files in tars of 1,288 packages: their content is 0.91 of the tar, 0.8 to 1 for most. */
const contentShare = 0.91;
const contentPlay = 0.25;

/** A gzip file ends with the length of what is in it. */
async function sizeByEnd(
  { fetch }: Reading,
  { url }: Archive,
  packedBytes: number,
  signal: AbortSignal,
): Promise<PackageSize | string> {
  const response = await request(fetch, url, { headers: { range: "bytes=-4" } }, signal);
  if (response?.status !== 206) {
    await response?.body?.cancel();
    return `${url} is larger than what is downloaded to learn a size`;
  }
  const end = Buffer.from(await response.arrayBuffer());
  if (end.length !== 4) return `${url} doesn't say how large it is`;
  const tarBytes = end.readUInt32LE(0);
  if (tarBytes < packedBytes) return `${url} doesn't say how large it is`;
  return { bytes: Math.round(tarBytes * contentShare), files: 0, packedBytes, play: contentPlay };
}

async function countedSize(reading: Reading, { url }: Archive, signal: AbortSignal): Promise<PackageSize | string> {
  const limits = { fetch: reading.fetch, maxBytes: maxArchiveBytes, timeoutMs };
  const packed = await download(url, limits, signal);
  if (!packed.ok) return packed.failure.message;
  reading.left -= packed.value.length;
  const count: Count = { bytes: 0, files: 0, disk: createDiskCounter(), manifest: [], isBuilt: false };
  const problem = await countFiles(url, packed.value, count);
  if (problem !== undefined) return problem;
  const { bytes, files, disk, manifest, isBuilt } = count;
  const traits = traitsOf(parsed(Buffer.concat(manifest).toString("utf8")));
  const script = isBuilt ? { hasScript: true as const } : {};
  return { bytes, files, packedBytes: packed.value.length, diskBytes: disk.bytes(), ...traits, ...script };
}

interface Count {
  bytes: number;
  files: number;
  readonly disk: DiskCounter;
  /** Of package.json. */
  readonly manifest: Uint8Array[];
  isBuilt: boolean;
}

/** The largest seen has 200 kB. */
const maxManifestBytes = 1024 * 1024;

/** npm unpacks files, and leaves links out. */
async function countFiles(url: string, packed: Uint8Array, count: Count): Promise<string | undefined> {
  const visitor: TarVisitor = {
    member({ type, path, size }) {
      if (ownEntry(entryKinds, type) !== "file") return success("skip");
      const inPackage = path.replace(/^\/*[^/]*\//, "");
      count.files++;
      count.bytes += size;
      count.disk.add(inPackage, size);
      count.isBuilt ||= inPackage === "binding.gyp";
      return success(inPackage === "package.json" && size <= maxManifestBytes ? "content" : "skip");
    },
    content: (bytes) => void count.manifest.push(Uint8Array.from(bytes)),
    memberEnd: () => undefined,
  };
  try {
    const plain = Readable.from([packed]).pipe(createGunzip());
    const limits = { ...tarLimits, layerBytes: maxUnpackedBytes };
    const error = await walkChunks(plain, walkTar(url, visitor, limits), visitor, () => undefined);
    return error && `${url} can't be unpacked: ${error.message}`;
  } catch (error) {
    if (error instanceof Error) return `${url} can't be unpacked: ${error.message}`;
    throw error;
  }
}
