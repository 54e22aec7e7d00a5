import { afterEach } from "node:test";
import { startFakeServer, type Answerer, type FakeServer } from "../fakeHttpServer.ts";

const servers: FakeServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** A server for one test, gone after it. */
export async function serve(answer: Answerer): Promise<FakeServer> {
  const server = await startFakeServer(answer);
  servers.push(server);
  return server;
}
