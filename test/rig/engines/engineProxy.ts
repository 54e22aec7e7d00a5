import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../machine/folders.ts";

/** A socket that forwards requests to a real engine and records them. */
export interface EngineProxy {
  /** The value for DOCKER_HOST. */
  readonly host: string;
  /** `GET /v1.41/images/json`, in the order of the requests. */
  readonly requests: readonly string[];
  close(): Promise<void>;
}

export async function openEngineProxy(engine: { readonly socketPath: string }): Promise<EngineProxy> {
  const folder = await temporaryFolder("engine-proxy");
  const socketPath = join(folder.path, "docker.sock");
  const requests: string[] = [];
  const open = new Set<Socket>();
  const server = createServer((asking) => {
    const answering = connect(engine.socketPath);
    for (const [socket, other] of [
      [asking, answering],
      [answering, asking],
    ] as const) {
      open.add(socket);
      socket.on("error", () => other.destroy());
      socket.on("close", () => open.delete(socket));
    }
    // Each chunk begins with a request's first line, because clients here send the next request only after the
    // response.
    asking.on("data", (data) => {
      const request = /^[A-Z]+ \S+/.exec(data.toString("latin1"))?.[0];
      if (request !== undefined) requests.push(request);
    });
    asking.pipe(answering).pipe(asking);
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socketPath, resolve));
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of open) socket.destroy();
    await closed;
    await folder.remove();
  };
  return { host: `unix://${socketPath}`, requests, close };
}
