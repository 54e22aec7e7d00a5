import { success, type Result } from "../../../oci/core/error.ts";
import { fieldsOf, stanzasIn } from "../../../oci/packages/deb822.ts";
import { parseDpkgStatus } from "../../../oci/packages/dpkg.ts";
import { dpkgConfigFiles, parsePathRules } from "../../../oci/packages/dpkgPathRules.ts";
import type { AptBase, Distribution } from "./base.ts";
import { parseAptConfig } from "./index/aptConfig.ts";
import { parsePreferences } from "./index/preferences.ts";
import { parseSources } from "./index/sources.ts";

/** The files of an image that show how apt works there. A path that ends with a slash means the folder's files. */
export const aptBaseFiles = [
  "/etc/os-release",
  "/var/lib/dpkg/status",
  "/var/lib/apt/extended_states",
  "/etc/apt/",
  ...dpkgConfigFiles,
] as const;

/** Folders in which apt, dpkg and debconf rewrite files, whose sizes in the base image are needed. */
export const aptSizeFolders = ["/var/cache/debconf/", "/var/lib/apt/lists/", "/var/log/"] as const;

/**
 * Reads the {@link aptBaseFiles} of an image, by absolute path; `sizes` are those of the files in {@link
 * aptSizeFolders}.
 */
export function readAptBase(
  files: ReadonlyMap<string, Uint8Array>,
  sizes?: ReadonlyMap<string, number>,
): Result<AptBase> {
  const statusBytes = files.get("/var/lib/dpkg/status") ?? new Uint8Array();
  const installed = parseDpkgStatus(statusBytes);
  if (!installed.ok) return installed;
  const textsAt = (pattern: RegExp): ReadonlyMap<string, string> => textsIn(files, pattern);
  const preferences = parsePreferences([...textsAt(/^\/etc\/apt\/preferences(?:\.d\/[\w.-]+)?$/).values()]);
  const config = [...textsAt(/^\/etc\/apt\/apt\.conf(?:\.d\/[\w.-]+)?$/)].sort(([a], [b]) => order(a, b));
  return success({
    distribution: distributionOf([...textsAt(/^\/etc\/os-release$/).values()].join("")),
    // dpkg itself always has the native architecture.
    architecture: installed.value.find(({ name }) => name === "dpkg")?.architecture ?? "amd64",
    installed: installed.value,
    statusBytes: statusBytes.length,
    automatic: automaticNames(textsAt(/^\/var\/lib\/apt\/extended_states$/)),
    sources: parseSources(textsAt(/^\/etc\/apt\/sources\.list(?:\.d\/[\w.-]+\.(?:list|sources))?$/)),
    pins: preferences.pins,
    config: parseAptConfig(config.map(([, text]) => text)),
    pathRules: parsePathRules(files),
    ...(sizes && { files: sizes }),
    unsupported: preferences.unsupported.map((it) => `a pin in apt's preferences (${it})`),
  });
}

function distributionOf(text: string): Distribution {
  const value = (name: string): string => new RegExp(`^${name}=(["']?)(.*)\\1\\s*$`, "m").exec(text)?.[2]?.trim() ?? "";
  return { id: value("ID"), codename: value("VERSION_CODENAME"), name: value("PRETTY_NAME") || value("ID") };
}

/** Compares by code units, as run-parts sorts names. */
function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function textsIn(files: ReadonlyMap<string, Uint8Array>, pattern: RegExp): ReadonlyMap<string, string> {
  const decoder = new TextDecoder();
  return new Map(
    [...files].filter(([path]) => pattern.test(path)).map(([path, bytes]) => [path, decoder.decode(bytes)] as const),
  );
}

function automaticNames(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
  const names = new Set<string>();
  for (const stanza of [...texts.values()].flatMap((text) => [...stanzasIn(text)])) {
    const fields = fieldsOf(stanza);
    const name = fields.get("package");
    if (name !== undefined && fields.get("auto-installed") === "1") names.add(name);
  }
  return names;
}
