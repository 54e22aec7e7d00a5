import type { Copies, PackageSize } from "./packageSize.ts";

/** A package of a lock file that isn't npm's. */
export interface TreePackage {
  readonly name: string;
  readonly version: string;
  readonly url?: string;
  readonly integrity?: string;
  /** Absent if it is only in the manager's cache. */
  readonly copies?: Copies;
}

/** The packages that a lock file of Yarn or pnpm installs. */
export interface LockedTree {
  readonly packages: readonly TreePackage[];
  /** Bytes that the manager notes of the packages in node_modules. */
  readonly noted: Copies;
}

/** The project's own dependencies, as its package.json lists them: names with ranges. */
export interface ProjectNeeds {
  readonly dependencies: ReadonlyMap<string, string>;
  readonly devDependencies: ReadonlyMap<string, string>;
  readonly optionalDependencies: ReadonlyMap<string, string>;
}

export const once: Copies = { low: 1, likely: 1, high: 1 };

/** The platform that packages are installed for, as Node names it. */
export interface NodePlatform {
  readonly os: string;
  readonly cpu: string;
  readonly libc?: "glibc" | "musl";
}

/** The lists of platforms that a package supports. */
export type Supports = Pick<PackageSize, "os" | "cpu"> & { readonly libc?: readonly string[] };

/** True if a package may be installed on a platform. @see https://docs.npmjs.com/cli/configuring-npm/package-json#os */
export function fits({ os, cpu, libc }: Supports, platform: NodePlatform): boolean {
  return (
    allows(os, platform.os) && allows(cpu, platform.cpu) && (platform.libc === undefined || allows(libc, platform.libc))
  );
}

function allows(list: readonly string[] | undefined, value: string): boolean {
  if (!list || list.includes("any")) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((one) => one.startsWith("!"));
}
