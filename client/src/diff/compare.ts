import { capitalize } from "../../../oci/core/text.ts";
import { formatBytes } from "../../../oci/core/bytes.ts";
import type { DiffRow } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { failure, type Result, success } from "../../../oci/core/error.ts";
import type { Image } from "../../../oci/core/image.ts";
import { securityMarks } from "../../../oci/images/securityMarks.ts";
import type { LayerClient } from "../../../oci/layers/client.ts";
import type { LayerDiff, LayerSide } from "../../../oci/layers/diff.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import type { ImageReader, Progress } from "../../../oci/source/source.ts";
import { engineCalled } from "../sources/engineNames.ts";
import { readableStep } from "../../../oci/images/readableStep.ts";
import type { DiffHeader, ShippedBytes, ViewEntry, ViewLayer, ViewRow } from "../../../media/protocol/messages.ts";
import { type DiffRequest, type DiffSide, isLayerChange, shortSide } from "./side.ts";
import { l10n } from "../ui/l10n.ts";

export interface CompareHooks {
  /** Undefined if the source isn't open. */
  source(sourceId: string): Promise<ComparableSource | undefined>;
  readonly diff: LayerClient["diff"];
  readonly list: LayerClient["list"];
  /** `fraction` is from 0 to 1, or undefined if unknown. */
  onProgress(label: string, fraction: number | undefined): void;
  /** Called with an image as described by the layers that were read. */
  onRead(sourceId: string, image: Image): void;
}

export interface ComparableSource extends ImageReader {
  readonly layerSource: LayerSource;
}

/** The result of a comparison. Rows stay in the chunks in which the worker sent them, to be forwarded as they are. */
export interface Comparison {
  readonly header: DiffHeader;
  /** The newer side's image. */
  readonly image: Image;
  readonly pieces: readonly (readonly ViewRow[])[];
}

/** Has the worker read the layers of both sides and compare their file systems. */
export async function compare(
  request: DiffRequest,
  hooks: CompareHooks,
  signal: AbortSignal,
): Promise<Result<Comparison>> {
  const after = await lookAt(request.after, hooks, signal);
  if (!after.ok) return after;
  const before = isLayerChange(request)
    ? success({ ...after.value, layerCount: request.before.layerCount })
    : await lookAt(request.before, hooks, signal);
  if (!before.ok) return before;
  const pieces: (readonly ViewRow[])[] = [];
  let unsureCount = 0;
  const onRows = (piece: readonly DiffRow[]): void => {
    pieces.push(piece.map(viewRow));
    unsureCount += piece.filter(isUnsure).length;
  };
  const onProgress = (progress: Progress): void => hooks.onProgress(...progressOf(progress));
  const compared = await hooks.diff({ before: before.value, after: after.value }, { onRows, onProgress }, signal);
  if (!compared.ok) return compared;
  const listed =
    request.isWhole === true ? await listUnchanged(after.value, { hooks, pieces, onProgress }, signal) : undefined;
  if (listed && !listed.ok) return listed;
  // The newer side was read first and with more layers, so for a shared image it is the more exact.
  hooks.onRead(request.before.sourceId, compared.value.before);
  hooks.onRead(request.after.sourceId, compared.value.after);
  return success({
    header: {
      ...headerOf(request, compared.value),
      ...(request.isWhole === true && { isWhole: true }),
      notes: [...unreadableNotes(request, compared.value), ...notesOn(unsureCount)],
    },
    image: compared.value.after,
    pieces,
  });
}

function headerOf(request: DiffRequest, { before, after, summary, rowCount }: LayerDiff): Omit<DiffHeader, "notes"> {
  return {
    title: titleOf(request),
    ...subtitleOf(request, after),
    ...addsOf(request, after),
    layers: viewLayers(after),
    ...(isLayerChange(request) && { layerIndex: (request.after.layerCount ?? 1) - 1 }),
    before: describeSide(request.before, before),
    after: describeSide(request.after, after),
    summary,
    rowCount,
  };
}

function titleOf(request: DiffRequest): string {
  const { before, after, isWhole } = request;
  if (!isLayerChange(request)) return l10n.t("From {0} to {1}", shortSide(before), shortSide(after));
  const layer = after.layerCount ?? "";
  return isWhole === true
    ? l10n.t("All files at layer {0} of {1}", layer, after.name)
    : l10n.t("What layer {0} of {1} changed", layer, after.name);
}

interface Listing {
  readonly hooks: Pick<CompareHooks, "list">;
  /** The rows of changes, to which rows for the rest are added. */
  readonly pieces: (readonly ViewRow[])[];
  onProgress(progress: Progress): void;
}

/** Adds a row for each entry of the newer side without one. */
function listUnchanged(
  side: LayerSide<LayerSource>,
  { hooks, pieces, onProgress }: Listing,
  signal: AbortSignal,
): Promise<Result<number>> {
  const changed = new Set(pieces.flatMap((piece) => piece.map(({ path }) => path)));
  const onEntries = (entries: readonly LayerEntry[]): void =>
    void pieces.push(entries.filter(({ path }) => !changed.has(path)).map(unchangedRow));
  return hooks.list(side, { onEntries, onProgress }, signal);
}

function unchangedRow(entry: LayerEntry): ViewRow {
  return { path: entry.path, change: "same", attributes: [], after: viewEntry(entry, "short"), deltaBytes: 0 };
}

/** The layers for the layer bar. */
export function viewLayers({ layers }: Image): readonly ViewLayer[] {
  return layers.map(({ step, contentBytes, blobBytes, engineBytes }) => ({
    step: stepLine(step?.createdBy ?? ""),
    ...(contentBytes !== undefined && { content: contentBytes }),
    ...(blobBytes !== undefined && { blob: blobBytes }),
    ...(engineBytes !== undefined && { engine: engineBytes }),
  }));
}

