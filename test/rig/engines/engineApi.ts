import { request } from "node:http";

/**
 * One call of the Docker Engine API. The rigs use it without a client library, whose bugs could otherwise stay hidden.
 */
export interface EngineCall {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** With the query, without a version: the engine's newest. */
  readonly path: string;
  readonly body?: NodeJS.ReadableStream | Uint8Array | undefined;
  readonly contentType?: string;
  readonly timeoutMs?: number;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** Sends the call and reads the whole response; fails only without a response. */
export async function callEngine(socketPath: string, call: EngineCall): Promise<EngineAnswer> {
  const timeoutMs = call.timeoutMs ?? 30_000;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        socketPath,
        path: call.path,
        method: call.method ?? "GET",
        signal: AbortSignal.timeout(timeoutMs),
        headers: { host: "docker", ...(call.body ? { "content-type": call.contentType ?? "application/x-tar" } : {}) },
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks) }));
      },
    );
    outgoing.on("error", reject);
    if (call.body && "pipe" in call.body) call.body.on("error", reject).pipe(outgoing);
    else outgoing.end(call.body);
  });
}

/** Like {@link callEngine}, but a response other than success is an error with the engine's message. */
export async function askEngine(socketPath: string, call: EngineCall): Promise<Buffer> {
  const { status, body } = await callEngine(socketPath, call);
  const text = status < 300 ? progressError(body) : body.toString("utf8");
  if (text === undefined) return body;
  throw new Error(`${call.method ?? "GET"} ${call.path} at ${socketPath}: ${status} ${text.slice(0, 2000)}`);
}

/** Reads an error from the progress: long calls respond with 200 first and report a failure in the last lines. */
function progressError(body: Buffer): string | undefined {
  const tail = body.subarray(-4096).toString("utf8");
  return /\{"errorDetail".*\}/.exec(tail)?.[0];
}
