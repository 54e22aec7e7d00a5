import { isPrerelease } from "../../../size/python/version.ts";
import type { FactKeyOf, FactState, PackageVersionsFact } from "../../fact.ts";
import type { FactMachine } from "../../machine.ts";
import { unavailable } from "../unavailable.ts";
import { createPackageSource } from "./packageIndex.ts";

/** Asks an index for the versions of a project that run on a Python, without those that were withdrawn. */
export async function fetchPipVersions(
  { name, target, addresses }: Extract<FactKeyOf<"packageVersions">, { readonly index: "pip" }>,
  { registries, packageCache }: Pick<FactMachine, "registries" | "packageCache">,
  signal: AbortSignal,
): Promise<FactState<PackageVersionsFact>> {
  const source = createPackageSource({ indexes: addresses, registries, cache: packageCache }, target, signal);
  const releases = await source.releases(name);
  if (typeof releases === "string") return unavailable(releases);
  const offered = releases.filter(({ isYanked }) => !isYanked);
  const stable = offered.filter(({ version }) => !isPrerelease(version));
  const others = offered.filter(({ version }) => isPrerelease(version));
  const [newest] = stable;
  const tags = new Map(newest ? [["newest", newest.versionText] as const] : []);
  return { state: "known", value: { versions: [...stable, ...others].map(({ versionText }) => versionText), tags } };
}
