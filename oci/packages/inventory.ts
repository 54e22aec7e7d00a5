import { success, type Result } from "../core/error.ts";
import { parseApkInstalled } from "./apk.ts";
import { parseDpkgStatus } from "./dpkg.ts";
import { parsePackageJson } from "./npm.ts";
import { parsePythonMetadata } from "./python.ts";

export type PackageManager = "dpkg" | "apk" | "npm" | "pip";

/** A package in an image, from any package manager. */
export interface ImagePackage {
  readonly manager: PackageManager;
  readonly name: string;
  readonly version: string;
  /** The path of its record in the image. */
  readonly path: string;
}

/**
 * The manager whose record a path is; undefined for any other file. Paths are as in layers, without a leading slash.
 */
export function packageRecordAt(path: string): PackageManager | undefined {
  return records.find(([, pattern]) => pattern.test(path))?.[0];
}

const records: readonly (readonly [PackageManager, RegExp])[] = [
  ["dpkg", /^var\/lib\/dpkg\/(?:status|status\.d\/[^/]+)$/],
  ["apk", /^(?:usr\/)?lib\/apk\/db\/installed$/],
  ["npm", /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/],
  ["pip", /\/[^/]+\.(?:dist-info\/METADATA|egg-info\/PKG-INFO|egg-info)$/],
];

/** True if a path is rpm's database, which isn't read. */
export function isRpmDatabase(path: string): boolean {
  return /^(?:var|usr)\/lib\/(?:sysimage\/)?rpm\/(?:Packages(?:\.db)?|rpmdb\.sqlite)$/.test(path);
}

/** Parses the packages in a record. */
export function parsePackageRecord(
  manager: PackageManager,
  path: string,
  bytes: Uint8Array,
): Result<readonly ImagePackage[]> {
  // Distroless images keep the lists of files next to the records.
  if (path.endsWith(".md5sums")) return success([]);
  const parsed = parse(manager, path, bytes);
  if (!parsed.ok) return parsed;
  return success(parsed.value.map(({ name, version }) => ({ manager, name, version, path })));
}

function parse(
  manager: PackageManager,
  path: string,
  bytes: Uint8Array,
): Result<readonly { readonly name: string; readonly version: string }[]> {
  switch (manager) {
    case "dpkg":
      return parseDpkgStatus(bytes, `/${path}`);
    case "apk":
      return parseApkInstalled(bytes, `/${path}`);
    case "npm":
      return success([parsePackageJson(bytes)].filter((found) => found !== undefined));
    case "pip":
      return success([parsePythonMetadata(bytes)].filter((found) => found !== undefined));
    default:
      return manager satisfies never;
  }
}
