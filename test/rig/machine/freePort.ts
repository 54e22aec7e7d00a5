import { createServer } from "node:net";

/** A loopback port that was free a moment ago, for programs that can't choose one themselves. */
export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("loopback gave no port"));
      server.close(() => resolve(address.port));
    });
  });
}
