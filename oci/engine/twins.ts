import { success, type Result } from "../core/error.ts";
import type { HistoryStep } from "../core/history.ts";
import type { Image } from "../core/image.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import { createEngine } from "./engine.ts";
import { unsupportedLayers } from "./local.ts";

/**
 * Finds other images of the engine whose history is the same to the second, at most {@link maxTwins}. Their configs may
 * differ all the same: only the digest of the config tells.
 */
export async function findTwins(
  connection: EngineConnection,
  image: Image,
  signal: AbortSignal,
): Promise<Result<readonly Image[]>> {
  const engine = createEngine(connection, unsupportedLayers);
  const listed = await engine.list(signal);
  if (!listed.ok) return listed;
  const { history } = image.config;
  const createdSeconds = Date.parse(history.at(-1)?.created ?? "") / 1000;
  const candidates = listed.value.filter(({ id, created }) => id !== image.id && created === createdSeconds);
  const twins: Image[] = [];
  for (const { id } of candidates.slice(0, maxTwins)) {
    const read = await engine.image(id, {}, signal);
    // An image that vanished meanwhile, or can't be read, helps nothing; the caller looks elsewhere.
    if (read.ok && !read.value.contentFrom && isSameHistory(read.value.config.history, history)) twins.push(read.value);
  }
  return success(twins);
}

const maxTwins = 20; // Each is a few requests; builds of one second are rarely more.

function isSameHistory(a: readonly HistoryStep[], b: readonly HistoryStep[]): boolean {
  return a.length === b.length && a.every((step, index) => textOf(step) === textOf(b[index]));
}

function textOf(step: HistoryStep | undefined): string {
  return JSON.stringify([step?.created, step?.createdBy, step?.comment]);
}