/** The bytes that the layer ships, whatever its effect on the file system: removing files frees nothing. */
function addsOf(request: DiffRequest, { layers }: Image): { adds?: ShippedBytes } {
  const layer = isLayerChange(request) ? layers[(request.after.layerCount ?? 0) - 1] : undefined;
  if (layer?.contentBytes === undefined) return {};
  return { adds: { content: layer.contentBytes, ...(layer.blobBytes !== undefined && { blob: layer.blobBytes }) } };
}

/** The instruction as in the Dockerfile, which made the change. */
function subtitleOf(request: DiffRequest, { layers }: Image): { subtitle?: string } {
  const step = isLayerChange(request) ? layers[(request.after.layerCount ?? 0) - 1]?.step : undefined;
  return step === undefined || step.createdBy === "" ? {} : { subtitle: stepLine(step.createdBy) };
}

/** An instruction in one line. */
export function stepLine(createdBy: string): string {
  const { keyword, text } = readableStep(createdBy);
  return (keyword === undefined ? text : `${keyword} ${text}`).slice(0, maxSubtitle);
}

/** The length of one line of the page; the tree's hover shows the whole instruction. */
const maxSubtitle = 1000;

/** Reads a side's image from its source. */
export async function lookAt(
  side: DiffSide,
  hooks: Pick<CompareHooks, "source" | "onProgress">,
  signal: AbortSignal,
): Promise<Result<LayerSide<LayerSource>>> {
  hooks.onProgress(l10n.t("Looking at {0}…", side.name), undefined);
  const source = await hooks.source(side.sourceId);
  if (!source) return failure({ kind: "notFound", what: side.name, message: notOpen(side.sourceId) });
  const image = await source.image(side.image, {}, signal);
  if (!image.ok) return image;
  const { layers } = image.value;
  if (side.layerCount !== undefined && layers.length < side.layerCount) {
    return failure({
      kind: "notFound",
      what: l10n.t("layer {0} of {1}", side.layerCount, side.name),
      message: l10n.t("{0} has {1} layers now", side.name, layers.length),
    });
  }
  return success({ source: source.layerSource, image: image.value, layerCount: side.layerCount });
}

function notOpen(sourceId: string): string {
  const engine = engineCalled(sourceId);
  if (engine !== undefined)
    return l10n.t("{0} isn't responding or is no longer shown. Compare again when it is back", engine);
  return l10n.t(
    "{0} isn't open. Open it and compare again",
    sourceId === "registry" ? l10n.t("its reference") : sourceId.replace(/^archive:/, ""),
  );
}

/** The label and fraction of a progress bar. */
export function progressOf({ readBytes, totalBytes, label }: Progress): [string, number | undefined] {
  if (readBytes === 0 && totalBytes === undefined) return [`${capitalize(label)}…`, undefined];
  const fraction = totalBytes === undefined || totalBytes === 0 ? undefined : Math.min(1, readBytes / totalBytes);
  const read = formatBytes(readBytes);
  const progress = totalBytes === undefined ? read : l10n.t("{0} of {1}", read, formatBytes(totalBytes));
  return [`${capitalize(label)}: ${progress}`, fraction];
}

function describeSide({ name, layerCount }: DiffSide, { layers }: Image): string {
  const count = layerCount ?? layers.length;
  if (count === 0) return l10n.t("an empty file system");
  return count === layers.length
    ? `${name}, ${count === 1 ? l10n.t("its one layer") : l10n.t("all {0} layers", count)}`
    : count === 1
      ? l10n.t("{0}, its base layer of {1}", name, layers.length)
      : l10n.t("{0}, layers 1 to {1} of {2}", name, count, layers.length);
}

/** Reports layers that couldn't be read, by the numbers shown in the tree. A layer on both sides is reported once. */
function unreadableNotes({ before, after }: DiffRequest, { unreadable }: LayerDiff): readonly string[] {
  const notes = unreadable.map(({ side, index, error }) =>
    l10n.t(
      "Layer {0} of {1} can't be read, so what it changed is missing: {2}",
      index + 1,
      (side === "before" ? before : after).name,
      error.message,
    ),
  );
  return [...new Set(notes)];
}

/** Notes that some files couldn't be compared exactly. */
function notesOn(unsureCount: number): readonly string[] {
  if (unsureCount === 0) return [];
  return [
    unsureCount === 1
      ? l10n.t("1 file of the same size counts as changed: its content is not known")
      : l10n.t(
          "{0} files of the same size count as changed: their content is not known",
          unsureCount.toLocaleString("en"),
        ),
  ];
}

function isUnsure({ before, after }: DiffRow): boolean {
  return (
    before?.kind === "file" &&
    after?.kind === "file" &&
    before.size === after.size &&
    (before.sha256 === undefined || after.sha256 === undefined)
  );
}

function viewRow(row: DiffRow): ViewRow {
  const marks = securityMarks(row);
  const withXattrs = row.attributes.includes("xattrs");
  return {
    path: row.path,
    ...(row.change === "renamed" && row.before ? { from: row.before.path } : {}),
    change: row.change,
    attributes: row.attributes,
    ...(row.before ? { before: viewEntry(row.before, withXattrs ? "withXattrs" : "short") } : {}),
    ...(row.after ? { after: viewEntry(row.after, withXattrs ? "withXattrs" : "short") } : {}),
    deltaBytes: row.deltaBytes,
    ...(marks.length > 0 && { marks }),
  };
}

function viewEntry(entry: LayerEntry, form: "short" | "withXattrs"): ViewEntry {
  const names =
    entry.userName === undefined && entry.groupName === undefined
      ? ""
      : ` (${entry.userName ?? entry.uid}:${entry.groupName ?? entry.gid})`;
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
