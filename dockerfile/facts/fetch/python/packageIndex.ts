import { createConcurrencyLimit } from "../../../../oci/source/concurrencyLimit.ts";
import { nearestName } from "../../../syntax/nearestName.ts";
import { knownRatios } from "../../../size/python/byteCode.ts";
import type { PythonTarget } from "../../../size/python/wheelTags.ts";
import type { RegistryOpener, Refusal } from "../../machine.ts";
import { parseKeptJson, type TextCache } from "../apt/cache.ts";
import { mayBeKept, readUpTo, shown } from "./ranges.ts";
import type { PackageSource } from "./resolve.ts";
import { pageOf, readProjectPage, type Release, type WheelAddress } from "./simpleIndex.ts";
import { readWheel, type ReadWheel } from "./wheelFile.ts";

/** Indexes of packages, and what may be contacted. */
export interface IndexAccess {
  /** The first one that lists a project is used. */
  readonly indexes: readonly string[];
  readonly registries: RegistryOpener | Refusal;
  /** Keeps what wheels contain, which never changes. */
  readonly cache: TextCache;
}

/** A package source that counts what pip's cache would keep of its pages. */
export interface CountingSource extends PackageSource {
  pageBytes(): number;
}

/** More at once are slowed down by indexes. */
const maxRequests = 8;
/** The longest pages seen have 8 MB. */
const maxPageBytes = 64 * 1024 * 1024;
const timeoutMs = 60_000;
const json = "application/vnd.pypi.simple.v1+json";
/** As pip asks. */
const accept = `${json}, application/vnd.pypi.simple.v1+html; q=0.1, text/html; q=0.01`;

interface Page {
  readonly releases: readonly Release[];
  readonly keptBytes: number;
}

/** Reads projects and wheels of indexes that may be contacted; each once. */
export function createPackageSource(access: IndexAccess, target: PythonTarget, signal: AbortSignal): CountingSource {
  const pages = new Map<string, Promise<Page | string>>();
  const limit = createConcurrencyLimit(maxRequests);
  let pageBytes = 0;
  return {
    async releases(name) {
      const page = pages.get(name) ?? limit.run("", () => findPage(name, access, target, signal), signal);
      const isNew = !pages.has(name);
      pages.set(name, page);
      const read = await page;
      if (typeof read === "string") return read;
      if (isNew) pageBytes += read.keptBytes;
      return read.releases;
    },
    wheel(_name, { wheel }) {
      return wheel ? limit.run("", () => wheelOf(wheel, access, signal), signal) : Promise.resolve("it has no wheel");
    },
    pageBytes: () => pageBytes,
  };
}

async function findPage(
  name: string,
  { indexes, registries }: IndexAccess,
  target: PythonTarget,
  signal: AbortSignal,
): Promise<Page | string> {
  if ("refusal" in registries) return registries.refusal;
  for (const index of indexes) {
    const url = pageOf(index, name);
    const whyNot = whyNotAsked(url, registries);
    if (whyNot !== undefined) return whyNot;
    const page = await readPage(url, registries, target, signal);
    if (page !== undefined) return page;
  }
  const meant = nearestName(name, knownRatios().keys());
  return `the index has no package ${name}${meant === undefined ? "" : `; did you mean ${meant}?`}`;
}

function whyNotAsked(url: string, registries: RegistryOpener): string | undefined {
  return /^https?:\/\//.test(url) && URL.canParse(url)
    ? registries.whyNot(new URL(url).host)
    : `${shown(url)} isn't an address of an index`;
}

/** Undefined if the index doesn't have it. */
async function readPage(
  url: string,
  { fetch }: RegistryOpener,
  target: PythonTarget,
  signal: AbortSignal,
): Promise<Page | string | undefined> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { headers: { accept }, signal: deadline });
    if (!response.ok) {
      await response.body?.cancel();
      return response.status === 404 ? undefined : `${shown(url)} isn't available (HTTP ${response.status})`;
    }
    const bytes = await readUpTo(response, maxPageBytes);
    const releases = bytes && readProjectPage(bytes.toString("utf8"), url, target);
    if (!releases) return `${shown(url)} isn't a page of an index that can be read`;
    const sent = Number(response.headers.get("content-length") ?? bytes.length);
    return { releases, keptBytes: mayBeKept(response.headers) ? sent : 0 };
  } catch {
    signal.throwIfAborted();
    return `${shown(url)} can't be reached, or was cut off`;
  }
}

async function wheelOf(
  { url, sha256 }: WheelAddress,
  { registries, cache }: IndexAccess,
  signal: AbortSignal,
): Promise<ReadWheel | string> {
  const key = `wheel 1 ${sha256 ?? url}`;
  const kept = sha256 === undefined ? undefined : (parseKeptJson(await cache.get(key)) as ReadWheel | undefined);
  if (kept) return kept;
  if ("refusal" in registries) return registries.refusal;
  const whyNot = whyNotAsked(url, registries);
  if (whyNot !== undefined) return whyNot;
  const read = await readWheel(url, registries.fetch, signal);
  if (typeof read !== "string" && sha256 !== undefined) await cache.put(key, JSON.stringify(read));
  return read;
}
