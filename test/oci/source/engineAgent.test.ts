import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { mock, test } from "node:test";
import { createEngineAgent } from "../../../oci/source/engineAgent.ts";

test("an idle ssh connection is kept for the next request, and not for long", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const agent = createEngineAgent({ endpoint: "ssh://h", protocol: "http", ssh: { host: "h" } });
  const connection = new PassThrough();
  agent.keepSocketAlive(connection);
  mock.timers.tick(10_000);
  assert.equal(connection.destroyed, false);
  mock.timers.tick(10_000);
  assert.equal(connection.destroyed, true);
});
