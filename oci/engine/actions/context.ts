import type { IncomingMessage } from "node:http";
import { failure, success, type OciError, type Result } from "../../core/error.ts";
import type { Credentials } from "../../credentials/credentials.ts";
import { decodeProgressLine, type ProgressLine } from "./progress.ts";
import { toOneLine, type Refusal } from "../../source/refusal.ts";
import { EndlessRecord, jsonRecords } from "../http/jsonRecords.ts";
import type { EngineClient } from "../http/client.ts";
import { isAtLeast, type EngineVersion } from "../version.ts";

/** The engine that performs an action, and what it needs for it. */
export interface ActionContext {
  readonly client: EngineClient;
  readonly version: EngineVersion;
  readonly credentials: Credentials;
}

// A response starts when images have been deleted, copied or unpacked, or registries have responded: minutes for
// hundreds of gigabytes.
export const workTimeoutMs = 60 * 60 * 1000;
// Names and lists are returned at once; an engine that is silent this long hangs.
export const promptTimeoutMs = 30_000;
export const maxAnswerBytes = 16 * 1024 * 1024; // 100,000 deleted layers at 100 bytes each, or 5,000 containers.

/**
 * True if the engine can do it for a single platform, from version `since` on. Podman ignores the parameter and does it
 * for all.
 */
export function takesPlatform(version: EngineVersion, since: string): boolean {
  return version.flavour === "docker" && isAtLeast(version, since);
}

export interface Following {
  /** The subject of the stream, as errors name it. */
  readonly what: string;
  /** Explains a refusal within the stream. */
  readonly explain: (refusal: Refusal) => OciError | undefined;
  readonly onLine: (line: ProgressLine) => void;
}

/**
 * Reads an engine's progress to its end. An error at its end is a failure, as one in the status would be, and so is a
 * stream that breaks or isn't progress.
 */
export async function followProgress(
  { client }: ActionContext,
  stream: IncomingMessage,
  { what, explain, onLine }: Following,
  signal: AbortSignal,
): Promise<Result<void>> {
  const { endpoint } = client.connection;
  try {
    for await (const record of jsonRecords(stream)) {
      const line = decodeProgressLine(record);
      if (!line.ok)
        return failure({
          kind: "badAnswer",
          endpoint,
          message: `${endpoint} sent an invalid or truncated response for ${what}: ${line.error.message}`,
        });
      const { error } = line.value;
      if (error) {
        const refusal = { ...error, reason: toOneLine(error.reason) };
        return failure(
          explain(refusal) ?? {
            kind: "badAnswer",
            endpoint,
            message: `${endpoint} failed for ${what}: ${refusal.reason}`,
          },
        );
      }
      onLine(line.value);
    }
    return success(undefined);
  } catch (thrown) {
    signal.throwIfAborted();
    return failure(brokenStream(thrown, { what, endpoint }));
  }
}

/** The failure for a body that ended early. */
export function brokenStream(
  thrown: unknown,
  { what, endpoint }: { readonly what: string; readonly endpoint: string },
): OciError {
  if (thrown instanceof EndlessRecord)
    return { kind: "badAnswer", endpoint, message: `${endpoint} answered for ${what} with an endless line` };
  const message = thrown instanceof Error ? toOneLine(thrown.message) : "";
  // Node's word for a connection that the other side closed.
  const reason = message === "aborted" ? "the connection was closed" : message;
  return {
    kind: "engineUnreachable",
    endpoint,
    tried: [endpoint],
    message: `${endpoint} closed the connection during the request for ${what} (${reason}); the engine may have stopped`,
  };
}
