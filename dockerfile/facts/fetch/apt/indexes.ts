import { createHash } from "node:crypto";
import { createPackageList } from "../../../size/apt/index/packageList.ts";
import type { CompactPackages } from "../../../size/apt/index/packagesFile.ts";
import { parseRelease, type Release, type ReleaseFile } from "../../../size/apt/index/release.ts";
import type { AptSource } from "../../../size/apt/index/sources.ts";
import type { AptComponent, AptIndex, AptSuite } from "../../../size/apt/base.ts";
import type { TextCache } from "./cache.ts";
import { download, type Fetch } from "./download.ts";
import { fetched, notFetched, type AptFetched, type AptFetchFailure } from "./failure.ts";
import type { Compression } from "./unpack.ts";

export interface AptFetchOptions {
  readonly fetch: Fetch;
  readonly cache: TextCache;
  /** dpkg's name: "amd64". */
  readonly architecture: string;
  /** `unpackPackages`, or the same in a worker. */
  readonly unpack: (packed: Uint8Array, compression: Compression) => Promise<CompactPackages | undefined>;
}

export interface FetchedIndexes {
  readonly index: AptIndex;
  /** Failures for sources that are missing from the index. */
  readonly failures: readonly AptFetchFailure[];
}

/**
 * Fetches the indexes of all sources. Those that fail are left out and reported. Rejects only if `signal` is aborted.
 */
export async function fetchAptIndexes(
  sources: readonly AptSource[],
  options: AptFetchOptions,
  signal: AbortSignal,
): Promise<FetchedIndexes> {
  const results = await Promise.all(sources.map((source) => fetchSuite(source, options, signal)));
  return {
    index: { suites: results.flatMap((result) => (result.ok ? [result.value] : [])) },
    failures: results.flatMap((result) => (result.ok ? [] : [result.failure])),
  };
}

/** Release files change at most once a day in stable suites. */
const releaseAgeMs = 24 * 60 * 60 * 1000;

/** Debian's has 200 kB; Debian's whole main has 9 MB, Ubuntu's universe 15 MB. */
const maxReleaseBytes = 8 * 1024 * 1024;
const maxPackedBytes = 64 * 1024 * 1024;

const releaseTimeoutMs = 15_000;
const packagesTimeoutMs = 120_000;

async function fetchSuite(
  source: AptSource,
  options: AptFetchOptions,
  signal: AbortSignal,
): Promise<AptFetched<AptSuite>> {
  const text = await releaseText(source, options, signal);
  if (!text.ok) return text;
  const release = parseRelease(text.value);
  const components: AptComponent[] = [];
  for (const name of componentsOf(source)) {
    const component = await fetchComponent({ source, release, name }, options, signal);
    if (!component.ok) return component;
    components.push(component.value);
  }
  return fetched({ source, release, releaseBytes: Buffer.byteLength(text.value), components });
}

/** The folder of a suite. A flat repository has its files in the folder that its suite names. @see sources.list(5) */
function folderOf({ uri, suite }: AptSource): string {
  return suite.endsWith("/") ? `${uri}/${suite}`.replace(/\/\.?\/$/, "/") : `${uri}/dists/${suite}/`;
}

/** A flat repository has one Packages file and no components. */
function componentsOf({ suite, components }: AptSource): readonly string[] {
  return suite.endsWith("/") ? [""] : components;
}

async function releaseText(
  source: AptSource,
  { fetch, cache }: AptFetchOptions,
  signal: AbortSignal,
): Promise<AptFetched<string>> {
  const url = `${folderOf(source)}InRelease`;
  const kept = await cache.get(url, releaseAgeMs);
  if (kept !== undefined) return fetched(kept);
  const limits = { fetch, maxBytes: maxReleaseBytes, timeoutMs: releaseTimeoutMs };
  let file = await download(url, limits, signal);
  // Old and small repositories have only the unsigned file.
  if (!file.ok && file.failure.kind === "gone") file = await download(`${folderOf(source)}Release`, limits, signal);
  if (!file.ok) return file;
  const text = Buffer.from(file.value).toString("utf8");
  await cache.put(url, text);
  return fetched(text);
}

interface ComponentOf {
  readonly source: AptSource;
  readonly release: Release;
  readonly name: string;
}

async function fetchComponent(
  of: ComponentOf,
  options: AptFetchOptions,
  signal: AbortSignal,
): Promise<AptFetched<AptComponent>> {
  const stem = of.name === "" ? "Packages" : `${of.name}/binary-${options.architecture}/Packages`;
  const url = folderOf(of.source) + stem;
  const choice = choose(of.release, stem);
  if (!choice) return notFetched("gone", url);
  const kept = parseKept(await options.cache.get(choice.file.sha256));
  if (kept) return fetched({ name: of.name, packages: createPackageList(kept.text), rawBytes: kept.rawBytes });
  const compact = await fetchPackages(url, choice, options, signal);
  if (!compact.ok) return compact;
  const { text, rawBytes } = compact.value;
  await options.cache.put(choice.file.sha256, `${rawBytes}\n${text}`);
  return fetched({ name: of.name, packages: createPackageList(text), rawBytes });
}

interface Choice {
  readonly compression: Compression;
  readonly file: ReleaseFile;
}

/** The smallest offered form that can be unpacked. */
function choose({ files }: Release, stem: string): Choice | undefined {
  for (const compression of [".xz", ".gz", ""] as const) {
    const file = files.get(stem + compression);
    if (file) return { compression, file };
  }
  return undefined;
}

async function fetchPackages(
  stem: string,
  { compression, file }: Choice,
  { fetch, unpack }: AptFetchOptions,
  signal: AbortSignal,
): Promise<AptFetched<CompactPackages>> {
  const url = stem + compression;
  const packed = await download(url, { fetch, maxBytes: maxPackedBytes, timeoutMs: packagesTimeoutMs }, signal);
  if (!packed.ok) return packed;
  if (packed.value.length < file.bytes) return notFetched("cut", url);
  if (createHash("sha256").update(packed.value).digest("hex") !== file.sha256) return notFetched("wrongHash", url);
  const compact = await unpack(packed.value, compression);
  signal.throwIfAborted();
  return compact ? fetched(compact) : notFetched("unsupported", url);
}

function parseKept(kept: string | undefined): Pick<CompactPackages, "text" | "rawBytes"> | undefined {
  const newline = kept?.indexOf("\n") ?? -1;
  if (kept === undefined || newline < 0) return undefined;
  const rawBytes = Number(kept.slice(0, newline));
  return Number.isSafeInteger(rawBytes) ? { text: kept.slice(newline + 1), rawBytes } : undefined;
}
