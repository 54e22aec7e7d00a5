import { createServer, type ServerResponse } from "node:http";

/**
 * The minimum of an engine that clients keep a connection to: a ping, a list of images, empty by default, and events
 * sent on demand.
 */
export interface MinimalEngine {
  /** `GET /v1.51/images/json`, in the order of the requests. */
  readonly requests: readonly string[];
  /** Sends an image event to all listeners. */
  tell(action: string, image: string): void;
  /** Closes all connections, as an engine does when it is killed. */
  stop(): Promise<void>;
}

/** Responds to a request, or returns false to leave it to the minimal engine. `path` has no version and no query. */
export type MinimalEngineAnswer = (path: string, response: ServerResponse) => boolean;

export async function startMinimalEngine(
  socket: string,
  answer: MinimalEngineAnswer = () => false,
): Promise<MinimalEngine> {
  const requests: string[] = [];
  const listening = new Set<ServerResponse>();
  const server = createServer(({ method = "", url = "" }, response) => {
    const path = url.replace(/^\/v[\d.]+/, "").replace(/\?.*/, "");
    requests.push(`${method} ${url.replace(/\?.*/, "")}`);
    response.setHeader("Api-Version", "1.51").setHeader("Ostype", "linux");
    if (answer(path, response)) return;
    if (path === "/events") {
      response.writeHead(200).flushHeaders();
      listening.add(response);
    } else response.end(path === "/images/json" ? "[]" : "OK");
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    requests,
    tell: (action, image) => {
      for (const response of listening)
        response.write(`${JSON.stringify({ Type: "image", Action: action, Actor: { ID: image } })}\n`);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
