import type { Fetch } from "../apt/download.ts";

/** A part of a file on a host. */
export interface FilePart {
  readonly bytes: Buffer;
  /** The offset of the part in the file. */
  readonly start: number;
  /** The size of the whole file. */
  readonly fileBytes: number;
  /** True if the host allows to keep it, which pip's cache then does. */
  readonly isKept: boolean;
}

/** A host that doesn't send parts sends files whole; larger ones aren't read. */
const maxWholeBytes = 48 * 1024 * 1024;
const timeoutMs = 60_000;

/**
 * Requests a part of a file: `range` as in `-65536` for its end, or `0-99`. Returns the reason if it isn't available;
 * rejects only if `signal` is aborted.
 */
export async function fetchPart(
  url: string,
  range: string,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<FilePart | string> {
  try {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
    const response = await fetch(url, { headers: { range: `bytes=${range}` }, signal: deadline });
    if (response.status === 416) return await fetchWhole(url, fetch, deadline);
    if (response.ok) return await partOf(url, response);
    await response.body?.cancel();
    return `${shown(url)} isn't available (HTTP ${response.status})`;
  } catch {
    signal.throwIfAborted();
    return `${shown(url)} can't be reached`;
  }
}

/** A file that is shorter than the part. */
async function fetchWhole(url: string, fetch: Fetch, signal: AbortSignal): Promise<FilePart | string> {
  const response = await fetch(url, { signal });
  return response.ok ? partOf(url, response) : `${shown(url)} isn't available (HTTP ${response.status})`;
}

async function partOf(url: string, response: Response): Promise<FilePart | string> {
  const bytes = await readUpTo(response, maxWholeBytes);
  if (!bytes) return `${shown(url)} is too large to be read, and its host doesn't send parts of it`;
  const isKept = mayBeKept(response.headers);
  if (response.status !== 206) return { bytes, start: 0, fileBytes: bytes.length, isKept };
  const [, start, fileBytes] = /^bytes (\d+)-\d+\/(\d+)$/.exec(response.headers.get("content-range") ?? "") ?? [];
  if (start === undefined) return `${shown(url)} can't be read: its host sends parts without saying which`;
  return { bytes, start: Number(start), fileBytes: Number(fileBytes), isKept };
}

/** Undefined if it is longer. */
export async function readUpTo(response: Response, maxBytes: number): Promise<Buffer | undefined> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxBytes) return undefined;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** @see https://www.rfc-editor.org/rfc/rfc9111 */
export function mayBeKept(headers: Headers): boolean {
  const control = headers.get("cache-control") ?? "";
  if (/\bno-store\b/i.test(control)) return false;
  return /\bmax-age=[1-9]/i.test(control) || headers.has("etag") || headers.has("expires");
}

/** Without credentials. */
export function shown(url: string): string {
  return url.replace(/\/\/[^@/]*@/, "//");
}
