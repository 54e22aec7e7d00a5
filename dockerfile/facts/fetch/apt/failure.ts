/** The reason why an index couldn't be loaded. Callers test `kind`; `message` is for a hint's tooltip. */
export interface AptFetchFailure {
  readonly kind:
    /** The repository doesn't have this file. */
    | "gone"
    /** The response ended early. */
    | "cut"
    /** Its SHA-256 is not the one in the Release file. */
    | "wrongHash"
    | "slow"
    /** The host requires a login or denies access. */
    | "refused"
    | "unreachable"
    | "tooLarge"
    /** A scheme, compression or layout that isn't supported. */
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

/** The URL without credentials, which sources may contain and messages must not. */
function withoutLogin(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
