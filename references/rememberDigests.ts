import { formatReference, withDefaultTag } from "../oci/core/reference.ts";
import type { Result } from "../oci/core/error.ts";
import { createLru } from "../oci/source/lru.ts";
import { createSingleFlight } from "../oci/source/singleFlight.ts";
import type { DigestContent, DigestResolver, ResolvedDigest } from "../oci/source/source.ts";

/** How old a remembered answer may be, in milliseconds. */
const ages = {
  /** Up to then a tag isn't looked up again. */
  freshMs: 60_000,
  /** Up to then it is answered at once, and looked up behind that for the next time. Docker Hub's official images move a few times a day at most. */
  usableMs: 60 * 60_000,
  /** A login that was renewed or a registry that is back is noticed after this. */
  failureMs: 60_000,
} as const;

// Tags that a large workspace names, at some hundred bytes each.
const maxRemembered = 5000;

interface Remembered<T> {
  readonly atMs: number;
  readonly result: Result<T>;
}

/** Looks each tag up once, however many references in however many files name it, and keeps the answers for a while; what a digest stands for never changes and is kept for good. */
export function rememberDigests(inner: DigestResolver, now: () => number = Date.now): DigestResolver {
  const resolved = createRemembering<ResolvedDigest>(now);
  const contents = createRemembering<DigestContent>(now);
  return {
    resolve(written, signal) {
      const reference = withDefaultTag(written);
      const isExact = reference.digest !== undefined;
      const key = formatReference(reference);
      const lookUp = (shared: AbortSignal) => inner.resolve(reference, shared);
      // A digest can vanish from its registry, so its existence ages as well.
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
  /** Whether an old answer is looked up again behind the caller's back. */
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
        // A failed refresh doesn't take away what is still usable.
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
      // Nobody waits for it, so nobody can cancel it; the resolver has its own time limits.
      if (known.result.ok && wanted.isRefreshed && ageMs >= ages.freshMs)
        void fetch(wanted, new AbortController().signal).catch(() => undefined);
      return Promise.resolve(known.result);
    },
  };
}
