import { ownEntry } from "../../../oci/core/ownEntry.ts";
import { isRecord } from "../../../oci/core/text.ts";

/** A package as a lock file places it. */
export interface LockedPackage {
  /** The folder it is unpacked into, relative to the project: `node_modules/a/node_modules/b`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  /** Of its archive; absent where the lock file doesn't say. */
  readonly url?: string;
  readonly integrity?: string;
  /** Only needed for development; only by optional packages; or only by these two. */
  readonly isDev?: true;
  readonly isOptional?: true;
  readonly isDevOptional?: true;
  /** True if it comes in the archive of another package, or is a link, and so adds nothing. */
  readonly isPartOfOther?: true;
  /** True if it runs a script when it is installed. */
  readonly hasScript?: true;
  /** The platforms that it supports, each as npm writes it: `linux`, `!win32`. */
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  /** Names of what it depends on, as far as that is installed. */
  readonly needs: readonly string[];
  /** The folder that a link leads to. */
  readonly linkTo?: string;
  /** Bytes of its entry in a lock file, indented as npm does. */
  readonly entryBytes: number;
}

export interface NodeLock {
  /** The project and what its lock file places, in the file's order. */
  readonly packages: readonly LockedPackage[];
  /** Names of the project's own development dependencies. */
  readonly devNeeds: readonly string[];
  /** Bytes of what the file holds beside its packages. */
  readonly headBytes: number;
}

/** More packages than any project has; the largest seen have 5,000. */
const maxPackages = 50_000;

/**
 * Reads a parsed package-lock.json or npm-shrinkwrap.json. Returns the reason as a text if that fails: files of version
 * 1 don't say which packages fit the platform and which run scripts.
 * @see https://docs.npmjs.com/cli/configuring-npm/package-lock-json
 */
export function readNpmLock(value: unknown): NodeLock | string {
  if (!isRecord(value)) return "is not a lock file of npm";
  const version = ownEntry(value, "lockfileVersion");
  if (version === 1) return "has version 1, which doesn't record which packages run scripts";
  if (version !== 2 && version !== 3) return "has an unsupported version";
  const entries = ownEntry(value, "packages");
  if (!isRecord(entries)) return "lists no packages";
  const all = Object.entries(entries);
  if (all.length > maxPackages) return `has more than ${maxPackages} packages`;
  const packages: LockedPackage[] = [];
  for (const [path, entry] of all) {
    const read = isRecord(entry) ? packageOf(path, entry) : undefined;
    if (!read) return `has an entry that isn't understood: ${path || "the project's own"}`;
    packages.push(read);
  }
  const root = ownEntry(entries, "");
  return {
    packages,
    devNeeds: isRecord(root) ? namesIn(root, "devDependencies") : [],
    headBytes: headBytes + 2 * textOf(value, "name").length,
  };
}

/** Of `{ "name": …, "version": …, "lockfileVersion": 3, "requires": true, "packages": { … } }` without the name. */
const headBytes = 90;

type Entry = Readonly<Record<string, unknown>>;

function packageOf(path: string, entry: Entry): LockedPackage | undefined {
  const isLink = isSet(entry, "link");
  const isInstalled = path.includes("node_modules/") && !isLink;
  const isBundled = isSet(entry, "inBundle");
  const version = textOf(entry, "version");
  const resolved = textOf(entry, "resolved");
  if (isInstalled && !isBundled && version === "" && resolved === "") return undefined;
  return {
    path,
    name: textOf(entry, "name") || path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length),
    version,
    ...(isLink ? { linkTo: resolved } : originOf(entry)),
    ...flagsOf(entry),
    ...((!isInstalled || isBundled) && { isPartOfOther: true }),
    ...platformOf(entry),
    needs: ["dependencies", "optionalDependencies", "peerDependencies"].flatMap((field) => namesIn(entry, field)),
    entryBytes: entryBytes(path, entry),
  };
}

function originOf(entry: Entry): Pick<LockedPackage, "url" | "integrity"> {
  const [url, integrity] = [textOf(entry, "resolved"), textOf(entry, "integrity")];
  return { ...(url !== "" && { url }), ...(integrity !== "" && { integrity }) };
}

type Flags = Pick<LockedPackage, "isDev" | "isOptional" | "isDevOptional" | "hasScript">;

function flagsOf(entry: Entry): Flags {
  return {
    ...(isSet(entry, "dev") && { isDev: true }),
    ...(isSet(entry, "optional") && { isOptional: true }),
    ...(isSet(entry, "devOptional") && { isDevOptional: true }),
    ...(isSet(entry, "hasInstallScript") && { hasScript: true }),
  };
}

function isSet(entry: Entry, field: string): boolean {
  return ownEntry(entry, field) === true;
}

function platformOf(entry: Entry): Pick<LockedPackage, "os" | "cpu" | "libc"> {
  const [os, cpu, libc] = ["os", "cpu", "libc"].map((field) => textsOf(entry, field));
  return { ...(os && { os }), ...(cpu && { cpu }), ...(libc && { libc }) };
}

function textOf(entry: Entry, field: string): string {
  const value = ownEntry(entry, field);
  return typeof value === "string" ? value : "";
}

function textsOf(entry: Entry, field: string): readonly string[] | undefined {
  const value = ownEntry(entry, field);
  const texts = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  const known = texts.filter((text) => typeof text === "string");
  return known.length > 0 ? known : undefined;
}

function namesIn(entry: Entry, field: string): readonly string[] {
  const value = ownEntry(entry, field);
  return isRecord(value) ? Object.keys(value) : [];
}

/** As JSON with two spaces for each level, two levels deep, with what follows it. */
function entryBytes(path: string, entry: Entry): number {
  const text = JSON.stringify(entry, undefined, 2);
  const lines = text.split("\n").length;
  return text.length + JSON.stringify(path).length + lines * levelBytes + ": ,\n".length;
}

const levelBytes = 4;
