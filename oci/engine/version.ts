import { decode, items, member, texts } from "../core/decode.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { ImageStore } from "./imageRecord.ts";
import { asEngineError, type EngineClient } from "./http/client.ts";

export interface EngineVersion {
  /** The version used for requests: the engine's newest, or ours. */
  readonly apiVersion: string;
  /** Podman's Docker API differs in places. */
  readonly flavour: "docker" | "podman";
  /** The version of Podman's own API, in addition to Docker's. */
  readonly libpodVersion?: string;
}

/** Data needed from an engine before any request, read once. */
export interface Negotiation {
  /** Always contacts the engine. */
  ping(signal: AbortSignal): Promise<Result<EngineVersion>>;
  version(signal: AbortSignal): Promise<Result<EngineVersion>>;
  /** Returns the kind of the engine's image store, for engines too old to report it for each image. */
  store(version: EngineVersion, signal: AbortSignal): Promise<Result<ImageStore>>;
  forget(): void;
}

/**
 * The newest supported version. Each version's changes were checked in the version history; the newest tested was 1.51
 * of Docker 28.5.
 * @see https://docs.docker.com/reference/api/engine/version-history/
 */
const newestKnown = "1.56";
/** An engine without the header supports at least this, Docker 17.12's version. */
const oldestKnown = "1.35";

export function createNegotiation(client: EngineClient): Negotiation {
  let version: EngineVersion | undefined;
  let store: ImageStore | undefined;
  const negotiation: Negotiation = {
    ping: async (signal) => {
      const answer = await ping(client, signal);
      version = answer.ok ? answer.value : undefined;
      return answer;
    },
    version: async (signal) => (version === undefined ? negotiation.ping(signal) : success(version)),
    store: async (known, signal) => {
      if (store !== undefined) return success(store);
      const answer = await askStore(client, known, signal);
      if (answer.ok) store = answer.value;
      return answer;
    },
    forget: () => {
      version = undefined;
      store = undefined;
    },
  };
  return negotiation;
}

/** Compares versions part by part: 1.9 is below 1.10. */
export function isAtLeast({ apiVersion }: EngineVersion, wanted: string): boolean {
  return compare(apiVersion, wanted) >= 0;
}

// A running engine responds to a ping at once.
const pingTimeoutMs = 5000;
// Docker Desktop's /info has been seen to take seconds.
const infoTimeoutMs = 15_000;

async function ping(client: EngineClient, signal: AbortSignal): Promise<Result<EngineVersion>> {
  const answer = await client.text(
    { path: "/_ping", what: "its version", maxBytes: 64 * 1024, timeoutMs: pingTimeoutMs },
    signal,
  );
  if (!answer.ok) return answer;
  const { headers } = answer.value;
  const offered = headers["api-version"];
  const isEngine = typeof offered === "string" ? /^1\.\d{1,3}$/.test(offered) : answer.value.text.trim() === "OK";
  const { endpoint, apiVersion } = client.connection;
  if (!isEngine)
    return failure({
      kind: "badAnswer",
      endpoint,
      message: `${endpoint} is not a Docker engine; set another one in the settings or in DOCKER_HOST`,
    });
  const newest = typeof offered === "string" ? offered : oldestKnown;
  const agreed = apiVersion ?? (compare(newest, newestKnown) < 0 ? newest : newestKnown);
  const libpod = headers["libpod-api-version"];
  if (libpod === undefined) return success({ apiVersion: agreed, flavour: "docker" });
  const [libpodVersion] = /^\d+\.\d+\.\d+/.exec(String(libpod)) ?? [];
  return success({ apiVersion: agreed, flavour: "podman", ...(libpodVersion !== undefined && { libpodVersion }) });
}

/**
 * Determines the store. The containerd store came with Docker 24 (API 1.43); from 1.48 on an image's own response shows
 * it. A version chosen by the user doesn't tell the engine's age.
 */
async function askStore(
  client: EngineClient,
  version: EngineVersion,
  signal: AbortSignal,
): Promise<Result<ImageStore>> {
  if (version.flavour === "podman") return success("podman");
  const isTooOld = !isAtLeast(version, "1.43") && client.connection.apiVersion === undefined;
  if (isTooOld || isAtLeast(version, "1.48")) return success("classic");
  const answer = await client.json(
    {
      path: "/info",
      apiVersion: version.apiVersion,
      what: "its storage",
      maxBytes: 1024 * 1024,
      timeoutMs: infoTimeoutMs,
    },
    signal,
  );
  if (!answer.ok) return answer;
  const decoded = decode("its storage", "info", answer.value, (json) =>
    items(member(json, "DriverStatus")).map((row) => texts(row).join(" ")),
  );
  if (!decoded.ok) return failure(asEngineError(decoded.error, client.connection));
  return success(
    decoded.value.some((row) => row.startsWith("driver-type io.containerd.snapshotter")) ? "containerd" : "classic",
  );
}

function compare(a: string, b: string): number {
  const [majorA = 0, minorA = 0] = a.split(".").map(Number);
  const [majorB = 0, minorB = 0] = b.split(".").map(Number);
  return majorA - majorB || minorA - minorB;
}
