import type { TakeFile } from "../core/entry.ts";
import { success, type Result } from "../core/error.ts";
import { walkTree, type TreeNode } from "../core/layerTree.ts";
import {
  isRpmDatabase,
  packageRecordAt,
  parsePackageRecord,
  type ImagePackage,
  type PackageManager,
} from "../packages/inventory.ts";
import type { FileReader, LayerReader, Progress } from "../source/source.ts";
import { byCarrier, type FileSystemRequest, type FileSystems } from "./fileSystem.ts";

/** The packages of a file system. */
export interface Inventory {
  readonly packages: readonly ImagePackage[];
  /** Paths of records that weren't read, `rpm` if its database exists, and layers (`layer 2`, base is 0). */
  readonly unread: readonly string[];
}

const maxRecords = 100_000; // Ten times the size of the largest node_modules seen.
const maxRecordBytes = 64 * 1024 * 1024; // The database of a full desktop has 6 MB.
const maxTotalBytes = 256 * 1024 * 1024;

/** Reads the records of package managers in a file system, each layer once. */
export async function installedPackages(
  { fileSystems, ...request }: FileSystemRequest<LayerReader & FileReader> & { readonly fileSystems: FileSystems },
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Result<Inventory>> {
  const { source, image } = request;
  const system = await fileSystems.read(request, onProgress, signal);
  if (!system.ok) return system;
  const reading = planReading(system.value.root);
  for (const index of system.value.problems.keys()) reading.unread.push(`layer ${index}`);
  const { layers } = byCarrier(reading.records, system.value.contents, image);
  for (const [diffId, wanted] of layers) {
    onProgress({ readBytes: 0, label: "reading package lists" });
    const read = await source.files(image, { diffId, take: takerOf(wanted) }, signal);
    if (!read.ok) return read;
  }
  return success(parseAll(reading));
}

interface RecordFile {
  readonly node: TreeNode;
  readonly manager: PackageManager;
  chunks: Buffer[] | undefined;
}

interface Reading {
  readonly records: readonly RecordFile[];
  readonly unread: string[];
}

/** The files to read, within the limits. */
function planReading(root: TreeNode): Reading {
  const records: RecordFile[] = [];
  const unread: string[] = [];
  let bytes = 0;
  for (const node of walkTree(root)) {
    const shown = node.linked ?? node.entry;
    if (shown?.kind !== "file") continue;
    if (isRpmDatabase(node.path) && !unread.includes("rpm")) unread.push("rpm");
    const manager = packageRecordAt(node.path);
    if (manager === undefined) continue;
    bytes += shown.size;
    if (records.length >= maxRecords || shown.size > maxRecordBytes || bytes > maxTotalBytes) unread.push(node.path);
    else records.push({ node, manager, chunks: undefined });
  }
  return { records, unread };
}

function takerOf(wanted: ReadonlyMap<string, readonly RecordFile[]>): TakeFile {
  return ({ path }) => {
    const records = wanted.get(path);
    if (!records) return success(undefined);
    const chunks: Buffer[] = [];
    for (const record of records) record.chunks = chunks;
    const end = (problem?: string): void => {
      if (problem !== undefined) for (const record of records) record.chunks = undefined;
    };
    return success({ write: (chunk) => void chunks.push(Buffer.from(chunk)), end });
  };
}

function parseAll({ records, unread }: Reading): Inventory {
  const packages: ImagePackage[] = [];
  const missing = [...unread];
  for (const { node, manager, chunks } of records) {
    const parsed = chunks && parsePackageRecord(manager, node.path, Buffer.concat(chunks));
    if (parsed?.ok) packages.push(...parsed.value);
    else missing.push(node.path);
  }
  return { packages, unread: missing };
}
