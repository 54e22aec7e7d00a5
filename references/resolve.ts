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
import type { DigestResolver, ImageReader, RegistryLister } from "../oci/source/source.ts";
import { rememberDigests } from "./rememberDigests.ts";

export interface PinSources {
  readonly registry: DigestResolver;
  /** An engine that contacts registries itself, with its own mirrors, certificates and proxy. */
  readonly engine?: DigestResolver;
  /** The engine's own images. Used only to distinguish "exists nowhere" from "exists only here". */
  readonly local?: ImageReader;
}

/**
 * Resolves by the registry, or through the engine if this process can't access the registry. A local digest is never
 * used: an engine makes one up for images that no registry has.
 */
export function createPinResolver({ registry, engine, local }: PinSources): DigestResolver {
  const throughEngine = async <T>(
    direct: Result<T>,
    ask: (engine: DigestResolver) => Promise<Result<T>>,
  ): Promise<Result<T>> => {
    if (direct.ok || !engine || !isWorthAnotherWay(direct.error)) return direct;
    const answer = await ask(engine);
    // The registry's own error says more than the engine's report of it.
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

/** The sources in which a machine can look up images. */
export interface MachineResolver extends DigestResolver {
  /** Contacts registries directly, without an engine. */
  readonly images: ImageReader;
  readonly tags: RegistryLister["tags"];
}

export interface MachineSources extends MachineRegistries {
  /** Called only when an engine is needed. */
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

/**
 * Looks each tag up once with everything this machine has: its registries and logins, and its engine if there is one.
 */
export function createMachineResolver({
  credentials,
  insecureRegistries,
  openEngine,
}: MachineSources): MachineResolver {
  const throughEngine = async <T>(
    ask: (engine: DigestResolver) => Promise<Result<T>>,
    signal: AbortSignal,
  ): Promise<Result<T>> => {
    const opened = await openEngine(signal);
    return opened.ok ? ask(createEngineResolver(opened.value.endpoint.connection, credentials)) : opened;
  };
  const registry = createMachineRegistry({ credentials, insecureRegistries }, { maxWaitMs });
  const resolver = createPinResolver({
    registry,
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
  return {
    ...rememberDigests(resolver),
    images: registry,
    tags: (reference, signal) => registry.tags(reference, signal),
  };
}

// The longest wait for a registry that is rate limiting, so that a run over many files continues rather than fails.
const maxWaitMs = 30_000;

/** True if the engine may succeed: it may have a mirror, a certificate or a login that this process doesn't have. */
function isWorthAnotherWay({ kind }: OciError): boolean {
  return kind === "registryUnreachable" || kind === "unauthorized" || kind === "rateLimited";
}

function onlyHere(error: OciError & { readonly kind: "notFound" }, name: string): OciError {
  return {
    ...error,
    message: `${name} exists only in the local engine; push it first, so that others can build this`,
  };
}
