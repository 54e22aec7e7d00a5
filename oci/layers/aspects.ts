import { createHash } from "node:crypto";
import { entriesOf, opaqueDirectoriesOf, whiteoutsOf } from "../core/columns/content.ts";
import type { LayerContent, LayerEntry } from "../core/entry.ts";
import { success, type Result } from "../core/error.ts";
import { alignLayers, type AlignedLayer, type LayerPair } from "../images/alignLayers.ts";
import { diffPackages, type PackageChange } from "../packages/packageDiff.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";
import type { LayerSides } from "./diff.ts";
import type { FileSystem, FileSystemRequest, FileSystems } from "./fileSystem.ts";
import { installedPackages, type Inventory } from "./packages.ts";

/** Subjects of a comparison of two images, in addition to their files and configurations. */
export type Aspect = "layers" | "packages";

export interface AspectRequest<Source> extends LayerSides<Source> {
  readonly aspects: readonly Aspect[];
}

export interface Aspects {
  readonly layers?: readonly LayerPair[];
  readonly packages?: PackageComparison;
}

export interface PackageComparison {
  readonly changes: readonly PackageChange[];
  /** The number of packages on each side. */
  readonly counts: { readonly before: number; readonly after: number };
  /** Package records that couldn't be read, including `rpm`. Their packages are missing. */
  readonly unread: readonly string[];
}

/** Uses a reader of a side's files. With an engine, this exports the image again. */
export type WithFiles<Source> = <T>(
  side: FileSystemRequest<Source>,
  act: (source: LayerReader & FileReader) => Promise<Result<T>>,
) => Promise<Result<T>>;

/** Compares the layers and the packages of two images. */
export async function compareAspects<Source>(
  { before, after, aspects }: AspectRequest<Source>,
  tools: {
    readonly fileSystems: FileSystems;
    readonly readerOf: (source: Source) => LayerReader;
    readonly withFiles: WithFiles<Source>;
    readonly onProgress: (progress: Progress) => void;
  },
  signal: AbortSignal,
): Promise<Result<Aspects>> {
  const found: { layers?: readonly LayerPair[]; packages?: PackageComparison } = {};
  const { fileSystems, readerOf, onProgress } = tools;
  const read = (side: FileSystemRequest<Source>): Promise<Result<FileSystem>> =>
    fileSystems.read({ ...side, source: readerOf(side.source) }, onProgress, signal);
  if (aspects.includes("layers")) {
    const [old, current] = [await read(before), await read(after)];
    if (!old.ok) return old;
    if (!current.ok) return current;
    found.layers = alignLayers(described(before, old.value), described(after, current.value));
  }
  if (aspects.includes("packages")) {
    const packagesOf = (side: FileSystemRequest<Source>): Promise<Result<Inventory>> =>
      tools.withFiles(side, (source) => installedPackages({ ...side, source, fileSystems }, onProgress, signal));
    const [old, current] = [await packagesOf(before), await packagesOf(after)];
    if (!old.ok) return old;
    if (!current.ok) return current;
    found.packages = {
      changes: diffPackages(old.value.packages, current.value.packages),
      counts: { before: old.value.packages.length, after: current.value.packages.length },
      unread: [...new Set([...old.value.unread, ...current.value.unread])],
    };
  }
  return success(found);
}

function described<Source>(
  { image, layerCount }: FileSystemRequest<Source>,
  { contents, problems }: FileSystem,
): readonly AlignedLayer[] {
  return image.layers.slice(0, layerCount).map(({ diffId, step }, index) => {
    const content = problems.has(index) ? undefined : contents[index];
    const createdBy = step?.createdBy ?? "";
    return content ? { diffId, createdBy, effect: effectOf(content), files: filesOf(content) } : { diffId, createdBy };
  });
}

/** A hash of a layer's whole effect on the layers below, independent of order and times. */
function effectOf(content: LayerContent): string | undefined {
  const entries = entriesOf(content);
  // Unknown content can't be equal.
  if (entries.some(({ kind, sha256 }) => kind === "file" && sha256 === undefined)) return undefined;
  const hash = createHash("sha256");
  for (const line of [
    ...entries.map(timeless),
    ...whiteoutsOf(content).map((path) => `- ${path}`),
    ...opaqueDirectoriesOf(content).map((path) => `o ${path}`),
  ].sort())
    hash.update(line).update("\0");
  return hash.digest("hex");
}

function timeless({
  mtimeMs: _,
  userName: __,
  groupName: ___,
  writtenPath: ____,
  xattrs,
  ...entry
}: LayerEntry): string {
  return JSON.stringify([Object.entries(entry).sort(), Object.entries(xattrs ?? {}).sort()]);
}

function filesOf(content: LayerContent): ReadonlySet<string> {
  return new Set(
    entriesOf(content).flatMap(({ kind, path, sha256 }) => (kind === "file" ? [`${sha256 ?? ""} ${path}`] : [])),
  );
}
