import { contentBytes, type ContentBytes } from "./bytes.ts";
import { type ChangedAttribute, changedAttributes } from "./diff.ts";
import type { LayerEntry } from "./entry.ts";
import type { Stack, Vanished } from "./stack.ts";

/**
 * The reason why shipped bytes don't show: other content at the path, the same content with other attributes (chmod,
 * chown, touch), an identical copy, or nothing at the path.
 */
export type WasteCause = "overwritten" | "metadata" | "identical" | "deleted";

/**
 * The bytes that an image ships but hides. Bytes are uncompressed file content. A copy that stays visible is not waste.
 */
export interface Waste {
  /** shippedBytes − visibleBytes. */
  readonly bytes: ContentBytes;
  readonly shippedBytes: ContentBytes;
  readonly visibleBytes: ContentBytes;
  /** visibleBytes ÷ shippedBytes; 1 if nothing was shipped. */
  readonly efficiency: number;
  readonly byCause: Readonly<Record<WasteCause, ContentBytes>>;
  /** Most bytes first, then by path. */
  readonly paths: readonly WastedPath[];
  /** For each layer, base first: the bytes it ships that an upper layer (or itself) hides. */
  readonly introducedBytes: readonly ContentBytes[];
  /** For each layer, base first: the bytes it hides. */
  readonly hiddenBytes: readonly ContentBytes[];
}

export interface WastedPath {
  readonly path: string;
  readonly bytes: ContentBytes;
  /** Each hidden version, lowest first. */
  readonly versions: readonly WastedVersion[];
}

export interface WastedVersion {
  readonly bytes: ContentBytes;
  readonly cause: WasteCause;
  readonly introducedBy: number;
  readonly hiddenBy: number;
  /** The cause: a marker for its path or a directory above, an opaque directory, or another entry put there. */
  readonly reason: Vanished["reason"];
  /** The attributes that differ in the copy that hides it; only if the cause is "metadata". */
  readonly attributes?: readonly ChangedAttribute[];
  /** The directory whose removal took the path along; absent if it is the path itself. */
  readonly through?: string;
}

/**
 * Sums the bytes of every version of every path that the stack's file system doesn't show. Directory whiteouts and
 * opaque markers are counted file by file.
 */
export function waste(stack: Stack, layerCount: number): Waste {
  const introduced = new Array<number>(layerCount).fill(0);
  const hidden = new Array<number>(layerCount).fill(0);
  const byCause: Record<WasteCause, number> = { overwritten: 0, metadata: 0, identical: 0, deleted: 0 };
  const versions = new Map<string, WastedVersion[]>();
  for (const vanished of stack.vanished) {
    if (vanished.bytes === 0) continue;
    const { path } = vanished;
    const version = describe(vanished, path);
    introduced[version.introducedBy] = (introduced[version.introducedBy] ?? 0) + version.bytes;
    hidden[version.hiddenBy] = (hidden[version.hiddenBy] ?? 0) + version.bytes;
    byCause[version.cause] += version.bytes;
    const list = versions.get(path);
    if (list) list.push(version);
    else versions.set(path, [version]);
  }
  const { shippedBytes, visibleBytes } = stack;
  return {
    bytes: contentBytes(shippedBytes - visibleBytes),
    shippedBytes,
    visibleBytes,
    efficiency: shippedBytes === 0 ? 1 : visibleBytes / shippedBytes,
    byCause: {
      overwritten: contentBytes(byCause.overwritten),
      metadata: contentBytes(byCause.metadata),
      identical: contentBytes(byCause.identical),
      deleted: contentBytes(byCause.deleted),
    },
    paths: [...versions].map(([path, list]) => ({ path, bytes: sum(list), versions: list })).sort(mostBytesFirst),
    introducedBytes: introduced.map(contentBytes),
    hiddenBytes: hidden.map(contentBytes),
  };
}

/** The bytes of one layer that one layer above hides for one reason. */
export interface LayerWaste extends Pick<WastedVersion, "introducedBy" | "hiddenBy" | "cause" | "bytes"> {
  readonly fileCount: number;
  /** The path that wastes most. */
  readonly largestPath: string;
  /** The attributes that differ in any of the copies that hide them; empty unless the cause is "metadata". */
  readonly attributes: readonly ChangedAttribute[];
}

/** The waste of an image by the layers that added and hid it. */
export interface WasteSummary {
  readonly bytes: ContentBytes;
  /** Most bytes first. */
  readonly byLayers: readonly LayerWaste[];
}

/** Sums wasted versions by the layers that added and hid them, most bytes first. */
export function wasteByLayers(paths: readonly WastedPath[]): readonly LayerWaste[] {
  const sums = new Map<string, LargestFirst>();
  for (const { path, versions } of paths) {
    for (const version of versions) {
      const key = `${version.introducedBy} ${version.hiddenBy} ${version.cause}`;
      sums.set(key, withVersion(sums.get(key), path, version));
    }
  }
  return [...sums.values()].map(({ largestBytes: _, ...rest }) => rest).sort((a, b) => b.bytes - a.bytes);
}

type LargestFirst = LayerWaste & { readonly largestBytes: number };

function withVersion(sum: LargestFirst | undefined, path: string, version: WastedVersion): LargestFirst {
  const { introducedBy, hiddenBy, cause, bytes, attributes = [] } = version;
  if (!sum)
    return { introducedBy, hiddenBy, cause, bytes, fileCount: 1, largestPath: path, largestBytes: bytes, attributes };
  return {
    ...sum,
    bytes: contentBytes(sum.bytes + bytes),
    fileCount: sum.fileCount + 1,
    attributes: [...new Set([...sum.attributes, ...attributes])],
    ...(bytes > sum.largestBytes && { largestPath: path, largestBytes: bytes }),
  };
}

function describe(vanished: Vanished, path: string): WastedVersion {
  const { bytes, introducedBy, endedBy, cause, reason } = vanished;
  return {
    bytes,
    ...causeOf(vanished),
    introducedBy,
    hiddenBy: endedBy,
    reason,
    ...(cause === path ? {} : { through: cause }),
  };
}

function causeOf({ entry, successor }: Vanished): Pick<WastedVersion, "cause" | "attributes"> {
  if (!successor) return { cause: "deleted" };
  if (entry.kind !== "file" || successor.kind !== "file" || !isSameContent(entry, successor))
    return { cause: "overwritten" };
  const attributes = changedAttributes({ entry }, { entry: successor }).filter((attribute) => attribute !== "content");
  return attributes.length === 0 ? { cause: "identical" } : { cause: "metadata", attributes };
}

/**
 * True for equal content. Without hashes, the same size and time count as equal, as in rsync: a chmod in a layer keeps
 * both.
 */
function isSameContent(a: LayerEntry, b: LayerEntry): boolean {
  if (a.size !== b.size) return false;
  return a.sha256 !== undefined && b.sha256 !== undefined ? a.sha256 === b.sha256 : a.mtimeMs === b.mtimeMs;
}

function sum(versions: readonly WastedVersion[]): ContentBytes {
  return contentBytes(versions.reduce((total, { bytes }) => total + bytes, 0));
}

function mostBytesFirst(a: WastedPath, b: WastedPath): number {
  return b.bytes - a.bytes || (a.path < b.path ? -1 : 1);
}
