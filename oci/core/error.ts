/** The reason why an image, a layer or a digest isn't available. Callers test `kind`, never words. */
export type OciError =
  /** No response from the endpoint; `tried` lists every endpoint that was checked. */
  | {
      readonly kind: "engineUnreachable";
      readonly endpoint: string;
      readonly tried: readonly string[];
      readonly message: string;
    }
  /** The socket exists, but this user may not open it. */
  | { readonly kind: "engineRefused"; readonly endpoint: string; readonly message: string }
  /** The engine or registry responded with an error or with something other than its API. */
  | { readonly kind: "badAnswer"; readonly endpoint: string; readonly status?: number; readonly message: string }
  | { readonly kind: "notFound"; readonly what: string; readonly message: string }
  | { readonly kind: "unauthorized"; readonly what: string; readonly message: string }
  /** Not contacted: the workspace isn't trusted, or a setting forbids it. */
  | { readonly kind: "notAsked"; readonly what: string; readonly message: string }
  /** HTTP 429; `retryAfterMs` if the registry specified it. */
  | {
      readonly kind: "rateLimited";
      readonly endpoint: string;
      readonly retryAfterMs?: number;
      readonly message: string;
    }
  /** `isUntrusted`: it uses TLS with a certificate that is not signed by a known authority. */
  | {
      readonly kind: "registryUnreachable";
      readonly endpoint: string;
      readonly message: string;
      readonly isUntrusted?: true;
    }
  /** Invalid data for its format: a truncated tar, a manifest without layers. */
  | { readonly kind: "badArchive"; readonly what: string; readonly message: string }
  /** Content whose SHA-256 is not the digest that names it. */
  | { readonly kind: "digestMismatch"; readonly what: string; readonly message: string }
  | { readonly kind: "badReference"; readonly what: string; readonly message: string }
  /**
   * The engine refuses in the current state: a container uses the image, it has more names, or it is the base of
   * others. `force` is what a forced removal would remove (for a running container's image, Docker removes only the
   * name); absent if the engine would refuse that too.
   */
  | {
      readonly kind: "conflict";
      readonly what: string;
      readonly message: string;
      readonly force?: "image" | "imageAndContainers";
    }
  /** A file couldn't be created: permission denied, or the disk is full. */
  | { readonly kind: "notWritten"; readonly what: string; readonly message: string }
  /** Recognised but not supported: an encrypted layer, zstd on a Node version without it. */
  | { readonly kind: "unsupported"; readonly what: string; readonly message: string }
  /** A limit was exceeded (too many files, too large a manifest). */
  | { readonly kind: "tooLarge"; readonly what: string; readonly message: string };

/** A result or an expected failure. Exceptions are for bugs and for cancellation (AbortError). */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: OciError };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(error: OciError): { readonly ok: false; readonly error: OciError } {
  return { ok: false, error };
}
