import { fetched, notFetched, type AptFetched } from "./failure.ts";

/** Node's fetch, or a stand-in. */
export type Fetch = (url: string, init: FetchInit) => Promise<Response>;

export interface FetchInit {
  readonly signal: AbortSignal;
  readonly method?: "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
}

export interface DownloadOptions {
  readonly fetch: Fetch;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Downloads a file as a whole. Rejects only if `signal` is aborted. */
export async function download(
  url: string,
  { fetch, maxBytes, timeoutMs, headers }: DownloadOptions,
  signal: AbortSignal,
): Promise<AptFetched<Uint8Array>> {
  if (!/^https?:\/\//.test(url)) return notFetched("unsupported", url);
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, deadline]), ...(headers && { headers }) });
    if (!response.ok) {
      await response.body?.cancel();
      return notFetched(kindOfStatus(response.status), url);
    }
    return await readBody(url, response, maxBytes);
  } catch (error) {
    signal.throwIfAborted();
    return notFetched(deadline.aborted ? "slow" : kindOfError(error), url);
  }
}

async function readBody(url: string, response: Response, maxBytes: number): Promise<AptFetched<Uint8Array>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of response.body ?? []) {
    length += piece.length;
    if (length > maxBytes) return notFetched("tooLarge", url);
    pieces.push(piece);
  }
  const announced = Number(response.headers.get("content-length") ?? length);
  const isPacked = response.headers.has("content-encoding");
  if (!isPacked && length < announced) return notFetched("cut", url);
  return fetched(Buffer.concat(pieces));
}

function kindOfStatus(status: number): "gone" | "refused" | "unreachable" {
  if (status === 404 || status === 410) return "gone";
  return status === 401 || status === 403 || status === 407 ? "refused" : "unreachable";
}

/**
 * The kind of a network error. A connection that ends within the body is reported with the cause "terminated" or
 * UND_ERR_SOCKET.
 */
function kindOfError(error: unknown): "cut" | "refused" | "unreachable" {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (code === "ECONNREFUSED") return "refused";
  const isCut = error instanceof TypeError && error.message === "terminated";
  return isCut ? "cut" : "unreachable";
}
