import { decode, member, text } from "../core/decode.ts";
import { readDigest } from "../core/descriptor.ts";
import { failure, success, type Result } from "../core/error.ts";
import { isIndex } from "../core/mediaType.ts";
import { formatReference, withDefaultTag, type ImageReference } from "../core/reference.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import type { Credentials } from "../credentials/credentials.ts";
import { engineLogin } from "./actions/login.ts";
import { inPath } from "./names.ts";
import { asEngineError, createEngineClient } from "./http/client.ts";
import { createNegotiation } from "./version.ts";
import type { DigestResolver, ResolvedDigest } from "../source/source.ts";

// The engine contacts a registry before it responds.
const timeoutMs = 15_000;
const maxBytes = 1024 * 1024;

/**
 * Resolves through the engine, with its mirrors, certificates and proxy. Each call counts as a pull at Docker Hub.
 * Podman doesn't support it.
 * @see https://docs.docker.com/reference/api/engine/version/v1.51/#tag/Distribution
 */
export function createEngineResolver(connection: EngineConnection, credentials: Credentials): DigestResolver {
  const client = createEngineClient(connection);
  const negotiation = createNegotiation(client);
  const ask = async (reference: ImageReference, signal: AbortSignal): Promise<Result<ResolvedDigest>> => {
    const version = await negotiation.version(signal);
    if (!version.ok) return version;
    const what = formatReference(withDefaultTag(reference));
    if (version.value.flavour === "podman")
      return failure({ kind: "unsupported", what, message: "Podman's API can't look up images in registries" });
    const { registryAuth } = await engineLogin(reference, credentials, signal);
    const path = `/distribution/${inPath(what)}/json`;
    const answer = await client.json(
      { path, apiVersion: version.value.apiVersion, what, maxBytes, timeoutMs, registryAuth },
      signal,
    );
    if (!answer.ok) return answer;
    const target = decode(what, "distribution", answer.value, (json) => {
      const descriptor = member(json, "Descriptor");
      return { digest: readDigest(member(descriptor, "digest")), mediaType: text(member(descriptor, "mediaType")) };
    });
    if (!target.ok) return failure(asEngineError(target.error, connection));
    return success({
      ...target.value,
      isIndex: isIndex(target.value.mediaType),
      endpoint: `${reference.registry} (through ${connection.endpoint})`,
    });
  };
  return {
    resolve: ask,
    // The engine has read the manifest, but it doesn't report the digests of platforms.
    async content({ tag: _, ...reference }, signal) {
      const found = await ask(reference, signal);
      return found.ok ? success({ kind: found.value.isIndex ? "index" : "image" }) : found;
    },
  };
}
