import type { DiffRow } from "../../../oci/core/diff.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { LayerPair } from "../../../oci/images/alignLayers.ts";
import type { HistoryChange } from "../../../oci/images/historyDiff.ts";
import { securityMarks } from "../../../oci/images/securityMarks.ts";
import { entryJson } from "../output/entryJson.ts";
import { stepJson } from "../output/imageJson.ts";
import type { FileChanges, Found } from "./found.ts";

/** A comparison as JSON; a subject that wasn't compared is null. */
export function diffJson({ before, after, files, config, history, layers, packages }: Found) {
  return {
    version: 1,
    ...filesJson(files),
    config: config?.map(({ name, key = null, ...values }) => ({ name, key, ...values })) ?? null,
    history: history?.map(historyChangeJson) ?? null,
    layers: layers?.map((pair) => pairJson(pair, before, after)) ?? null,
    packages: packages ?? null,
  };
}

function filesJson(files: FileChanges | undefined) {
  if (!files) return { rows: null, summary: null, unreadable: [] };
  const unreadable = files.unreadable.map(({ side, index, error: { kind, message } }) => ({
    side,
    layer: index,
    kind,
    message,
  }));
  return { rows: files.rows.map(rowJson), summary: files.summary, unreadable };
}

function historyChangeJson({ change, attributes, before, after }: HistoryChange) {
  return { change, attributes, before: historyJson(before), after: historyJson(after) };
}

function historyJson(step: HistoryStep | undefined) {
  return step === undefined ? null : { ...stepJson(step), author: step.author ?? null };
}

function pairJson({ kind, before, after }: LayerPair, old: Image, current: Image) {
  return { kind, before: layerJson(before, old), after: layerJson(after, current) };
}

function layerJson(index: number | undefined, { layers }: Image) {
  const layer = index === undefined ? undefined : layers[index];
  return layer ? { layer: layer.index, diffId: layer.diffId, createdBy: layer.step?.createdBy ?? null } : null;
}

function rowJson(row: DiffRow) {
  const { path, change, attributes, before, after, deltaBytes } = row;
  const security = securityMarks(row);
  return { path, change, attributes, security, before: entryJson(before), after: entryJson(after), deltaBytes };
}
