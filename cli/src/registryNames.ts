import { familiarName, parseReference } from "../../oci/core/reference.ts";
import type { NameList, RegistryLister } from "../../oci/source/source.ts";
import { valueOf } from "./openImage.ts";

/** The tags of a repository, as references; for a registry alone, its repositories. */
export async function namesIn(registry: RegistryLister, written: string, signal: AbortSignal): Promise<NameList> {
  const host = hostAlone.exec(written)?.[1];
  if (host !== undefined) {
    const { names, isCut } = valueOf(await registry.repositories(host, signal));
    return { names: names.map((name) => `${host}/${name}`), isCut };
  }
  const reference = valueOf(parseReference(written));
  const { names, isCut } = valueOf(await registry.tags(reference, signal));
  return { names: names.map((tag) => `${familiarName(reference)}:${tag}`), isCut };
}

/**
 * Matches operands that name a registry rather than a repository of Docker Hub: a host with a dot, `localhost` or an
 * IPv6 address, or any name that ends with a slash, since `debian:12` looks like a host with a port.
 */
const hostAlone = /^((?:localhost|[\w-]+(?:\.[\w-]+)+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?|[\w-]+(?::[0-9]+)?(?=\/))\/?$/;
