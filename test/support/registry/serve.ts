import { afterEach } from "node:test";
import { startFakeHttpServer, type Answerer, type FakeHttpServer } from "../fakeHttpServer.ts";

const servers: FakeHttpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** A server for one test, stopped after it. */
export async function serve(answer: Answerer): Promise<FakeHttpServer> {
  const server = await startFakeHttpServer(answer);
  servers.push(server);
  return server;
}
