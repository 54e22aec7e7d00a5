import { join } from "node:path";
import { readBounded } from "../../../../oci/files/readBounded.ts";
import type { FactKeyOf } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import type { FactScope } from "../../scope.ts";
import { builtInAddress, type BuiltInAddress } from "../defaultIndex.ts";
import { npmRegistry } from "./npmRegistry.ts";

/** npm of its own tarball (official images), of NodeSource and of Debian. */
export const npmDefault: BuiltInAddress = {
  paths: [
    "/usr/local/lib/node_modules/npm/node_modules/@npmcli/config/lib/definitions/definitions.js",
    "/usr/lib/node_modules/npm/node_modules/@npmcli/config/lib/definitions/definitions.js",
    "/usr/share/nodejs/@npmcli/config/lib/definitions/definitions.js",
  ],
  pattern: /'registry', \{\s*default: '(https?:\/\/[^'\s]+)'/,
};

/**
 * Returns the address that npm would take a package from: the one the Dockerfile names, that of the project's `.npmrc`
 * or lock file, that of this machine's npm, or the one built into the base image's. Undefined if none is known.
 */
export async function registryOf(
  { name, address, base, platform }: Extract<FactKeyOf<"packageVersions">, { readonly index: "npm" }>,
  { contextRoot }: FactScope,
  machine: Pick<FactMachine, "engine" | "packageCache" | "configPlaces">,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (address !== undefined) return address;
  const ofProject = contextRoot === undefined ? undefined : await projectRegistry(contextRoot, name);
  const known = ofProject ?? (await npmRegistry(machine.configPlaces));
  if (known !== undefined || base === undefined) return known;
  const wanted = { ...npmDefault, reference: base, ...(platform !== undefined && { platform }) };
  return builtInAddress(wanted, machine, signal);
}

async function projectRegistry(root: string, name: string): Promise<string | undefined> {
  const scope = /^(@[^/]+)\//.exec(name)?.[1];
  const settings = await readText(root, ".npmrc", 1024 * 1024);
  const set = (key: string): string | undefined =>
    settings
      .split(/\r?\n/)
      .flatMap((line) => {
        const [, found, value] = /^\s*([^=\s]+)\s*=\s*["']?(https?:\/\/[^\s"']+)/.exec(line) ?? [];
        return found === key && value !== undefined ? [value] : [];
      })
      .at(-1);
  const ofScope = scope === undefined ? undefined : set(`${scope}:registry`);
  return (
    ofScope ?? set("registry") ?? lockedRegistry(await readText(root, "package-lock.json", 32 * 1024 * 1024), scope)
  );
}

/** The registry from which a lock file has packages of the scope, or those without a scope. */
function lockedRegistry(lock: string, scope: string | undefined): string | undefined {
  let other: string | undefined;
  for (const [, registry, ofPackage] of lock.matchAll(resolvedAddress)) {
    if (ofPackage === scope) return registry;
    if (ofPackage === undefined) other ??= registry;
  }
  return other;
}

/** `https://registry/@scope/name/-/name-1.0.0.tgz` */
const resolvedAddress = /"resolved":\s*"(https?:\/\/[^"\s@]{1,500}?)\/(?:(@[^/"\s]+)\/)?[^/"\s]+\/-\//g;

/** Returns "" for a file that can't be read: what it may say isn't known then. */
async function readText(root: string, path: string, maxBytes: number): Promise<string> {
  const file = await readBounded(join(root, path), { maxBytes, within: root });
  return file.state === "read" ? file.bytes.toString("utf8") : "";
}
