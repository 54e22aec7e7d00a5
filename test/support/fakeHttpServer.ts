import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An HTTP server whose responses the test defines, for behaviour that no real server has. It records the requests. */
export interface FakeHttpServer {
  /** 127.0.0.1:PORT. */
  readonly host: string;
  readonly requests: readonly SeenRequest[];
  stop(): Promise<void>;
}

export interface SeenRequest {
  /** `GET /v2/a/manifests/1`, with its query. */
  readonly line: string;
  readonly authorization: string | undefined;
  /** As in `bytes=-8`; absent if everything is requested. */
  readonly range?: string;
  readonly body: string;
}

export type Answerer = (request: SeenRequest, response: ServerResponse, index: number) => void | Promise<void>;

/** Listens on loopback, or on a Unix socket. */
export async function startFakeHttpServer(answer: Answerer, socketPath?: string): Promise<FakeHttpServer> {
  const requests: SeenRequest[] = [];
  const server = createServer((incoming, response) => {
    // An incomplete request doesn't count.
    void seen(incoming).then(
      (request) => answer(request, response, requests.push(request) - 1),
      () => undefined,
    );
  });
  await new Promise<void>((resolve) =>
    socketPath === undefined ? server.listen(0, "127.0.0.1", resolve) : server.listen(socketPath, resolve),
  );
  return { host: hostOf(server), requests, stop: () => stop(server) };
}

function hostOf(server: Server): string {
  const address = server.address() as AddressInfo | string;
  return typeof address === "string" ? address : `127.0.0.1:${address.port}`;
}

async function seen(incoming: IncomingMessage): Promise<SeenRequest> {
  let body = "";
  for await (const chunk of incoming.setEncoding("utf8") as AsyncIterable<string>) body += chunk;
  const { method, url, headers } = incoming;
  const { authorization, range } = headers;
  return { line: `${method} ${url}`, authorization, body, ...(range !== undefined && { range }) };
}

async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
