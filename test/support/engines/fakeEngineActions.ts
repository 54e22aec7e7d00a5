import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { createEngineActions } from "../../../oci/engine/actions/createActions.ts";
import type { FakeEngines } from "./fakeEngine.ts";

/** A fake engine that is given orders. */
export interface FakeOrders {
  readonly actions: EngineActions;
  /** What was asked beside pings, decoded, each with its body. */
  asked(): readonly string[];
}

export type PingHeaders = Readonly<Record<string, string>>;
export const docker20: PingHeaders = { "api-version": "1.41" };
export const docker28: PingHeaders = { "api-version": "1.51" };
export const podman4: PingHeaders = { "api-version": "1.41", "libpod-api-version": "4.3.1" };

export interface FakeOrdering {
  readonly credentials: Credentials;
  /** Docker 20.10's where absent. */
  readonly headers?: PingHeaders;
}

/** Pings are answered with the headers, everything else as the case wants. */
export async function orderedFake(
  engines: FakeEngines,
  answer: (response: ServerResponse) => void,
  { credentials, headers = docker20 }: FakeOrdering,
): Promise<FakeOrders> {
  const { server } = await engines.speaking(({ line }, response) =>
    line === "GET /_ping" ? void response.writeHead(200, headers).end("OK") : answer(response),
  );
  return {
    actions: createEngineActions(socketConnection(engines.socketPath()), credentials),
    asked: () =>
      server.requests
        .filter(({ line }) => line !== "GET /_ping")
        .map(({ line, body }) => `${decodeURIComponent(line)} ${body}`.trim()),
  };
}

/** Pings are answered as Docker 20.10 does, the beginning of the next request by bytes. */
export async function rawFake(
  engines: FakeEngines,
  answer: (socket: Socket) => void,
  { credentials }: FakeOrdering,
): Promise<EngineActions> {
  await engines.saying((socket) => {
    socket.once("data", () => answer(socket));
    socket.write("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK");
  });
  return createEngineActions(socketConnection(engines.socketPath()), credentials);
}

/** Ends its answer properly after these lines. */
export function telling(...lines: readonly (string | object)[]): (response: ServerResponse) => void {
  return (response) =>
    void response
      .writeHead(200)
      .end(lines.map((line) => (typeof line === "string" ? line : `${JSON.stringify(line)}\r\n`)).join(""));
}
