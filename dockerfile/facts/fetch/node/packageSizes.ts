import { createConcurrencyLimit } from "../../../../oci/source/concurrencyLimit.ts";
import type { PackageSize } from "../../../size/node/packageSize.ts";
import type { TextCache } from "../apt/cache.ts";
import type { RegistryOpener, Refusal } from "../../machine.ts";
import { createArchiveReader, type Archive, type ArchiveReader } from "./archiveSize.ts";
import { formatKnown, mergeKnown, parseKnown } from "./knownSizes.ts";

export interface SizeSources {
  readonly registries: RegistryOpener | Refusal;
  /** Keeps the sizes, which never change. */
  readonly cache: TextCache;
}

export interface ArchiveSizes {
  /** In the order of the archives; undefined where a size is unavailable. */
  readonly sizes: readonly (PackageSize | undefined)[];
  /** The reason why one is unavailable. */
  readonly missing?: string;
}

/** More at once are slowed down by registries. */
const maxRequests = 8;
const cacheKey = "sizes of packages of Node 2";

/** Finds how large packages are, of registries that may be contacted. Rejects only if `signal` is aborted. */
export async function readSizes(
  archives: readonly Archive[],
  { registries, cache }: SizeSources,
  signal: AbortSignal,
): Promise<ArchiveSizes> {
  const known = parseKnown(await cache.get(cacheKey));
  const unknown = new Map(archives.map((archive) => [nameOf(archive), archive]));
  for (const name of known.keys()) unknown.delete(name);
  const fresh = new Map<string, PackageSize>();
  const problems: string[] = [];
  const limit = createConcurrencyLimit(maxRequests);
  const reader = "refusal" in registries ? undefined : createArchiveReader(registries.fetch);
  await Promise.all(
    [...unknown].map(([name, archive]) =>
      limit.run(
        "",
        async () => {
          const size = await readOne(archive, registries, reader, signal);
          if (typeof size === "string") problems.push(size);
          else fresh.set(name, size);
        },
        signal,
      ),
    ),
  );
  if (fresh.size > 0) await cache.put(cacheKey, formatKnown(mergeKnown(parseKnown(await cache.get(cacheKey)), fresh)));
  const [missing] = problems;
  return {
    sizes: archives.map((archive) => known.get(nameOf(archive)) ?? fresh.get(nameOf(archive))),
    ...(missing !== undefined && { missing }),
  };
}

/** Packages of one integrity have one content, wherever they come from. */
function nameOf({ integrity, url }: Archive): string {
  return (integrity ?? url).replace(/\s.*$/s, "");
}

async function readOne(
  archive: Archive,
  registries: RegistryOpener | Refusal,
  reader: ArchiveReader | undefined,
  signal: AbortSignal,
): Promise<PackageSize | string> {
  if (archive.url.startsWith("npm:"))
    return `the lock file has no address for ${archive.url.slice(4)}, and npm's configuration no registry`;
  const host = hostOf(archive.url);
  if (host === undefined) return `${withoutLogin(archive.url)} isn't an address of a registry`;
  if ("refusal" in registries || !reader) return "refusal" in registries ? registries.refusal : "";
  return registries.whyNot(host) ?? (await reader.read(archive, signal));
}

function hostOf(url: string): string | undefined {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return undefined;
  return new URL(url).host;
}

function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
