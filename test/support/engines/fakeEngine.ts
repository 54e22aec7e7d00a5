import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "node:test";
import { createEngine, type Engine } from "../../../oci/engine/engine.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { unsupportedLayers } from "../../../oci/engine/local.ts";
import { startFakeHttpServer, type Answerer, type FakeHttpServer } from "../fakeHttpServer.ts";

/** Engines whose responses the test defines, for those that a real engine can't be made to send. */
export interface FakeEngines {
  socketPath(): string;
  /**
   * Responds to these paths, without version, with or without the query, decoded; to `_ping` with the given API version
   * or headers; to others with 404. A text is sent unchanged, anything else as JSON.
   */
  answering(
    answers: Readonly<Record<string, unknown>>,
    headers?: Readonly<Record<string, string>> | string,
  ): Promise<FakeEngine>;
  /** Leaves every response to the test. */
  speaking(answer: Answerer): Promise<FakeEngine>;
  /** Doesn't even use HTTP. */
  saying(speak: (socket: Socket) => void): Promise<Engine>;
  /** Stops the engine that was started last. */
  stop(): Promise<void>;
  /** Runs at the end of the test, before the engines are stopped. */
  beforeEnd(stop: () => unknown): void;
}

export interface FakeEngine {
  readonly engine: Engine;
  readonly server: FakeHttpServer;
}

/** Gives each test of the file its own socket; call it once, at the top. */
export function useFakeEngines(): FakeEngines {
  let folder = "";
  const stops: (() => unknown)[] = [];
  const socketPath = (): string => join(folder, "d.sock");
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "iw-engine-"));
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await rm(folder, { recursive: true });
  });
  const speaking = async (answer: Answerer): Promise<FakeEngine> => {
    const server = await startFakeHttpServer(answer, socketPath());
    stops.push(() => server.stop());
    return { engine: createEngine(socketConnection(socketPath()), unsupportedLayers), server };
  };
  return {
    socketPath,
    speaking,
    answering: (answers, headers = "1.41") =>
      speaking(answerer(answers, typeof headers === "string" ? { "api-version": headers } : headers)),
    saying: async (speak) => {
      await listenRaw(socketPath(), speak, stops);
      return createEngine(socketConnection(socketPath()), unsupportedLayers);
    },
    stop: async () => void (await stops.pop()?.()),
    beforeEnd: (stop) => void stops.unshift(stop),
  };
}

function answerer(answers: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>>): Answerer {
  return ({ line }, response) => {
    const asked = decodeURIComponent(line.replace(/^[A-Z]+ (\/v[0-9.]+)?/, ""));
    const path = asked.split("?")[0] ?? "";
    if (path === "/_ping") return void response.writeHead(200, headers).end("OK");
    const body = answers[asked] ?? answers[path];
    response
      .writeHead(body === undefined ? 404 : 200)
      .end(typeof body === "string" ? body : JSON.stringify(body ?? { message: `no ${path}` }));
  };
}

async function listenRaw(socketPath: string, speak: (socket: Socket) => void, stops: (() => unknown)[]): Promise<void> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => speak(socket));
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  stops.push(() => new Promise((resolve) => server.close(resolve)));
}
