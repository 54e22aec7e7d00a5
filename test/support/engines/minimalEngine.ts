import { createServer, type ServerResponse } from "node:http";

/** As much of an engine as is kept a connection to: a ping, a list that is empty unless it is answered otherwise, and events that are told to it. */
export interface EngineStandIn {
  /** `GET /v1.51/images/json`, in the order of asking. */
  readonly requests: readonly string[];
  /** Sends an image event to all who listen. */
  tell(action: string, image: string): void;
  /** Hangs up on everybody, as an engine does that is killed. */
  stop(): Promise<void>;
}

/** Whether it answers; what it leaves is answered by the stand-in. `path` is without version and query. */
export type StandInAnswer = (path: string, response: ServerResponse) => boolean;

export async function startEngineStandIn(socket: string, answer: StandInAnswer = () => false): Promise<EngineStandIn> {
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
