import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { decode, member, optionalText, parseJson, present, textMap } from "../core/decode.ts";
import type { OciError, Result } from "../core/error.ts";
import type { EngineConnection } from "./endpoint/connection.ts";
import { familiar, wholeId } from "./names.ts";
import { jsonRecords } from "./http/jsonRecords.ts";
import { createEngineClient } from "./http/client.ts";
import { retryDelayMs } from "./endpoint/sshFailure.ts";

export interface EngineEvents {
  /**
   * Called at most every `debounceMs` with the changed IDs and familiar names. A name that moved may have belonged to
   * another image before. "all" if the engine doesn't report which, and after events may have been missed.
   */
  onImagesChanged(changed: readonly string[] | "all"): void;
  /**
   * Called when containers were created or removed, which may change which images are in use; at most every
   * `debounceMs`. After missed events only `onImagesChanged` is called.
   */
  onContainersChanged?(): void;
  /** Called when the engine starts or stops responding. */
  onConnection?(
    state: { readonly isConnected: true } | { readonly isConnected: false; readonly error: OciError | undefined },
  ): void;
  /** The time for which changes are collected, in milliseconds; a build or a load causes many events. */
  readonly debounceMs?: number;
}

export interface EngineWatch {
  dispose(): void;
}

/** Follows an engine's image and container events until disposed, across restarts of the engine. */
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

/**
 * The requested actions, so that an engine with busy containers sends little. `save` is left out because reading layers
 * causes it, which would be a loop; `prune` only sums up deletes. Podman reports `build`, `loadfromarchive` and
 * `remove` instead of Docker's `create`, `load`, and `delete` or `destroy`.
 * @see https://docs.docker.com/reference/cli/docker/system/events/, podman-events(1)
 */
const actions: Readonly<Record<"image" | "container", readonly string[]>> = {
  image: ["build", "create", "delete", "import", "load", "loadfromarchive", "pull", "push", "remove", "tag", "untag"],
  container: ["commit", "create", "destroy", "remove"],
};
const filters = { type: Object.keys(actions), event: [...new Set(Object.values(actions).flat())] };

// Long enough to collect related events, short enough to look immediate.
const defaultDebounceMs = 250;
// The first retry is soon, since engines restart in seconds; later ones are rare, since many are stopped for hours.
const firstRetryMs = 500;
const slowestRetryMs = 30_000;
const steadyMs = 10_000; // A connection that lasted this long had worked.
const connectTimeoutMs = 10_000;

interface Following {
  readonly events: EngineEvents;
  readonly gatherer: Gatherer;
}

async function follow(
  connection: EngineConnection,
  { events, gatherer }: Following,
  signal: AbortSignal,
): Promise<void> {
  const client = createEngineClient(connection);
  const request = { path: "/events", query: { filters }, what: "its events", timeoutMs: connectTimeoutMs };
  let retryMs = firstRetryMs;
  for (let isFirst = true; !signal.aborted;) {
    const stream: Result<IncomingMessage> = await client.open(request, signal);
    if (stream.ok) {
      events.onConnection?.({ isConnected: true });
      // Changes may have happened while the connection was down.
      if (!isFirst) gatherer.add({ images: "all" });
      const start = Date.now();
      await readEvents(stream.value, gatherer);
      // A stream that ends at once would otherwise be requested, and over ssh logged in for, again and again.
      if (Date.now() - start >= steadyMs) retryMs = firstRetryMs;
      signal.throwIfAborted();
    }
    isFirst = false;
    events.onConnection?.({ isConnected: false, error: stream.ok ? undefined : stream.error });
    const delayMs = retryDelayMs(retryMs, slowestRetryMs, stream.ok ? undefined : stream.error);
    await sleep(delayMs, undefined, { signal, ref: false });
    retryMs = delayMs * 2;
  }
}

async function readEvents(stream: IncomingMessage, gatherer: Gatherer): Promise<void> {
  try {
    for await (const record of jsonRecords(stream)) {
      const change = changeOf(record);
      if (change !== undefined) gatherer.add(change);
    }
  } catch {
    // However the stream ended, it is reopened; the next connection reports the problem.
  }
}

/** Images by ID and name, "all" if unknown, or containers. */
type Change = { readonly images: readonly string[] | "all" } | "containers";

function changeOf(record: string): Change | undefined {
  const event = decodeEvent(record);
  if (!event.ok) return undefined;
  const { type = "image", action = "", id, attributes } = event.value;
  if (type === "image" && actions.image.includes(action)) return named(id, attributes["name"]);
  if (type !== "container" || !actions.container.includes(action)) return undefined;
  return action === "commit" ? named(attributes["imageID"], attributes["imageRef"]) : "containers";
}

/**
 * Names the changed images. Podman reports the name of the file that was loaded rather than the image, and no name for
 * a commit.
 */
function named(...given: readonly (string | undefined)[]): Change {
  const images = given.flatMap((image) =>
    image === undefined || image === "" || image.startsWith("/") ? [] : [familiar(wholeId(image))],
  );
  return { images: images.length === 0 ? "all" : images };
}

/** Decodes an event. Older engines write `status` and `id`, newer ones `Action` and `Actor`. */
function decodeEvent(record: string): Result<{
  readonly type?: string;
  readonly action?: string;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, string>>;
}> {
  const json = parseJson("event", record);
  if (!json.ok) return json;
  return decode("event", "event", json.value, (value) =>
    present({
      type: optionalText(member(value, "Type")),
      action: optionalText(member(value, "Action")) ?? optionalText(member(value, "status")),
      id: optionalText(member(member(value, "Actor"), "ID")) ?? optionalText(member(value, "id")),
      attributes: textMap(member(member(value, "Actor"), "Attributes")),
    }),
  );
}

interface Gatherer {
  add(change: Change): void;
  dispose(): void;
}

/** Beyond this number of changes, names are not useful. */
const maxNamed = 1000;

function createGatherer({
  onImagesChanged,
  onContainersChanged,
  debounceMs = defaultDebounceMs,
}: EngineEvents): Gatherer {
  let images: Set<string> | "all" = new Set();
  let areContainersChanged = false;
  let timer: NodeJS.Timeout | undefined;
  let isDisposed = false;
  const announce = (): void => {
    const changed = images === "all" ? images : [...images];
    const alsoContainers = areContainersChanged;
    [timer, images, areContainersChanged] = [undefined, new Set(), false];
    if (changed.length > 0) onImagesChanged(changed);
    if (alsoContainers) onContainersChanged?.();
  };
  return {
    add: (change) => {
      // Data read before the end may still arrive.
      if (isDisposed) return;
      if (change === "containers") areContainersChanged = true;
      else images = joined(images, change.images);
      timer ??= setTimeout(announce, debounceMs);
    },
    dispose: () => {
      isDisposed = true;
      clearTimeout(timer);
    },
  };
}

function joined(images: Set<string> | "all", more: readonly string[] | "all"): Set<string> | "all" {
  if (images === "all" || more === "all") return "all";
  for (const image of more) images.add(image);
  return images.size > maxNamed ? "all" : images;
}
