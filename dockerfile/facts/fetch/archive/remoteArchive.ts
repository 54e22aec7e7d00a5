import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { FactState, UnpackedFile } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import { archiveBounds, readArchive } from "./archives.ts";
import { allowedFetch } from "../download.ts";
import { unavailable } from "../unavailable.ts";

/** Limits on downloading: a larger archive stays unknown. */
export interface DownloadBounds {
  readonly maxBytes: number;
  readonly maxMs: number;
}

const defaultBounds: DownloadBounds = { maxBytes: 200 * 1024 ** 2, maxMs: 120_000 };

/**
 * Downloads the file at a URL to a temporary folder and lists what is in it. Hosts that the user doesn't allow aren't
 * contacted. Rejects only if `signal` is aborted.
 */
export async function fetchRemoteArchive(
  url: string,
  registries: FactMachine["registries"],
  signal: AbortSignal,
  bounds = defaultBounds,
): Promise<FactState<UnpackedFile>> {
  const allowed = allowedFetch(url, registries);
  if ("reason" in allowed) return unavailable(allowed.reason);
  const { fetch, host } = allowed;
  const folder = await mkdtemp(join(tmpdir(), "imagewright-"));
  const deadline = AbortSignal.timeout(bounds.maxMs);
  try {
    const file = join(folder, "archive");
    const init = { headers: { "accept-encoding": "identity" }, signal: AbortSignal.any([signal, deadline]) };
    const problem = await save(await fetch(url, init), file, { host, maxBytes: bounds.maxBytes });
    if (problem !== undefined) return unavailable(problem);
    const times = { ...archiveBounds, deadline: Date.now() + archiveBounds.maxMs };
    return { state: "known", value: await readArchive(file, url, times, signal) };
  } catch {
    signal.throwIfAborted();
    return unavailable(deadline.aborted ? `${host} sends ${url} too slowly` : `${host} can't be reached`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Saving {
  readonly host: string;
  readonly maxBytes: number;
}

/** Writes an answer to a file; returns the reason why it isn't whole. */
async function save(response: Response, path: string, { host, maxBytes }: Saving): Promise<string | undefined> {
  if (!response.ok || !response.body) {
    await response.body?.cancel();
    return `${host} answers ${response.status} for the archive that is fetched`;
  }
  const announced = Number(response.headers.get("content-length") ?? NaN);
  const tooLarge = `the archive at ${host} is larger than the ${formatBytes(maxBytes)} that are downloaded`;
  if (announced > maxBytes) {
    await response.body.cancel();
    return tooLarge;
  }
  const file = await open(path, "wx", 0o600);
  let bytes = 0;
  try {
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > maxBytes) return tooLarge;
      await file.appendFile(chunk);
    }
  } finally {
    await file.close();
  }
  const isCut = bytes < announced && !response.headers.has("content-encoding");
  return isCut ? `${host} sent only a part of the archive` : undefined;
}
