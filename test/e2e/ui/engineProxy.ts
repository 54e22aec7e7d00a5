import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../../rig/machine/folders.ts";

/** A socket that passes requests on to a real engine and records them. */
export interface EngineProxy {
  /** As DOCKER_HOST has it. */
  readonly host: string;
  /** `GET /v1.41/images/json`, in the order of asking. */
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
    // Each chunk begins with a request's first line, as no client here sends the next request before the answer.
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
