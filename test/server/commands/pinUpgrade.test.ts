import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pinCommand, type PinArguments } from "../../../server/protocol/protocol.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";

let registry: TagRegistry;
let client: LspClient;
before(async () => {
  registry = await startTagRegistry({
    answer(line, response) {
      if (!line.includes("/tags/list")) return false;
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ name: "x", tags: ["1.2.3", "1.2.10", "1.3.0"] }));
      return true;
    },
  });
  client = await startLspClient({ env: { DOCKER_HOST: "unix:///nowhere.sock" } });
});
after(async () => {
  await client.stop();
  await registry.stop();
});

test("the light bulb upgrades a version as far as is chosen, and says so", async () => {
  const uri = "file:///pin-upgrade/Dockerfile";
  client.open(uri, `FROM ${registry.host}/x:1.2.3\n`);
  const at = { line: 0, character: 8 };
  const actions = await client.actions(uri, { start: at, end: at });
  const upgrades = actions.filter(({ title }) => title.startsWith("Upgrade "));
  assert.deepEqual(
    upgrades.map(({ title }) => title.replace(registry.host, "REG")),
    ["patch", "minor", "major"].map((level) => `Upgrade REG/x:1.2.3 to the newest ${level} version`),
  );
  assert.deepEqual(registry.requests, []);
  await client.command(pinCommand, upgrades[0]?.command?.arguments?.[0] as PinArguments);
  assert.match(
    JSON.stringify(client.appliedEdits),
    new RegExp(`"newText":"1\\.2\\.10@${registry.digestOf("x:1.2.10")}"`),
  );
  assert.match(client.messages[0] ?? "", /x:1\.2\.10 is /);
});
