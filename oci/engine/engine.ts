import type { Digest } from "../core/digest.ts";
import { parseDigest } from "../core/digest.ts";
import { success, type OciError, type Result } from "../core/error.ts";
import { familiarName, formatReference, parseReference, type ImageReference } from "../core/reference.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import { listImages } from "./list.ts";
import { inspect, readImage, type ImageRequest } from "./image.ts";
import { createEngineClient, type EngineClient } from "./http/client.ts";
import { createNegotiation, type EngineVersion, type Negotiation } from "./version.ts";
import type { ImageLister, ImageReader, LayerReader } from "../source/source.ts";

/** A Docker or Podman engine as a source of images. */
export interface Engine extends ImageLister, ImageReader, LayerReader {
  readonly connection: EngineConnection;
  /** Checks that the engine responds, and returns its version. */
  ping(signal: AbortSignal): Promise<Result<EngineVersion>>;
  /**
   * The digests that the engine recorded for a name. For information only: a containerd store has one even for images
   * that are not in any registry.
   */
  localDigests(reference: ImageReference, signal: AbortSignal): Promise<Result<readonly Digest[]>>;
}

/**
 * Makes a source from an engine. The engine isn't contacted before the first call. The API version is negotiated once,
 * and again after the engine was lost. Layer content is read by `layers`.
 */
export function createEngine(connection: EngineConnection, layers: LayerReader): Engine {
  const client = createEngineClient(connection);
  const negotiation = createNegotiation(client);
  const access: Access = { client, negotiation };
  return {
    connection,
    ping: (signal) => negotiation.ping(signal),
    list: (signal) => negotiated(access, signal, (version) => listImages(client, version, signal)),
    image: (reference, options, signal) =>
      negotiated(access, signal, (version) => readImage({ ...access, version, reference, ...options }, signal)),
    localDigests: (reference, signal) =>
      negotiated(access, signal, (version) =>
        localDigests({ ...access, version, reference: formatReference(reference) }, signal),
      ),
    layers: (image, request, signal) => layers.layers(image, request, signal),
  };
}

interface Access {
  readonly client: EngineClient;
  readonly negotiation: Negotiation;
}

/**
 * Runs a request with the negotiated version. A lost engine may come back as another one, so its version is forgotten;
 * the same happens if another engine came unnoticed and refuses the version.
 */
async function negotiated<T>(
  { negotiation }: Access,
  signal: AbortSignal,
  ask: (version: EngineVersion) => Promise<Result<T>>,
): Promise<Result<T>> {
  const version = await negotiation.version(signal);
  if (!version.ok) return version;
  const answer = await ask(version.value);
  if (answer.ok || !mayBeAnother.has(answer.error.kind)) return answer;
  negotiation.forget();
  if (answer.error.kind === "engineUnreachable") return answer;
  const again = await negotiation.version(signal);
  return again.ok && again.value.apiVersion !== version.value.apiVersion ? ask(again.value) : answer;
}

const mayBeAnother: ReadonlySet<OciError["kind"]> = new Set(["engineUnreachable", "unsupported"]);

async function localDigests(request: ImageRequest, signal: AbortSignal): Promise<Result<readonly Digest[]>> {
  const inspected = await inspect(request, {}, signal);
  if (!inspected.ok) return inspected;
  const asked = parseReference(request.reference);
  const name = asked.ok ? familiarName(asked.value) : "";
  const recorded = inspected.value.repoDigests
    .map((repoDigest) => repoDigest.split("@"))
    .filter(([recordedName]) => recordedName === name);
  return success(recorded.flatMap(([, digest]) => parseDigest(digest ?? "") ?? []));
}
