import { familiarReference } from "../oci/core/reference.ts";
import { failure, type OciError, type Result } from "../oci/core/error.ts";
import type { Credentials } from "../oci/credentials/credentials.ts";
import { createEngineResolver } from "../oci/engine/distribution.ts";
import type { LocalEngine } from "../oci/engine/local.ts";
import { machineEnvironment } from "../oci/source/machine.ts";
import { createRegistrySource, type RegistryOptions, type RegistrySource } from "../oci/registry/registry.ts";
import { createCertificates } from "../oci/registry/certificates.ts";
import { proxiesOf } from "../oci/registry/proxy.ts";
import { createNodeTransport } from "../oci/registry/transport.ts";
import type { DigestResolver, ImageReader } from "../oci/source/source.ts";
import { rememberDigests } from "./rememberDigests.ts";

export interface PinSources {
  readonly registry: DigestResolver;
  /** An engine that asks registries itself, with its own mirrors, certificates and proxy. */
  readonly engine?: DigestResolver;
  /** The engine's own images: only to tell "exists nowhere" from "exists only here". */
  readonly local?: ImageReader;
}

/** Resolves by the registry, and by the engine's way to it where this process has none. A local digest is never taken: an engine makes one up for images that no registry has. */
export function createPinResolver({ registry, engine, local }: PinSources): DigestResolver {
  const throughEngine = async <T>(
    direct: Result<T>,
    ask: (engine: DigestResolver) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    if (direct.ok || !engine || !isWorthAnotherWay(direct.error)) return direct;
    const answer = await ask(engine);
    // The registry's own words say more than the engine's about them.
    return answer.ok ? answer : direct;
  };
  return {
    async resolve(reference, signal) {
      const direct = await registry.resolve(reference, signal);
      if (!direct.ok && direct.error.kind === "notFound" && local) {
        const isHere = (await local.image(familiarReference(reference), {}, signal)).ok;
        return isHere ? failure(onlyHere(direct.error, familiarReference(reference))) : direct;
      }
      return throughEngine(direct, (other) => other.resolve(reference, signal));
    },
    content: async (reference, signal) =>
      throughEngine(await registry.content(reference, signal), (other) => other.content(reference, signal)),
  };
}

export interface MachineRegistries {
  readonly credentials: Credentials;
  readonly insecureRegistries: readonly string[];
}

export interface MachineSources extends MachineRegistries {
  /** Called only once an engine is needed. */
  openEngine(signal: AbortSignal): Promise<Result<LocalEngine>>;
}

/** Registries with this user's logins, and this machine's certificates and proxies. */
export function createMachineRegistry(
  { credentials, insecureRegistries }: MachineRegistries,
  waits: Pick<RegistryOptions, "maxWaitMs"> = {},
): RegistrySource {
  return createRegistrySource({
    credentials,
    certificates: createCertificates(machineEnvironment()),
    insecureRegistries,
    transport: createNodeTransport(proxiesOf(machineEnvironment().env)),
    ...waits,
  });
}

/** Looks each tag up once, with all that this machine has: its registries and logins, and its engine where there is one. */
export function createMachineResolver({ credentials, insecureRegistries, openEngine }: MachineSources): DigestResolver {
  const throughEngine = async <T>(
    ask: (engine: DigestResolver) => Promise<Result<T>>,
    signal: AbortSignal,
  ): Promise<Result<T>> => {
    const opened = await openEngine(signal);
    return opened.ok ? ask(createEngineResolver(opened.value.endpoint.connection, credentials)) : opened;
  };
  const resolver = createPinResolver({
    registry: createMachineRegistry({ credentials, insecureRegistries }, { maxWaitMs }),
    engine: {
      resolve: (reference, signal) => throughEngine((engine) => engine.resolve(reference, signal), signal),
      content: (reference, signal) => throughEngine((engine) => engine.content(reference, signal), signal),
    },
    local: {
      async image(reference, options, signal) {
        const opened = await openEngine(signal);
        return opened.ok ? opened.value.engine.image(reference, options, signal) : opened;
      },
    },
  });
  return rememberDigests(resolver);
}

// A registry that takes no more requests for now is waited for this long: a run of many files goes on rather than fails.
const maxWaitMs = 30_000;

/** The engine may have a mirror, a certificate or a login that this process has not. */
function isWorthAnotherWay({ kind }: OciError): boolean {
  return kind === "registryUnreachable" || kind === "unauthorized" || kind === "rateLimited";
}

function onlyHere(error: OciError & { readonly kind: "notFound" }, name: string): OciError {
  return {
    ...error,
    message: `${name} exists only in the local engine; push it first, so that others can build this`,
  };
}
