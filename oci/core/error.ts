/** Why an image, a layer or a digest could not be had. Callers test `kind`, never words. */
export type OciError =
  /** Nothing answers at the endpoint; `tried` lists every endpoint that was looked at. */
  | {
      readonly kind: "engineUnreachable";
      readonly endpoint: string;
      readonly tried: readonly string[];
      readonly message: string;
    }
  /** The socket is there, but this user may not open it. */
  | { readonly kind: "engineRefused"; readonly endpoint: string; readonly message: string }
  /** The engine or registry answered, but with an error or with something that is not its API. */
  | { readonly kind: "badAnswer"; readonly endpoint: string; readonly status?: number; readonly message: string }
  | { readonly kind: "notFound"; readonly what: string; readonly message: string }
  | { readonly kind: "unauthorized"; readonly what: string; readonly message: string }
  /** Nobody was asked: the workspace is not trusted, or a setting forbids it. */
  | { readonly kind: "notAsked"; readonly what: string; readonly message: string }
  /** 429; `retryAfterMs` where the registry said. */
  | {
      readonly kind: "rateLimited";
      readonly endpoint: string;
      readonly retryAfterMs?: number;
      readonly message: string;
    }
  /** `isUntrusted`: it speaks TLS with a certificate that no known authority vouches for. */
  | {
      readonly kind: "registryUnreachable";
      readonly endpoint: string;
      readonly message: string;
      readonly isUntrusted?: true;
    }
  /** Bytes that are not what their format says: a truncated tar, a manifest without layers. */
  | { readonly kind: "badArchive"; readonly what: string; readonly message: string }
  /** Content whose SHA-256 is not the digest that names it. */
  | { readonly kind: "digestMismatch"; readonly what: string; readonly message: string }
  | { readonly kind: "badReference"; readonly what: string; readonly message: string }
  /** The engine will not do it while things are as they are: a container uses the image, it has more names, it is the base of others. `force` is what ordering it all the same removes (of a running container's image Docker only the name); absent where the engine would refuse that too. */
  | {
      readonly kind: "conflict";
      readonly what: string;
      readonly message: string;
      readonly force?: "image" | "imageAndContainers";
    }
  /** A file that was to be made could not be: no right to, no space left. */
  | { readonly kind: "notWritten"; readonly what: string; readonly message: string }
  /** Known, and not done here: an encrypted layer, zstd on a Node without it. */
  | { readonly kind: "unsupported"; readonly what: string; readonly message: string }
  /** A bound was reached (too many files, too large a manifest). */
  | { readonly kind: "tooLarge"; readonly what: string; readonly message: string };

/** An expected failure is a value; exceptions are for bugs and for cancellation (AbortError). */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: OciError };

export function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function failure(error: OciError): { readonly ok: false; readonly error: OciError } {
  return { ok: false, error };
}
