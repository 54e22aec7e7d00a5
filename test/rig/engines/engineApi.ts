import { request } from "node:http";

/** One call of the Docker Engine API. The rigs speak it bare, so that no bug of a client library hides behind them. */
export interface EngineCall {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "HEAD";
  /** With query, without version: the engine's newest. */
  readonly path: string;
  readonly body?: NodeJS.ReadableStream | Uint8Array | undefined;
  readonly contentType?: string;
  readonly timeoutMs?: number;
}

export interface EngineAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** Sends the call and reads the whole answer; fails only when there is none. */
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

/** As {@link callEngine}, and any answer but a success is an error with the engine's own words. */
export async function askEngine(socketPath: string, call: EngineCall): Promise<Buffer> {
  const { status, body } = await callEngine(socketPath, call);
  const text = status < 300 ? progressError(body) : body.toString("utf8");
  if (text === undefined) return body;
  throw new Error(`${call.method ?? "GET"} ${call.path} at ${socketPath}: ${status} ${text.slice(0, 2000)}`);
}

/** Long calls answer 200 first and report a failure in the last lines of their progress. */
function progressError(body: Buffer): string | undefined {
  const tail = body.subarray(-4096).toString("utf8");
  return /\{"errorDetail".*\}/.exec(tail)?.[0];
}
