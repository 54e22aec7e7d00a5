import { formatBytes, formatDelta } from "../../../oci/core/bytes.ts";
import { shortDigest } from "../../../oci/core/digest.ts";
import { alignLayers, type LayerPair } from "../../../oci/images/alignLayers.ts";
import { readableStep } from "../../../oci/images/readableStep.ts";
import { safeLine } from "../ui/untrustedText.ts";
import type { BuildLayer, BuildRecord } from "./build.ts";
import { compareBuilds } from "./rebuild.ts";

/**
 * The layers of a tag's last two builds as a text in the Dockerfile language: each instruction below a comment on what
 * became of its layer. Undefined if the layers of one aren't known.
 */
export function layerListText({ name, current, previous }: BuildRecord): string | undefined {
  const rebuild = compareBuilds(previous, current);
  const [before, after] = [previous.layers, current.layers];
  if (!rebuild || !before || !after) return undefined;
  const delta = rebuild.deltaBytes === undefined ? "" : `, ${formatDelta(rebuild.deltaBytes)}`;
  const head = `# ${safeLine(name)}: ${shortDigest(previous.id)} → ${shortDigest(current.id)}${delta}\n`;
  const pairs = alignLayers(before, after).map((pair) => {
    const [old, now] = [before[pair.before ?? -1], after[pair.after ?? -1]];
    return `\n# ${[placeOf(pair), bytesOf(old, now)].filter((part) => part !== "").join(", ")}\n${stepText(now ?? old)}\n`;
  });
  return head + pairs.join("");
}

/** `layer 3, same`, `layer 3, changed`, `layer 3 of the previous build, removed`. */
function placeOf({ kind, before, after }: LayerPair): string {
  return after === undefined
    ? `layer ${(before ?? 0) + 1} of the previous build, ${kind}`
    : `layer ${after + 1}, ${kind}`;
}

function bytesOf(old: BuildLayer | undefined, now: BuildLayer | undefined): string {
  const texts = [old, now].flatMap((layer) => (layer?.bytes === undefined ? [] : formatBytes(layer.bytes)));
  return [...new Set(texts)].join(" → ");
}

function stepText(layer: BuildLayer | undefined): string {
  const { keyword, text } = readableStep(layer?.createdBy ?? "");
  const line = safeLine(text);
  return keyword === undefined ? `# ${line || "instruction not recorded"}` : `${keyword} ${line}`;
}
