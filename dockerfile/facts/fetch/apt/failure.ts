/** Why an index could not be had. Callers test `kind`; `message` is for a hint's tooltip. */
export interface AptFetchFailure {
  readonly kind:
    /** The repository has no such file. */
    | "gone"
    /** It ended early. */
    | "cut"
    /** Its SHA-256 is not the one in the Release file. */
    | "wrongHash"
    | "slow"
    /** The host wants a login or allows nothing. */
    | "refused"
    | "unreachable"
    | "tooLarge"
    /** A scheme, compression or layout that isn't covered. */
    | "unsupported";
  readonly url: string;
  readonly message: string;
}

export type AptFetched<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: AptFetchFailure };

export function fetched<T>(value: T): AptFetched<T> {
  return { ok: true, value };
}

const texts: Readonly<Record<AptFetchFailure["kind"], string>> = {
  gone: "doesn't exist",
  cut: "ended early",
  wrongHash: "doesn't match the hash in the Release file",
  slow: "took too long",
  refused: "was refused",
  unreachable: "can't be reached",
  tooLarge: "is larger than any package index",
  unsupported: "is of a kind that isn't covered",
};

export function notFetched(
  kind: AptFetchFailure["kind"],
  url: string,
): { readonly ok: false; readonly failure: AptFetchFailure } {
  const shown = withoutLogin(url);
  return { ok: false, failure: { kind, url: shown, message: `${shown} ${texts[kind]}` } };
}

/** Sources may hold passwords, which belong in no message. */
function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
