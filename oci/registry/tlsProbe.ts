import type { Result } from "../core/error.ts";
import { createLru } from "../source/lru.ts";
import type { RegistryAddress } from "./address.ts";
import type { RegistryAnswer } from "./http.ts";

/** Determines how to contact registries for which plain HTTP is allowed. */
export interface TlsProbe {
  /** Tries TLS first, and plain HTTP if TLS fails to connect. The method that works is kept for later requests. */
  ask(address: RegistryAddress, send: Send): Promise<ProbedAnswer>;
}

type Send = (address: RegistryAddress) => Promise<Result<RegistryAnswer>>;

export interface ProbedAnswer {
  readonly answer: Result<RegistryAnswer>;
  /** The address that responded. */
  readonly address: RegistryAddress;
}

const maxRegistries = 1000;

export function createTlsProbe(): TlsProbe {
  const known = createLru<string, "http" | "https">(maxRegistries, () => 1);
  return {
    async ask(address, send) {
      const { registry, tlsOrigin } = address;
      if (tlsOrigin === undefined) return { answer: await send(address), address };
      const way = known.get(registry);
      const secure: RegistryAddress = {
        ...address,
        origin: tlsOrigin,
        ...(way === undefined && { isProbe: true as const }),
      };
      if (way === "http") return { answer: await send(address), address };
      const answer = await send(secure);
      if (answer.ok) known.set(registry, "https");
      if (way === "https" || answer.ok || answer.error.kind !== "registryUnreachable")
        return { answer, address: secure };
      const plain = await send(address);
      // The certificate error says more than the way in which the server refuses plain HTTP; servers in Go answer 400.
      if (answer.error.isUntrusted && !(plain.ok && plain.value.status !== 400)) return { answer, address: secure };
      if (plain.ok) known.set(registry, "http");
      return { answer: plain, address };
    },
  };
}
