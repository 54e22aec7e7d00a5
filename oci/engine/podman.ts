import { maxHistory, readHealthcheck, readHistoryStep } from "../core/config.ts";
import { decode, items, member, present, textMap } from "../core/decode.ts";
import type { Result } from "../core/error.ts";
import type { HistoryStep } from "../core/history.ts";
import type { ImageRecord } from "./imageRecord.ts";

/**
 * Decodes a response of Podman's own `/libpod/images/{name}/json`: the config's history with its flags, its health
 * check, and the manifest's annotations. Neither of Podman's APIs returns variant, ONBUILD and SHELL. Its `Digest` is
 * that of the manifest or the index, with no sign which (seen in 4.3).
 * @see https://docs.podman.io/en/latest/_static/api.html
 */
export function decodeLibpodImage(what: string, value: unknown): Result<ImageRecord> {
  return decode(what, "image", value, (json) =>
    present({
      history: items(member(json, "History"), maxHistory).map(readHistoryStep),
      annotations: textMap(member(json, "Annotations")),
      ...readHealthcheck(member(json, "Healthcheck")),
    }),
  );
}

/** Adds the sizes from a history of the same image to the record, both oldest first, unless their steps differ. */
export function withSizes(record: ImageRecord, sized: readonly HistoryStep[]): ImageRecord {
  if (sized.length !== record.history.length) return record;
  return {
    ...record,
    history: record.history.map((step, index) => present({ ...step, engineBytes: sized[index]?.engineBytes })),
  };
}
