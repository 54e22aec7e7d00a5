import type { FactState } from "../fact.ts";
import type { FactMachine } from "../machine.ts";
import type { Fetch } from "./apt/download.ts";
import { unavailable } from "./unavailable.ts";

export interface DownloadFact {
  readonly bytes: number;
  /** True if another URL answered, to which the host redirects. */
  readonly isRedirected?: true;
  /** The header `Strict-Transport-Security` of the answer, if there is one. */
  readonly strictTransport?: string;
}

/** A host that takes longer is too slow for a hint. */
const timeoutMs = 15_000;

/**
 * Asks the host of a URL how large its file is (HEAD); nothing is downloaded. Hosts that the user doesn't allow aren't
 * contacted. Rejects only if `signal` is aborted.
 */
export async function fetchDownload(
  url: string,
  registries: FactMachine["registries"],
  signal: AbortSignal,
): Promise<FactState<DownloadFact>> {
  const allowed = allowedFetch(url, registries);
  if ("reason" in allowed) return unavailable(allowed.reason);
  const { fetch, host } = allowed;
  const init = { method: "HEAD", headers: { "accept-encoding": "identity" } } as const;
  try {
    const response = await fetch(url, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    });
    return sizeIn(response, host);
  } catch {
    signal.throwIfAborted();
    return unavailable(`${host} can't be reached`);
  }
}

/** The fetch to contact the host of a URL with, or the reason why it must not be contacted. */
export function allowedFetch(
  url: string,
  registries: FactMachine["registries"],
): { readonly fetch: Fetch; readonly host: string } | { readonly reason: string } {
  if ("refusal" in registries) return { reason: registries.refusal };
  if (!/^https?:/i.test(url) || !URL.canParse(url)) return { reason: `${url} is fetched during the build` };
  const { host, username } = new URL(url);
  if (username !== "") return { reason: `an address at ${host} with a login is not looked up` };
  const reason = registries.whyNot(host);
  return reason === undefined ? { fetch: registries.fetch, host } : { reason };
}

function sizeIn(response: Response, host: string): FactState<DownloadFact> {
  if (!response.ok) return unavailable(`${host} answers ${response.status} for the file that is fetched`);
  const length = response.headers.get("content-length") ?? "";
  if (!/^\d{1,15}$/.test(length) || response.headers.has("content-encoding"))
    return unavailable(`${host} doesn't report the size of the file that is fetched`);
  const strictTransport = response.headers.get("strict-transport-security");
  return {
    state: "known",
    value: {
      bytes: Number(length),
      ...(response.redirected && { isRedirected: true }),
      ...(strictTransport !== null && { strictTransport }),
    },
  };
}
