import type { LockedPackage } from "../../../size/node/lock.ts";
import type { NodeInstall } from "../../../size/node/packageSize.ts";
import type { FactKeyOf } from "../../fact.ts";
import type { Archive } from "./archiveSize.ts";

/** The files that an install goes by, as they were read. */
export interface InstallText {
  readonly key: FactKeyOf<"nodePackages">;
  readonly lockText: string;
  /** Its package.json. */
  readonly manifest: Readonly<Record<string, unknown>>;
  /** Of packages whose lock file doesn't say where they come from. */
  readonly registry: string | undefined;
}

/** An install as far as it follows from the lock file. */
export type ReadInstall = Omit<NodeInstall, "lockBytes" | "scripts">;

type Locked = Pick<LockedPackage, "name" | "version" | "url" | "integrity">;

/** Returns the archive of a package; `registry` is that of packages whose lock file lacks the address. */
export function archiveOf({ name, version, url, integrity }: Locked, registry: string | undefined): Archive {
  const file = `${name.slice(name.indexOf("/") + 1)}-${version}.tgz`;
  return {
    url: url ?? (registry === undefined ? `npm:${name}@${version}` : `${registry}/${name}/-/${file}`),
    version,
    ...(integrity !== undefined && { integrity }),
  };
}
