/**
 * The way a build gets a source from outside of its context: a URL is fetched, a Git repository cloned. Undefined for a
 * path.
 * @see https://docs.docker.com/reference/dockerfile/#add
 */
export function remoteKind(source: string): "fetched" | "cloned" | undefined {
  if (/^(?:https?|ftp):\/\//i.test(source)) return "fetched";
  return /^[a-z][a-z0-9+.-]*:\/\/|^[\w.-]+@[\w.-]+:/i.test(source) ? "cloned" : undefined;
}

/** True for a URL or a Git repository. */
export function isRemote(source: string): boolean {
  return remoteKind(source) !== undefined;
}
