import type { PythonBase } from "./base.ts";
import { normalizedName } from "./requirement.ts";
import type { PythonTarget } from "./wheelTags.ts";

/** A path of an image, without a leading slash. */
interface ListedPath {
  readonly path: string;
}

/** The Python with pip that an image's paths show. */
export interface FoundPython {
  readonly version: readonly [major: number, minor: number];
  /** Without a leading slash: `usr/local`. */
  readonly prefix: string;
  /** The folder of pip's own files. */
  readonly pipFolder: string;
  readonly pipVersion: string;
  readonly installed: readonly string[];
  readonly hasByteCode: boolean;
  readonly isMusl: boolean;
  /** Absolute paths of the files that {@link readPythonBase} reads. */
  readonly texts: readonly string[];
}

const pipInfo =
  /^((?:(?:usr\/local|usr|opt\/[\w.-]+)\/)lib\/python3(?:\.(\d+))?\/(?:site|dist)-packages)\/pip-([^/]+)\.(?:dist|egg)-info\//;

/** Finds pip among the paths of an image; an own Python in /usr/local comes before the distribution's. */
export function findPython(listing: readonly ListedPath[]): FoundPython | undefined {
  const pips = new Map<string, { readonly minor: string | undefined; readonly pip: string }>();
  for (const { path } of listing) {
    const [, folder, minor, pip] = pipInfo.exec(path) ?? [];
    if (folder !== undefined && pip !== undefined) pips.set(folder, { minor, pip });
  }
  const [folder] = [...pips.keys()].sort((a, b) => rankOf(a) - rankOf(b));
  const found = folder === undefined ? undefined : pips.get(folder);
  if (folder === undefined || !found) return undefined;
  const prefix = folder.slice(0, folder.indexOf("/lib/python3"));
  const minor = Number(found.minor ?? minorIn(listing, prefix));
  if (Number.isNaN(minor)) return undefined;
  const library = `${prefix}/lib/python3.${minor}/`;
  const folders = [folder, `${library}site-packages`];
  return {
    version: [3, minor],
    prefix,
    pipFolder: `${folder}/pip`,
    pipVersion: found.pip,
    installed: installedIn(listing, folders),
    hasByteCode: listing.some(({ path }) => path === `${library}__pycache__/os.cpython-3${minor}.pyc`),
    isMusl: listing.some(({ path }) => /^lib\/ld-musl-[\w-]+\.so\.1$/.test(path)),
    texts: [`/${folder}/pip/_internal/models/index.py`, ...configFiles(prefix), ...releaseFiles],
  };
}

function rankOf(folder: string): number {
  return folder.startsWith("usr/local/") ? 0 : folder.startsWith("usr/") ? 1 : 2;
}

function minorIn(listing: readonly ListedPath[], prefix: string): string | undefined {
  const program = new RegExp(`^${prefix}/bin/python3\\.(\\d+)$`);
  return listing.flatMap(({ path }) => program.exec(path)?.[1] ?? []).at(-1);
}

function installedIn(listing: readonly ListedPath[], folders: readonly string[]): readonly string[] {
  const names = new Set<string>();
  for (const { path } of listing) {
    const folder = folders.find((one) => path.startsWith(`${one}/`));
    if (folder === undefined) continue;
    const [, name, version] =
      /^([\w.]+)-([^-/]+)(?:-py[\d.]+)?\.(?:dist|egg)-info(?:\/|$)/.exec(path.slice(folder.length + 1)) ?? [];
    if (name !== undefined && version !== undefined) names.add(`${normalizedName(name)}==${version}`);
  }
  return [...names];
}

/** @see https://pip.pypa.io/en/stable/topics/configuration/ */
function configFiles(prefix: string): readonly string[] {
  return ["/etc/pip.conf", `/${prefix}/pip.conf`, "/root/.pip/pip.conf", "/root/.config/pip/pip.conf"];
}

const releaseFiles = ["/etc/os-release", "/usr/lib/os-release"];

/** Reads the rest from the texts of {@link FoundPython.texts}; undefined if the C library isn't known. */
export function readPythonBase(
  found: FoundPython,
  texts: ReadonlyMap<string, string>,
  architecture: string,
): PythonBase | undefined {
  const machine = machines.get(architecture);
  const libc = found.isMusl
    ? (["musl", [1, 2]] as const)
    : glibcOf(releaseFiles.map((path) => texts.get(path)).join("\n"));
  if (machine === undefined || !libc) return undefined;
  const target: PythonTarget = { version: found.version, machine, libc };
  const settings = configFiles(found.prefix).flatMap((path) => settingsIn(texts.get(path) ?? ""));
  const index =
    settings.findLast(([name]) => name === "index-url")?.[1] ??
    defaultIndex(texts.get(`/${found.pipFolder}/_internal/models/index.py`) ?? "");
  return {
    target,
    sitePackages: sitePackagesOf(found),
    interpreter: `/${found.prefix}/bin/python3.${found.version[1]}`,
    pipVersion: found.pipVersion,
    installed: found.installed,
    ...(index !== undefined && { index }),
    settings: settings.map(([name]) => name).filter((name) => !harmless.has(name)),
    hasByteCode: found.hasByteCode,
  };
}

/** Debian's own Python installs beside the packages of apt. */
function sitePackagesOf({ pipFolder, prefix, version }: FoundPython): string {
  return pipFolder.includes("/dist-packages/")
    ? `/usr/local/lib/python3.${version[1]}/dist-packages`
    : `/${prefix}/lib/python3.${version[1]}/site-packages`;
}

const machines: ReadonlyMap<string, string> = new Map([
  ["amd64", "x86_64"],
  ["arm64", "aarch64"],
  ["386", "i686"],
  ["arm", "armv7l"],
  ["ppc64le", "ppc64le"],
  ["s390x", "s390x"],
  ["riscv64", "riscv64"],
]);

/** The minor versions of glibc 2 in releases of distributions. */
const glibcs: ReadonlyMap<string, number> = new Map([
  ["debian 10", 28],
  ["debian 11", 31],
  ["debian 12", 36],
  ["debian 13", 41],
  ["ubuntu 20.04", 31],
  ["ubuntu 22.04", 35],
  ["ubuntu 24.04", 39],
]);

function glibcOf(osRelease: string): PythonTarget["libc"] | undefined {
  const value = (name: string): string => new RegExp(`^${name}=["']?([^"'\\s]*)`, "m").exec(osRelease)?.[1] ?? "";
  const minor = glibcs.get(`${value("ID")} ${value("VERSION_ID")}`);
  return minor === undefined ? undefined : ["glibc", [2, minor]];
}

/** Settings that don't change what is installed, and the index itself. */
const harmless: ReadonlySet<string> = new Set([
  "index-url",
  "cert",
  "client-cert",
  "trusted-host",
  "timeout",
  "retries",
  "disable-pip-version-check",
  "break-system-packages",
  "root-user-action",
  "progress-bar",
  "no-input",
  "quiet",
  "no-color",
]);

function settingsIn(text: string): readonly (readonly [string, string])[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^([\w-]+)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name.replaceAll("_", "-"), value?.trim() ?? ""] as const];
  });
}

/** The address that pip's own files name. */
function defaultIndex(source: string): string | undefined {
  const address = /^PyPI\s*=\s*PackageIndex\(\s*["']([^"']+)["']/m.exec(source)?.[1];
  return address === undefined ? undefined : `${address.replace(/\/$/, "")}/simple`;
}
