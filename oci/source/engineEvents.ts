import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { decode, member, optionalText, parseJson, present } from "../core/decode.ts";
import type { OciError, Result } from "../core/error.ts";
import type { EngineConnection } from "./connection.ts";
import { createEngineClient } from "./engineRequest.ts";

export interface EngineEvents {
  /** What changed, at most every `debounceMs`: IDs or names as the events have them; "all" after events may have been missed. */
  onImagesChanged(changed: readonly string[] | "all"): void;
  /** The engine answers, or stopped to. */
  onConnection?(state: { readonly isConnected: true } | { readonly isConnected: false; readonly error: OciError | undefined }): void;
  /** How long changes are gathered; a build or a load makes many events. */
  readonly debounceMs?: number;
}

export interface EngineWatch {
  dispose(): void;
}

/** Follows an engine's image events until disposed, through restarts of the engine. */
export function watchEngine(connection: EngineConnection, events: EngineEvents): EngineWatch {
  const controller = new AbortController();
  const gatherer = createGatherer(events);
  void follow(connection, { events, gatherer }, controller.signal).catch((error: unknown) => {
    if (!controller.signal.aborted) throw error;
  });
  return {
    dispose: () => {
      controller.abort();
      gatherer.dispose();
    },
  };
}

/** `save` is what our own reading of layers looks like; following it would be a loop. The others change nothing that is shown. @see https://docs.docker.com/reference/cli/docker/system/events/#images */
const ignoredActions: ReadonlySet<string> = new Set(["save", "attach", "mount", "unmount"]);

// Long enough for what belongs together, short enough to look immediate.
const defaultDebounceMs = 250;
// A first retry soon, since engines restart in seconds; then rarely, since many are stopped for hours.
const firstRetryMs = 500;
const slowestRetryMs = 30_000;
const connectTimeoutMs = 10_000;

interface Following {
  readonly events: EngineEvents;
  readonly gatherer: Gatherer;
}

async function follow(connection: EngineConnection, { events, gatherer }: Following, signal: AbortSignal): Promise<void> {
  const client = createEngineClient(connection);
  const request = { path: "/events", query: { filters: { type: ["image"] } }, what: "its events", timeoutMs: connectTimeoutMs };
  let retryMs = firstRetryMs;
  for (let isFirst = true; !signal.aborted; ) {
    const stream: Result<IncomingMessage> = await client.open(request, signal);
    if (stream.ok) {
      events.onConnection?.({ isConnected: true });
      // Whatever happened while nobody listened.
      if (!isFirst) gatherer.add("all");
      retryMs = firstRetryMs;
      await readEvents(stream.value, gatherer);
      signal.throwIfAborted();
    }
    isFirst = false;
    events.onConnection?.({ isConnected: false, error: stream.ok ? undefined : stream.error });
    await sleep(retryMs, undefined, { signal, ref: false });
    retryMs = Math.min(retryMs * 2, slowestRetryMs);
  }
}

async function readEvents(stream: IncomingMessage, gatherer: Gatherer): Promise<void> {
  try {
    for await (const record of records(stream)) {
      const image = changedImage(record);
      if (image !== undefined) gatherer.add(image);
    }
  } catch {
    // However the stream ended, it is followed anew; the next connection says what is wrong.
  }
}

/** An event is below 1 kB; what goes on without an end is none. */
const maxRecordLength = 1024 * 1024;

/** The JSON texts of a stream: one a line, or each behind a record separator (RFC 7464, from API 1.52). */
async function* records(stream: IncomingMessage): AsyncIterable<string> {
  stream.setEncoding("utf8");
  let rest = "";
  for await (const chunk of stream as AsyncIterable<string>) {
    const parts = (rest + chunk).split(/[\n\u001e]/);
    rest = parts.pop() ?? "";
    if (rest.length > maxRecordLength) throw new Error("no event ends");
    yield* parts.filter((part) => part.trim() !== "");
  }
}

/** The image that the event is about, if it changes anything. Older engines write `status` and `id`, newer ones `Action` and `Actor`. */
function changedImage(record: string): string | undefined {
  const json = parseJson("event", record);
  const event = json.ok
    ? decode("event", "event", json.value, (value) =>
        present({
          action: optionalText(member(value, "Action")) ?? optionalText(member(value, "status")),
          type: optionalText(member(value, "Type")),
          image: optionalText(member(member(value, "Actor"), "ID")) ?? optionalText(member(value, "id")),
        }))
    : json;
  if (!event.ok || event.value.action === undefined || (event.value.type ?? "image") !== "image") return undefined;
  return ignoredActions.has(event.value.action) ? undefined : (event.value.image ?? "");
}

interface Gatherer {
  add(image: string): void;
  dispose(): void;
}

/** Beyond so many at once, naming them is of no use. */
const maxNamed = 1000;

function createGatherer({ onImagesChanged, debounceMs = defaultDebounceMs }: EngineEvents): Gatherer {
  let changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const announce = (): void => {
    timer = undefined;
    const images = changed;
    changed = new Set();
    // An event without an ID may be about any image.
    onImagesChanged(images.has("all") || images.has("") || images.size > maxNamed ? "all" : [...images]);
  };
  return {
    add: (image) => {
      if (changed.size <= maxNamed) changed.add(image);
      timer ??= setTimeout(announce, debounceMs);
    },
    dispose: () => clearTimeout(timer),
  };
}
