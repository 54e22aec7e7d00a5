import { formatReference, withDefaultTag } from "../oci/core/reference.ts";
import type { Result } from "../oci/core/error.ts";
import { createLru } from "../oci/source/lru.ts";
import { createSingleFlight } from "../oci/source/singleFlight.ts";
import type { DigestContent, DigestResolver, ResolvedDigest } from "../oci/source/source.ts";

/** The maximum ages of a remembered answer, in milliseconds. */
const ages = {
  /** Until this age, a tag isn't looked up again. */
  freshMs: 60_000,
  /**
   * Until this age, the answer is returned at once and refreshed in the background. Docker Hub's official images move a
   * few times a day at most.
   */
  usableMs: 60 * 60_000,
  /** The delay until a renewed login or a registry that is back online is noticed. */
  failureMs: 60_000,
} as const;

// The number of tags that a large workspace names. Each takes a few hundred bytes.
const maxRemembered = 5000;

interface Remembered<T> {
  readonly atMs: number;
  readonly result: Result<T>;
}

/**
 * Looks each tag up once, however many references in however many files name it, and caches the answer for a while. The
 * content of a digest never changes and is kept for good.
 */
export function rememberDigests(inner: DigestResolver, now: () => number = Date.now): DigestResolver {
  const resolved = createRemembering<ResolvedDigest>(now);
  const contents = createRemembering<DigestContent>(now);
  return {
    resolve(written, signal) {
      const reference = withDefaultTag(written);
      const isExact = reference.digest !== undefined;
      const key = formatReference(reference);
      const lookUp = (shared: AbortSignal) => inner.resolve(reference, shared);
      // A digest can vanish from its registry, so its existence expires as well.
      return resolved.get({ key, lookUp, isForEver: false, isRefreshed: !isExact }, signal);
    },
    content(reference, signal) {
      const lookUp = (shared: AbortSignal) => inner.content(reference, shared);
      return contents.get({ key: formatReference(reference), lookUp, isForEver: true, isRefreshed: false }, signal);
    },
  };
}

interface Wanted<T> {
  readonly key: string;
  readonly lookUp: (signal: AbortSignal) => Promise<Result<T>>;
  readonly isForEver: boolean;
  /** True if an old answer is refreshed in the background. */
  readonly isRefreshed: boolean;
}

function createRemembering<T>(now: () => number) {
  const remembered = createLru<string, Remembered<T>>(maxRemembered, () => 1);
  const flights = createSingleFlight<Result<T>>();
  const fetch = ({ key, lookUp }: Wanted<T>, signal: AbortSignal): Promise<Result<T>> =>
    flights.run(
      key,
      async (shared) => {
        const result = await lookUp(shared);
        // A failed refresh doesn't discard an answer that is still usable.
        const known = remembered.get(key);
        if (result.ok || !known?.result.ok) remembered.set(key, { atMs: now(), result });
        return result;
      },
      signal,
    );
  return {
    get(wanted: Wanted<T>, signal: AbortSignal): Promise<Result<T>> {
      signal.throwIfAborted();
      const known = remembered.get(wanted.key);
      if (!known) return fetch(wanted, signal);
      const ageMs = now() - known.atMs;
      if (!known.result.ok && ageMs >= ages.failureMs) return fetch(wanted, signal);
      const isUsable = !known.result.ok || wanted.isForEver || ageMs < ages.usableMs;
      if (!isUsable) return fetch(wanted, signal);
      // Nothing waits for it, so nothing can cancel it; the resolver has its own time limits.
      if (known.result.ok && wanted.isRefreshed && ageMs >= ages.freshMs)
        void fetch(wanted, new AbortController().signal).catch(() => undefined);
      return Promise.resolve(known.result);
    },
  };
}
