import type { Result } from "../core/error.ts";
import { createLru } from "../source/lru.ts";
import type { RegistryAddress } from "./address.ts";
import type { RegistryAnswer } from "./http.ts";

/** Finds out how to contact registries of this machine, of which nobody said whether they speak TLS. */
export interface TlsProbe {
  /** Asks by plain HTTP, and by TLS if the registry doesn't understand that; the way that works is kept for its next requests. */
  ask(address: RegistryAddress, send: Send): Promise<ProbedAnswer>;
}

type Send = (address: RegistryAddress) => Promise<Result<RegistryAnswer>>;

export interface ProbedAnswer {
  readonly answer: Result<RegistryAnswer>;
  /** The address that gave it. */
  readonly address: RegistryAddress;
}

const maxRegistries = 1000;

export function createTlsProbe(): TlsProbe {
  const known = createLru<string, "http" | "https">(maxRegistries, () => 1);
  return {
    async ask(address, send) {
      const { registry, tlsOrigin } = address;
      if (tlsOrigin === undefined) return { answer: await send(address), address };
      const secure: RegistryAddress = { ...address, origin: tlsOrigin };
      if (known.get(registry) === "https") return { answer: await send(secure), address: secure };
      const plain = await send(address);
      if (known.get(registry) === "http" || !mayWantTls(plain)) {
        if (plain.ok) known.set(registry, "http");
        return { answer: plain, address };
      }
      const answer = await send(secure);
      if (answer.ok) known.set(registry, "https");
      // A certificate that isn't trusted says more than that plain HTTP failed.
      const isTls = answer.ok || (answer.error.kind === "registryUnreachable" && answer.error.isUntrusted === true);
      return isTls ? { answer, address: secure } : { answer: plain, address };
    },
  };
}

/** Servers in Go answer 400 to plain HTTP, others hang up. */
function mayWantTls(answer: Result<RegistryAnswer>): boolean {
  return answer.ok ? answer.value.status === 400 : answer.error.kind === "registryUnreachable";
}
