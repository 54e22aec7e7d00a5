import { createServer, type ServerResponse } from "node:http";

/** As much of an engine as is kept a connection to: a ping, an empty list, and events that are told to it. */
export interface EngineStandIn {
  /** Sends an image event to all who listen. */
  tell(action: string, image: string): void;
  stop(): Promise<void>;
}

export async function startEngineStandIn(socket: string): Promise<EngineStandIn> {
  const listening = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    response.setHeader("Api-Version", "1.41").setHeader("Ostype", "linux");
    if (request.url?.includes("/events")) {
      response.writeHead(200).flushHeaders();
      listening.add(response);
    } else response.end(request.url?.includes("/images/json") ? "[]" : "OK");
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    tell: (action, image) => {
      for (const response of listening) response.write(`${JSON.stringify({ Type: "image", Action: action, Actor: { ID: image } })}\n`);
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
