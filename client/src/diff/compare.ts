import { formatBytes } from "../../../oci/core/bytes.ts";
import { type DiffRow, diff, diffSummary } from "../../../oci/core/diff.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import type { LayerContent, LayerEntry } from "../../../oci/core/entry.ts";
import { failure, type Result, success } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { stack } from "../../../oci/core/stack.ts";
import type { ImageReader, LayerReader, Progress, ReadLayers } from "../../../oci/source/source.ts";
import { readableStep } from "../ui/instruction.ts";
import type { DiffModel, ViewEntry, ViewRow } from "../../../media/protocol/messages.ts";
import { type DiffRequest, type DiffSide, isLayerChange, shortSide } from "./side.ts";

export interface CompareHooks {
  /** Undefined for one that is not open. */
  source(sourceId: string): Promise<(ImageReader & LayerReader) | undefined>;
  /** `fraction` from 0 to 1, absent where nobody knows. */
  onProgress(label: string, fraction: number | undefined): void;
}

/** Reads the layers of both sides and compares the file systems they make. */
export async function compare(request: DiffRequest, hooks: CompareHooks, signal: AbortSignal): Promise<Result<DiffModel>> {
  const after = await readSide(request.after, hooks, signal);
  if (!after.ok) return after;
  // One layer's change needs the same layers but the last: read once.
  const before = isLayerChange(request) ? success({ ...after.value, layers: after.value.layers.slice(0, request.before.layerCount) }) : await readSide(request.before, hooks, signal);
  if (!before.ok) return before;
  hooks.onProgress("Comparing…", undefined);
  const rows = diff(stack(before.value.layers).root, stack(after.value.layers).root);
  return success({
    title: isLayerChange(request) ? `What layer ${request.after.layerCount ?? ""} of ${request.after.name} changed` : `From ${shortSide(request.before)} to ${shortSide(request.after)}`,
    ...subtitleOf(request, after.value.image),
    before: describeSide(request.before, before.value),
    after: describeSide(request.after, after.value),
    summary: diffSummary(rows),
    notes: notesOn(rows),
    rowCount: rows.length,
    rows: rows.map(viewRow),
  });
}

/** As the Dockerfile had it: what changed is the work of this line. */
function subtitleOf(request: DiffRequest, { layers }: Image): { subtitle?: string } {
  const step = isLayerChange(request) ? layers[(request.after.layerCount ?? 0) - 1]?.step : undefined;
  if (step === undefined || step.createdBy === "") return {};
  const { keyword, text } = readableStep(step.createdBy);
  return { subtitle: (keyword === undefined ? text : `${keyword} ${text}`).slice(0, maxSubtitle) };
}

/** A line of the page; the tree's hover has the whole instruction. */
const maxSubtitle = 1000;

interface ReadSide {
  readonly image: Image;
  /** Lowest first. */
  readonly layers: readonly LayerContent[];
}

async function readSide(side: DiffSide, hooks: CompareHooks, signal: AbortSignal): Promise<Result<ReadSide>> {
  hooks.onProgress(`Looking at ${side.name}…`, undefined);
  const source = await hooks.source(side.sourceId);
  if (!source) return failure({ kind: "notFound", what: side.name, message: `${side.sourceId.replace(/^archive:/, "")} is not open; open it and compare again` });
  const image = await source.image(side.image, {}, signal);
  if (!image.ok) return image;
  const wanted = image.value.layers.slice(0, side.layerCount).map(({ diffId }) => diffId);
  if (side.layerCount !== undefined && wanted.length < side.layerCount) {
    return failure({ kind: "notFound", what: `layer ${side.layerCount} of ${side.name}`, message: `${side.name} has ${wanted.length} layers now` });
  }
  if (wanted.length === 0) return success({ image: image.value, layers: [] });
  const read = await source.layers(image.value, { wanted, onProgress: (progress) => hooks.onProgress(...progressOf(side, progress)) }, signal);
  if (!read.ok) return read;
  return inOrder(side, image.value, wanted, read.value);
}

/** The same layer may stand twice in an image. */
function inOrder(side: DiffSide, image: Image, wanted: readonly DiffId[], { contents, problems }: ReadLayers): Result<ReadSide> {
  const layers: LayerContent[] = [];
  for (const diffId of wanted) {
    const content = contents.get(diffId);
    // A file system without one of its layers would be another one: no half comparison.
    if (!content) return failure(problems?.get(diffId) ?? { kind: "notFound", what: `layer ${diffId} of ${side.name}`, message: "what the source sent does not hold this layer" });
    layers.push(content);
  }
  return success({ image, layers });
}

function progressOf(side: DiffSide, { readBytes, totalBytes, label }: Progress): [string, number | undefined] {
  const fraction = totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, readBytes / totalBytes);
  return [`${sentence(label) || `Reading ${side.name}`}: ${formatBytes(readBytes)}${totalBytes === undefined ? "" : ` of ${formatBytes(totalBytes)}`}`, fraction];
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

function describeSide(side: DiffSide, { layers, image }: ReadSide): string {
  const count = layers.length;
  if (count === 0) return "an empty file system";
  return count === image.layers.length ? `${side.name}, ${count === 1 ? "its one layer" : `all ${count} layers`}` : `${side.name}, ${count === 1 ? "its base layer" : `layers 1 to ${count}`} of ${image.layers.length}`;
}

/** What could not be compared as exactly as it looks. */
function notesOn(rows: readonly DiffRow[]): readonly string[] {
  const unsure = rows.filter(({ before, after }) => before?.kind === "file" && after?.kind === "file" && before.size === after.size && (before.sha256 === undefined || after.sha256 === undefined));
  if (unsure.length === 0) return [];
  return [unsure.length === 1 ? "1 file of the same size was compared by its attributes only: its content was not read" : `${unsure.length.toLocaleString("en")} files of the same size were compared by their attributes only: their content was not read`];
}

function viewRow(row: DiffRow): ViewRow {
  const withXattrs = row.attributes.includes("xattrs");
  return {
    path: row.path,
    ...(row.change === "renamed" && row.before ? { from: row.before.path } : {}),
    change: row.change,
    attributes: row.attributes,
    ...(row.before ? { before: viewEntry(row.before, withXattrs ? "withXattrs" : "short") } : {}),
    ...(row.after ? { after: viewEntry(row.after, withXattrs ? "withXattrs" : "short") } : {}),
    deltaBytes: row.deltaBytes,
  };
}

function viewEntry(entry: LayerEntry, form: "short" | "withXattrs"): ViewEntry {
  const names = entry.userName === undefined && entry.groupName === undefined ? "" : ` (${entry.userName ?? entry.uid}:${entry.groupName ?? entry.gid})`;
  return {
    kind: entry.kind,
    size: entry.size,
    mode: entry.mode,
    owner: `${entry.uid}:${entry.gid}${names}`,
    mtimeMs: entry.mtimeMs,
    ...(entry.linkTarget === undefined ? {} : { linkTarget: entry.linkTarget }),
    ...(entry.deviceMajor === undefined ? {} : { device: `${entry.deviceMajor}:${entry.deviceMinor ?? 0}` }),
    ...(form === "withXattrs" ? { xattrs: entry.xattrs ?? {} } : {}),
  };
}

