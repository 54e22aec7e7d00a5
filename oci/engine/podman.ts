import { maxHistory, readHealthcheck, readHistoryStep } from "../core/config.ts";
import { decode, items, member, present, textMap } from "../core/decode.ts";
import type { Result } from "../core/error.ts";
import type { HistoryStep } from "../core/history.ts";
import type { ImageRecord } from "./imageRecord.ts";

/** An answer of Podman's own `/libpod/images/{name}/json`: the config's history with its flags, its health check, and the manifest's annotations. Variant, ONBUILD and SHELL are in neither of its answers. Its `Digest` is the manifest's or the index's, and nothing tells which (seen in 4.3). @see https://docs.podman.io/en/latest/_static/api.html */
export function decodeLibpodImage(what: string, value: unknown): Result<ImageRecord> {
  return decode(what, "image", value, (json) =>
    present({
      history: items(member(json, "History"), maxHistory).map(readHistoryStep),
      annotations: textMap(member(json, "Annotations")),
      ...readHealthcheck(member(json, "Healthcheck")),
    }),
  );
}

/** The record with the sizes of a history of the same image, both oldest first; without where they are not of the same steps. */
export function withSizes(record: ImageRecord, sized: readonly HistoryStep[]): ImageRecord {
  if (sized.length !== record.history.length) return record;
  return {
    ...record,
    history: record.history.map((step, index) => present({ ...step, engineBytes: sized[index]?.engineBytes })),
  };
}
