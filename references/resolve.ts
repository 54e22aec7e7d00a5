import { familiarReference } from "../oci/core/reference.ts";
import { failure, type OciError, type Result } from "../oci/core/error.ts";
import type { Credentials } from "../oci/credentials/credentials.ts";
import { createEngineResolver } from "../oci/engine/distribution.ts";
import type { LocalEngine } from "../oci/engine/local.ts";
import { machineEnvironment } from "../oci/source/machine.ts";
import { createRegistrySource } from "../oci/registry/registry.ts";
import { createCertificates } from "../oci/registry/certificates.ts";
import type { DigestResolver, ImageReader } from "../oci/source/source.ts";

export interface PinSources {
  readonly registry: DigestResolver;
  /** An engine that asks registries itself, with its own mirrors, certificates and proxy. */
  readonly engine?: DigestResolver;
  /** The engine's own images: only to tell "exists nowhere" from "exists only here". */
  readonly local?: ImageReader;
}

/** Resolves by the registry, and by the engine's way to it where this process has none. A local digest is never taken: an engine makes one up for images that no registry has. */
export function createPinResolver({ registry, engine, local }: PinSources): DigestResolver {
  return {
    async resolve(reference, signal) {
      const direct = await registry.resolve(reference, signal);
      if (direct.ok) return direct;
      if (direct.error.kind === "notFound" && local) {
        const isHere = (await local.image(familiarReference(reference), {}, signal)).ok;
        return isHere ? failure(onlyHere(direct.error, familiarReference(reference))) : direct;
      }
      if (!engine || !isWorthAnotherWay(direct.error)) return direct;
      const throughEngine = await engine.resolve(reference, signal);
      // The registry's own words say more than the engine's about them.
      return throughEngine.ok ? throughEngine : direct;
    },
  };
}

export interface MachineSources {
  readonly credentials: Credentials;
  readonly insecureRegistries: readonly string[];
  /** Called only once an engine is needed. */
  openEngine(signal: AbortSignal): Promise<Result<LocalEngine>>;
}

/** Resolves with all that this machine has: its registries and logins, and its engine where there is one. */
export function createMachineResolver({ credentials, insecureRegistries, openEngine }: MachineSources): DigestResolver {
  return createPinResolver({
    registry: createRegistrySource({
      credentials,
      certificates: createCertificates(machineEnvironment()),
      insecureRegistries,
    }),
    engine: {
      async resolve(reference, signal) {
        const opened = await openEngine(signal);
        return opened.ok
          ? createEngineResolver(opened.value.endpoint.connection, credentials).resolve(reference, signal)
          : opened;
      },
    },
    local: {
      async image(reference, options, signal) {
        const opened = await openEngine(signal);
        return opened.ok ? opened.value.engine.image(reference, options, signal) : opened;
      },
    },
  });
}

/** The engine may have a mirror, a certificate or a login that this process has not. */
function isWorthAnotherWay({ kind }: OciError): boolean {
  return kind === "registryUnreachable" || kind === "unauthorized" || kind === "rateLimited";
}

function onlyHere(error: OciError & { readonly kind: "notFound" }, name: string): OciError {
  return {
    ...error,
    message: `${name} exists only in the local engine; push it before pinning it, or nobody else can build this`,
  };
}
