import { success, type Result } from "../../oci/core/error.ts";
import { familiarName, type ImageReference } from "../../oci/core/reference.ts";
import { createLru } from "../../oci/source/lru.ts";
import { createSingleFlight } from "../../oci/source/singleFlight.ts";
import type { NameList } from "../../oci/source/source.ts";
import type { ImageDetails } from "../../references/imageDetails.ts";

/** The tags of a repository, the newest first. */
export type KnownTags = NameList;

/** The tags of repositories as registries listed them, for as long as they are worth showing. */
export interface TagLists {
  /** The list of the image's repository; "pending" while it is read, undefined if it isn't known. Reads nothing. */
  get(reference: ImageReference): KnownTags | "pending" | undefined;
  /** Returns the list, which is read if it isn't known. Concurrent callers share a read. */
  load(reference: ImageReference, read: ReadTags, signal: AbortSignal): Promise<Result<NameList>>;
  /** Reads the list in the background, unless it is known, being read, or failed a short time ago. */
  watch(reference: ImageReference, read: ReadTags, signal: AbortSignal): void;
}

type ReadTags = (signal: AbortSignal) => Promise<Result<NameList>>;

/** The tags that completions of one document may use. */
export interface TagView {
  get(reference: ImageReference): KnownTags | "pending" | undefined;
  /** The known tags of an image; undefined if they haven't been read. */
  imageOf(reference: ImageReference): ImageDetails | undefined;
  /** True if the user may read the tags that aren't known. */
  readonly mayLookUp: boolean;
}

const maxAgeMs = 60 * 60_000;
// As for pins: a registry that gave no answer is asked again after this.
const failureMs = 10 * 60_000;
// Some forty lists of the longest size, a few megabytes each at most.
const maxNames = 400_000;

// @see https://github.com/distribution/reference/blob/main/regexp.go
const validTag = /^\w[\w.-]{0,127}$/;

export function createTagLists(now: () => number = Date.now): TagLists {
  const lists = createLru<string, { readonly list: NameList; readonly atMs: number }>(
    maxNames,
    ({ list }) => list.names.length + 1,
  );
  const failedMs = createLru<string, number>(1000, () => 1);
  const flights = createSingleFlight<Result<NameList>>();
  const underWay = new Set<string>();
  const known = (name: string): NameList | undefined => {
    const found = lists.get(name);
    return found && now() - found.atMs < maxAgeMs ? found.list : undefined;
  };
  const readList = async (name: string, read: ReadTags, signal: AbortSignal): Promise<Result<NameList>> => {
    underWay.add(name);
    try {
      const result = await read(signal);
      if (!result.ok) {
        failedMs.set(name, now());
        return result;
      }
      const list = onlyTags(result.value);
      lists.set(name, { list, atMs: now() });
      return success(list);
    } finally {
      underWay.delete(name);
    }
  };
  const load: TagLists["load"] = async (reference, read, signal) => {
    const name = familiarName(reference);
    const list = known(name);
    if (list) return success(list);
    return flights.run(name, (shared) => readList(name, read, shared), signal);
  };
  return {
    get: (reference) => {
      const name = familiarName(reference);
      return known(name) ?? (underWay.has(name) ? "pending" : undefined);
    },
    load,
    watch(reference, read, signal) {
      const failed = failedMs.get(familiarName(reference));
      if (failed !== undefined && now() - failed < failureMs) return;
      // Rejects only if the session ends.
      load(reference, read, signal).catch(() => undefined);
    },
  };
}

/** Without texts that aren't tags, which would be inserted into files. */
function onlyTags({ names, isCut }: NameList): NameList {
  return { names: names.filter((name) => validTag.test(name)), isCut };
}
