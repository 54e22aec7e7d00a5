import { arch } from "node:process";
import { ownEntry } from "../../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../../oci/core/text.ts";
import { fits, type LockedTree, type ProjectNeeds } from "../../../size/node/lockedTree.ts";
import type { InstalledPackage, PackageSize } from "../../../size/node/packageSize.ts";
import { readPnpmLock } from "../../../size/node/pnpmLock.ts";
import { readYarnLock, type YarnEntry } from "../../../size/node/yarnLock.ts";
import { placeYarnPackages } from "../../../size/node/yarnTree.ts";
import { archiveOf, type InstallText, type ReadInstall } from "./installText.ts";
import { readSizes, type SizeSources } from "./packageSizes.ts";

/** Reads an install of Yarn or pnpm; a text is the reason why it is unknown. */
export async function treeInstall(
  text: InstallText,
  sources: SizeSources,
  signal: AbortSignal,
): Promise<ReadInstall | string> {
  if (Object.hasOwn(text.manifest, "workspaces")) return "is of a workspace of several projects";
  const { key, lockText } = text;
  if (!key.lock.endsWith("yarn.lock")) {
    const tree = readPnpmLock(lockText, { omit: key.omit, os: "linux", cpu: key.cpu ?? arch, libc: key.libc });
    return typeof tree === "string" ? tree : withSizes(tree, await sizesOf(tree.packages, text, sources, signal));
  }
  const entries = readYarnLock(lockText);
  if (typeof entries === "string") return entries;
  // yarn.lock doesn't say which platforms a package is for, but the package does.
  const read = await sizesOf(entries, text, sources, signal);
  const sizes = new Map<YarnEntry, PackageSize | undefined>(entries.map((entry, at) => [entry, read.sizes[at]]));
  const platform = { os: "linux", cpu: key.cpu ?? arch };
  const tree = placeYarnPackages(entries, needsOf(text.manifest), {
    omit: key.omit,
    fits: (entry) => fits(sizes.get(entry) ?? {}, platform),
  });
  return typeof tree === "string" ? tree : withSizes(tree, read);
}

type Sizes = Awaited<ReturnType<typeof readSizes>>;

function sizesOf(
  packages: readonly Parameters<typeof archiveOf>[0][],
  { registry }: InstallText,
  sources: SizeSources,
  signal: AbortSignal,
): Promise<Sizes> {
  return readSizes(
    packages.map((one) => archiveOf(one, registry)),
    sources,
    signal,
  );
}

function withSizes({ packages, noted }: LockedTree, { sizes, missing }: Sizes): ReadInstall {
  return {
    packages: packages.map(({ name, version, copies = none }, at): InstalledPackage => {
      const size = sizes[at];
      return { name, version, copies, ...(size && { size }), ...(size?.hasScript && { hasScript: true }) };
    }),
    folderCount: 1,
    hiddenLockBytes: 0,
    noted,
    ...(missing !== undefined && { missing }),
  };
}

const none = { low: 0, likely: 0, high: 0 };

function needsOf(manifest: InstallText["manifest"]): ProjectNeeds {
  const list = (field: string): ReadonlyMap<string, string> => {
    const value = ownEntry(manifest, field);
    const entries = isRecord(value) ? Object.entries(value) : [];
    return new Map(entries.flatMap(([name, range]) => (typeof range === "string" ? [[name, range] as const] : [])));
  };
  return {
    dependencies: list("dependencies"),
    devDependencies: list("devDependencies"),
    optionalDependencies: list("optionalDependencies"),
  };
}
