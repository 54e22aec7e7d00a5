import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Credentials } from "../../../oci/credentials/credentials.ts";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { createEngineActions } from "../../../oci/engine/actions/createActions.ts";
import type { FakeEngines } from "./fakeEngine.ts";

/** The actions of an engine whose responses the test defines. */
export interface FakeEngineActions {
  readonly actions: EngineActions;
  /** The requests except pings, decoded, each with its body. */
  asked(): readonly string[];
}

export type PingHeaders = Readonly<Record<string, string>>;
export const docker20: PingHeaders = { "api-version": "1.41" };
export const docker28: PingHeaders = { "api-version": "1.51" };
export const podman4: PingHeaders = { "api-version": "1.41", "libpod-api-version": "4.3.1" };

export interface FakeActionsOptions {
  readonly credentials: Credentials;
  /** Docker 20.10's by default. */
  readonly headers?: PingHeaders;
}

/** Responds to pings with the headers, to everything else with `answer`. */
export async function actionsAnsweredBy(
  engines: FakeEngines,
  answer: (response: ServerResponse) => void,
  { credentials, headers = docker20 }: FakeActionsOptions,
): Promise<FakeEngineActions> {
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

/** Responds to pings as Docker 20.10 does, and to the first bytes of the next request with `answer`. */
export async function actionsAnsweredInBytes(
  engines: FakeEngines,
  answer: (socket: Socket) => void,
  { credentials }: FakeActionsOptions,
): Promise<EngineActions> {
  await engines.saying((socket) => {
    socket.once("data", () => answer(socket));
    socket.write("HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Length: 2\r\n\r\nOK");
  });
  return createEngineActions(socketConnection(engines.socketPath()), credentials);
}

/** A response of these lines that ends properly. */
export function sendLines(...lines: readonly (string | object)[]): (response: ServerResponse) => void {
  return (response) =>
    void response
      .writeHead(200)
      .end(lines.map((line) => (typeof line === "string" ? line : `${JSON.stringify(line)}\r\n`)).join(""));
}
