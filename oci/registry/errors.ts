import type { OciError } from "../core/error.ts";
import type { RegistryResource } from "./address.ts";

/** The error for a status other than 200. */
export function statusError({ what, registry }: RegistryResource, status: number): OciError {
  if (status === 404) return { kind: "notFound", what, message: `${what} does not exist in its registry` };
  if (status === 401 || status === 403)
    return { kind: "unauthorized", what, message: `${registry} denied access to ${what} (${status}); log in to it` };
  return { kind: "badAnswer", endpoint: registry, status, message: `${registry} failed for ${what} (${status})` };
}

/** The error for content that doesn't match its digest. */
export function mismatchError(what: string, registry: string): OciError {
  return {
    kind: "digestMismatch",
    what,
    message: `${registry} sent content that doesn't match the digest of ${what}; do not use it`,
  };
}

/** The error for a registry that can't be reached. */
export function registryUnreachable(
  registry: string,
  why: string,
): OciError & { readonly kind: "registryUnreachable" } {
  return { kind: "registryUnreachable", endpoint: registry, message: `${registry} ${why}` };
}
