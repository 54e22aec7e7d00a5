import { failure, success, type Result } from "../core/error.ts";
import type { LayerEntry } from "../core/entry.ts";
import type { TreeNode } from "../core/layerTree.ts";
import { parseDpkgStatus, type DpkgPackage } from "../packages/dpkg.ts";
import { dpkgConfigFiles, isLeftOut, parsePathRules, profileOf, type PathRule } from "../packages/dpkgPathRules.ts";
import type { PackageSize, PackageSizes } from "../packages/packageSizes.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";
import type { FileSystemRequest, FileSystems } from "./fileSystem.ts";
import { readImageFiles } from "./files.ts";
import { resolvePath } from "./resolvePath.ts";

/** The file lists of a thousand packages take about 10 MB. */
const maxBytes = 128 * 1024 * 1024;

const infoFolder = "/var/lib/dpkg/info/";

/**
 * Counts the size of each Debian package of an image. Packages whose files were changed or removed since installation
 * are left out.
 */
export async function readPackageSizes(
  { fileSystems, ...request }: FileSystemRequest<LayerReader & FileReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<PackageSizes>> {
  const paths = ["/var/lib/dpkg/status", infoFolder, ...dpkgConfigFiles];
  const wanted = { ...request, fileSystems, paths, sizesBelow: [], maxBytes };
  const files = await readImageFiles(wanted, onProgress, signal);
  if (!files.ok) return files;
  const { contents } = files.value;
  const status = contents.get("/var/lib/dpkg/status");
  if (!status) return failure({ kind: "notFound", what: request.image.reference, message: "it has no dpkg database" });
  const installed = parseDpkgStatus(status);
  if (!installed.ok) return installed;
  // Cached by the read above.
  const system = await fileSystems.read(request, onProgress, signal);
  if (!system.ok) return system;
  const rules = parsePathRules(contents);
  const counting: Counting = { root: system.value.root, rules, info: infoOf(contents) };
  const packages = installed.value.flatMap((it) => sizeOf(counting, it) ?? []);
  return success({ profile: profileOf(rules), packages, lostListBytes: lostListBytes(counting) });
}

interface Counting {
  readonly root: TreeNode;
  readonly rules: readonly PathRule[];
  readonly info: ReadonlyMap<string, PackageInfo>;
}

/** dpkg's data about a package, by name, or by name and architecture. */
interface PackageInfo {
  readonly listPath: string;
  readonly paths: readonly string[];
  readonly bytes: number;
}

function infoOf(contents: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, PackageInfo> {
  const decoder = new TextDecoder();
  const found = new Map<string, PackageInfo>();
  for (const [path, bytes] of contents) {
    if (!path.startsWith(infoFolder) || !path.endsWith(".list")) continue;
    // The root folder is listed as `/.`.
    const lines = decoder.decode(bytes).split("\n");
    const paths = lines.filter((line) => line !== "" && line !== "/.");
    found.set(path.slice(infoFolder.length, -".list".length), { listPath: path, paths, bytes: 0 });
  }
  for (const [path, { length }] of contents) {
    const name = path.startsWith(infoFolder) ? path.slice(infoFolder.length, path.lastIndexOf(".")) : "";
    const info = found.get(name);
    if (info) found.set(name, { ...info, bytes: info.bytes + length });
  }
  return found;
}

/**
 * Folders listed by this many packages are likely to be in new ones too: `/usr/share/lintian/overrides` is in a third
 * of Debian's.
 */
const minSharing = 3;

function lostListBytes({ root, rules, info }: Counting): number {
  const lost = new Map<string, number>();
  const isLost = (path: string): boolean => !lookUp(root, path) && !isLeftOut(rules, path);
  for (const { paths } of info.values())
    for (const path of paths) if (isLost(path)) lost.set(path, (lost.get(path) ?? 0) + 1);
  const shared = new Set([...lost].flatMap(([path, count]) => (count >= minSharing ? path : [])));
  const rewritten = [...info.values()].filter(({ paths }) => paths.some((path) => shared.has(path)));
  return sum(rewritten.map(({ paths }) => sum(paths.map((path) => (shared.has(path) ? 0 : path.length + 1)))));
}

function sizeOf(counting: Counting, it: DpkgPackage): PackageSize | undefined {
  const { root, info } = counting;
  const own = info.get(it.name) ?? info.get(`${it.name}:${it.architecture}`);
  const listed = own && lookUp(root, own.listPath);
  const files = listed && it.state === "installed" ? filesOf(counting, own.paths, layerOf(listed)) : undefined;
  if (!own || !files) return undefined;
  const sources = [...files.values()].filter(({ path }) => isPython(path));
  const { name, version, architecture } = it;
  return {
    name,
    version,
    architecture,
    bytes: sum([...files.values()].map(({ size }) => size)),
    infoBytes: own.bytes,
    pythonBytes: sum(sources.map(({ size }) => size)),
    byteCodeBytes: sum(sources.map(({ path }) => byteCodeOf(root, path))),
  };
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

interface OwnFile {
  /** One of its names. */
  readonly path: string;
  readonly size: number;
}

/**
 * The regular files among the paths, by the path that holds their content; undefined if one is gone or was written by a
 * layer above `layerIndex`.
 */
function filesOf(
  { root, rules }: Counting,
  paths: readonly string[],
  layerIndex: number,
): ReadonlyMap<string, OwnFile> | undefined {
  const files = new Map<string, OwnFile>();
  for (const path of paths) {
    const node = lookUp(root, path);
    if (!node && !isLeftOut(rules, path)) return undefined;
    const file = node && regularFile(node);
    if (file && layerOf(node) > layerIndex) return undefined;
    if (file && !files.has(file.path)) files.set(file.path, { path, size: file.size });
  }
  return files;
}

function regularFile({ entry, linked }: TreeNode): LayerEntry | undefined {
  const file = linked ?? entry;
  return file?.kind === "file" ? file : undefined;
}

function layerOf({ layerIndex = 0 }: TreeNode): number {
  return layerIndex;
}

/** The folder in which Debian's scripts compile. */
function isPython(path: string): boolean {
  return path.endsWith(".py") && /^\/usr\/(?:lib\/python3|share\/)/.test(path);
}

/** The size of the byte code: `a.py` is compiled to `__pycache__/a.cpython-311.pyc`. */
function byteCodeOf(root: TreeNode, path: string): number {
  const slash = path.lastIndexOf("/");
  const cache = lookUp(root, `${path.slice(0, slash)}/__pycache__`);
  const stem = `${path.slice(slash + 1, -".py".length)}.`;
  let bytes = 0;
  for (const [name, { entry }] of cache?.children ?? [])
    if (name.startsWith(stem) && name.endsWith(".pyc")) bytes += entry?.size ?? 0;
  return bytes;
}

/** The node of a path itself: links in its folders are followed, but not one at its end. */
function lookUp(root: TreeNode, path: string): TreeNode | undefined {
  const slash = path.lastIndexOf("/");
  const parent = resolvePath(root, path.slice(0, slash));
  return parent.kind === "found" ? parent.node.children.get(path.slice(slash + 1)) : undefined;
}
