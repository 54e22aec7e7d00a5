import assert from "node:assert/strict";
import { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { mock, test } from "node:test";
import { createEngineAgent } from "../../../oci/engine/http/agent.ts";

test("an idle connection is kept for the next request, but not for long", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const ssh = createEngineAgent({ endpoint: "ssh://h", protocol: "http", ssh: { host: "h" } });
  const local = createEngineAgent({ endpoint: "unix:///e.sock", protocol: "http", socketPath: "/e.sock" });
  for (const [agent, connection] of [
    [ssh, new PassThrough()],
    [local, new Socket()],
  ] as const) {
    agent.keepSocketAlive(connection);
    mock.timers.tick(10_000);
    assert.equal(connection.destroyed, false);
    mock.timers.tick(10_000);
    assert.equal(connection.destroyed, true);
  }
});
