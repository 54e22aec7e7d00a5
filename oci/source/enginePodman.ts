import { readHistoryStep } from "../core/config.ts";
import { decode, items, member, optionalText, present, textMap } from "../core/decode.ts";
import { parseDigest, type ManifestDigest } from "../core/digest.ts";
import type { Result } from "../core/error.ts";
import type { HistoryStep } from "../core/history.ts";
import { isManifest } from "../core/mediaType.ts";
import type { ImageRecord } from "./engineImage.ts";

/** An answer of Podman's own `/libpod/images/{name}/json`: the config's history with its flags, and the manifest's digest and annotations. @see https://docs.podman.io/en/latest/_static/api.html */
export function decodeLibpodImage(what: string, value: unknown): Result<ImageRecord> {
  return decode(what, "image", value, (json) => {
    const isOfManifest = isManifest(optionalText(member(json, "ManifestType")) ?? "");
    return present({
      history: items(member(json, "History")).map(readHistoryStep),
      manifestDigest: isOfManifest ? (parseDigest(optionalText(member(json, "Digest")) ?? "") as ManifestDigest | undefined) : undefined,
      annotations: textMap(member(json, "Annotations")),
    });
  });
}

/** The record with the sizes of a history of the same image, both oldest first; without where they are not of the same steps. */
export function withSizes(record: ImageRecord, sized: readonly HistoryStep[]): ImageRecord {
  if (sized.length !== record.history.length) return record;
  return { ...record, history: record.history.map((step, index) => present({ ...step, engineBytes: sized[index]?.engineBytes })) };
}
