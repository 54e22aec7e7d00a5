import { failure, success, type Result } from "../core/error.ts";
import { fieldsOf, isYes, stanzasIn } from "./deb822.ts";
import { checkPackageCount, decodeDatabase, parseCount, type InstalledPackage } from "./package.ts";

/** A binary Debian package, installed or in an index. Relations are as written: `libc6 (>= 2.36), a | b`. */
export interface DebianPackage extends InstalledPackage {
  readonly sourceVersion: string;
  readonly section: string;
  readonly priority: string;
  readonly isEssential: boolean;
  readonly multiArch: string;
  /** Pre-Depends first. */
  readonly depends: string;
  readonly recommends: string;
  readonly provides: string;
  readonly conflicts: string;
  readonly breaks: string;
  /** The length of its paragraph in UTF-16 code units: about its size in the database. */
  readonly stanzaLength: number;
}

/** A package of dpkg's database. */
export interface DpkgPackage extends DebianPackage {
  /** "hold" keeps its version in upgrades. @see dpkg-query(1), "package states" */
  readonly selection: string;
  /** "installed", "half-configured", … */
  readonly state: string;
}

/**
 * Parses `/var/lib/dpkg/status`, or a file of distroless images' `status.d`. Packages whose files are gone are left
 * out.
 */
export function parseDpkgStatus(bytes: Uint8Array, what = "/var/lib/dpkg/status"): Result<readonly DpkgPackage[]> {
  const text = decodeDatabase(bytes, what);
  if (!text.ok) return text;
  const packages: DpkgPackage[] = [];
  for (const stanza of stanzasIn(text.value)) {
    const it = packageOf(stanza);
    if (it && hasFiles(it.state)) packages.push(it);
    const error = checkPackageCount(packages.length, what);
    if (error) return failure(error);
  }
  return success(packages);
}

function packageOf(stanza: string): DpkgPackage | undefined {
  const fields = fieldsOf(stanza);
  const described = debianPackage(fields, stanza.length + 2);
  if (!described) return undefined;
  // Distroless images' status.d has no Status: every listed package is installed.
  const [selection = "install", , state = "installed"] = (fields.get("status") ?? "install ok installed").split(/\s+/);
  return { ...described, selection, state };
}

/** The fields that {@link debianPackage} reads. */
export const debianPackageFields: readonly string[] = [
  "package",
  "version",
  "architecture",
  "source",
  "installed-size",
  "section",
  "priority",
  "essential",
  "multi-arch",
  "pre-depends",
  "depends",
  "recommends",
  "provides",
  "conflicts",
  "breaks",
];

/** Reads the fields that paragraphs of dpkg's database and of an index share; undefined without a name or a version. */
export function debianPackage(fields: ReadonlyMap<string, string>, stanzaLength: number): DebianPackage | undefined {
  const text = (name: string): string => fields.get(name) ?? "";
  const name = fields.get("package");
  const version = fields.get("version");
  if (!name || !version) return undefined;
  const kib = parseCount(fields.get("installed-size"));
  return {
    name,
    version,
    architecture: text("architecture"),
    ...sourceOf(fields.get("source"), name, version),
    ...(kib === undefined ? {} : { installedBytes: kib * 1024 }),
    section: text("section"),
    priority: text("priority"),
    isEssential: isYes(fields.get("essential")),
    multiArch: text("multi-arch"),
    depends: [text("pre-depends"), text("depends")].filter((it) => it !== "").join(", "),
    recommends: text("recommends"),
    provides: text("provides"),
    conflicts: text("conflicts"),
    breaks: text("breaks"),
    stanzaLength,
  };
}

/**
 * `Source: glibc (2.36-9)`: name and version of the source package, if they differ from the binary's.
 * @see Debian policy 5.6.1
 */
export function sourceOf(
  field: string | undefined,
  name: string,
  version: string,
): { readonly source: string; readonly sourceVersion: string } {
  const match = /^(\S+)(?:\s*\(([^()]*)\))?/.exec(field ?? "");
  return { source: match?.[1] ?? name, sourceVersion: match?.[2]?.trim() ?? version };
}

function hasFiles(state: string): boolean {
  return state !== "not-installed" && state !== "config-files";
}
