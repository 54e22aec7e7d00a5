import { createConnection, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { temporaryFolder } from "../../rig/machine/folders.ts";

/** A socket in front of an engine's that records requests. */
export interface CountingProxy {
  readonly socketPath: string;
  /** The request lines since the last call. */
  take(): readonly string[];
  stop(): Promise<void>;
}

/** Only for clients that send a request's head in one piece, without a body that looks like a head. */
export async function startCountingProxy(engineSocketPath: string): Promise<CountingProxy> {
  const folder = await temporaryFolder("proxy");
  const socketPath = join(folder.path, "docker.sock");
  const sockets = new Set<Socket>();
  let lines: string[] = [];
  const server = createServer((client) => {
    const engine = createConnection(engineSocketPath);
    for (const socket of [client, engine]) sockets.add(socket.on("error", () => socket.destroy()));
    client.on("data", (bytes: Buffer) =>
      lines.push(...(bytes.toString("latin1").match(/^[A-Z]+ \S+(?= HTTP\/1\.1\r$)/gm) ?? [])),
    );
    client.pipe(engine).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    take: () => {
      const taken = lines;
      lines = [];
      return taken;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await folder.remove();
    },
  };
}
