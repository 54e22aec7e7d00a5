import {
  decode,
  isAbsent,
  member,
  optionalNumber,
  optionalText,
  parseJson,
  present,
  type Json,
} from "../../core/decode.ts";
import type { Result } from "../../core/error.ts";
import type { Progress } from "../../source/source.ts";

/** A line of an engine's progress in a pull, push or load. @see github.com/moby/moby pkg/jsonmessage */
export interface ProgressLine {
  readonly status?: string;
  /** The first digits of a layer's digest, or another ID, depending on the status. */
  readonly id?: string;
  /** Bytes. */
  readonly current?: number;
  readonly total?: number;
  /** The error at the end of a failed transfer. The HTTP status was 200 long before. */
  readonly error?: { readonly status?: number; readonly reason: string };
  /** The terminal output of a load. */
  readonly stream?: string;
  /** The digest that the tag names after a push. */
  readonly pushed?: string;
  /** The index that was replaced by one of its manifests in a push. */
  readonly insteadOf?: string;
}

export function decodeProgressLine(record: string): Result<ProgressLine> {
  const json = parseJson("progress", record);
  return json.ok ? decode("progress", "progress", json.value, readLine) : json;
}

/** Follows the layers of a pull or push and sums them up. */
export interface TransferProgress {
  /** Notes a line. Returns true if it was about a layer. */
  note(line: ProgressLine): boolean;
  /**
   * The progress so far; bytes never decrease. `totalBytes` is present once each layer's size is known, or the layer is
   * already here.
   */
  progress(): Progress;
  /** True if every layer that was begun is here or at the registry. */
  isDone(): boolean;
}

/** Frequent enough to see that it moves; a notification for every chunk would overload its receiver. */
const toldBytes = 1024 * 1024;

/** Throttles progress: passes on the first, any new status, each larger step of bytes, and the last. */
export function seldom(report: (progress: Progress) => void): (progress: Progress) => void {
  let told: Progress | undefined;
  return (progress) => {
    const isEnd = progress.readBytes === progress.totalBytes;
    if (told?.label === progress.label && !isEnd && progress.readBytes - told.readBytes < toldBytes) return;
    told = progress;
    report(progress);
  };
}

export interface TransferWords {
  readonly verb: "Downloading" | "Pushing";
  /** The meaning of the IDs; Podman's are blobs, including the config. */
  readonly unit: "layers" | "blobs";
}

export function createTransferProgress({ verb, unit }: TransferWords): TransferProgress {
  const layers = new Map<string, Layer>();
  return {
    note({ status = "", id, current, total }) {
      const step = steps.find(({ pattern }) => pattern.test(status));
      if (id === undefined || !step || (layers.size >= maxLayers && !layers.has(id))) return false;
      const before = layers.get(id) ?? { read: 0, state: "begun" };
      layers.set(
        id,
        advanced(before, {
          state: step.state,
          current: step.countsBytes ? current : undefined,
          total: step.countsBytes ? total : undefined,
        }),
      );
      return true;
    },
    progress() {
      const all = [...layers.values()];
      const here = all.filter(({ state }) => state !== "begun");
      const ready = all.filter(({ state }) => state === "ready");
      const isUnpacking = verb === "Downloading" && all.length > 0 && here.length === all.length;
      const label = isUnpacking
        ? `Unpacking (${ready.length} of ${all.length} ${unit})`
        : `${verb} (${here.length} of ${all.length} ${unit})`;
      const totals = all.map(({ total }) => total);
      const totalBytes = totals.every((total) => total !== undefined) ? sum(totals) : undefined;
      return present({
        readBytes: sum(all.map(({ read }) => read)),
        totalBytes: totalBytes === 0 ? undefined : totalBytes,
        label,
      });
    },
    isDone: () => [...layers.values()].every(({ state }) => state !== "begun"),
  };
}

const maxLayers = 10_000; // An image has at most 127; stops an engine that keeps making up more.

interface Layer {
  readonly read: number;
  readonly total?: number;
  readonly state: LayerState;
}

/** In a push, a layer that is "here" is ready. */
type LayerState = "begun" | "here" | "ready";

interface Step {
  readonly pattern: RegExp;
  readonly state: LayerState;
  /**
   * Set if it reports bytes transferred. Unpacked bytes are a different count, and from Docker 29 on they are seconds.
   */
  readonly countsBytes?: true;
}

/**
 * The status words of Docker 20.10 and 28.5 (both stores) and Podman 4.3. 28.5's containerd store reports no bytes for
 * layers that arrive at once, and Podman reports none at all.
 */
const steps: readonly Step[] = [
  { pattern: /^(?:Pulling fs layer|Waiting|Preparing|Retrying )/, state: "begun" },
  { pattern: /^(?:Downloading|Pushing)/, state: "begun", countsBytes: true },
  { pattern: /^(?:Verifying Checksum|Download complete|Extracting)/, state: "here" },
  { pattern: /^(?:Pull complete|Already exists|Pushed|Layer already exists|Mounted from |Skipped )/, state: "ready" },
];

const order: Readonly<Record<LayerState, number>> = { begun: 0, here: 1, ready: 2 };

/**
 * Advances a layer. A retried layer starts again, but reported progress never goes back; and a push may underestimate a
 * size.
 */
function advanced(
  before: Layer,
  {
    state,
    current,
    total,
  }: { readonly state: LayerState; readonly current: number | undefined; readonly total: number | undefined },
): Layer {
  const later = order[state] > order[before.state] ? state : before.state;
  const read = Math.max(before.read, current ?? 0);
  const told = total !== undefined && total > 0 ? total : before.total;
  const size = told === undefined ? undefined : Math.max(told, before.total ?? 0, read);
  if (later === "begun") return present({ read, total: size, state: later });
  // Data without a known size is not counted.
  return { read: size ?? read, total: size ?? read, state: later };
}

function readLine(json: Json): ProgressLine {
  const detail = member(json, "progressDetail");
  // Its content depends on the status, so its problems are ignored.
  const aux = { ...member(json, "aux"), problems: [] };
  const hasBytes = optionalText(member(detail, "units")) === undefined;
  return present({
    status: optionalText(member(json, "status")),
    id: optionalText(member(json, "id")),
    current: hasBytes ? bytes(member(detail, "current")) : undefined,
    total: hasBytes ? bytes(member(detail, "total")) : undefined,
    error: readError(json),
    stream: optionalText(member(json, "stream")),
    pushed: optionalText(member(aux, "Digest")),
    insteadOf: optionalText(member(member(aux, "originalIndex"), "digest")),
  });
}

/** Reads an error; old engines only wrote `error`. */
function readError(json: Json): ProgressLine["error"] {
  const detail = member(json, "errorDetail");
  const reason = optionalText(member(detail, "message")) ?? optionalText(member(json, "error"));
  if (reason === undefined) return isAbsent(detail) ? undefined : { reason: "no reason given" };
  return present({ status: optionalNumber(member(detail, "code")), reason });
}

/** Bytes; -1 means that the engine doesn't know. */
function bytes(json: Json): number | undefined {
  const value = optionalNumber(json);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
