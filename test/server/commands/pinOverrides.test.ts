import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { pinCommand, type PinAnswer, type PinArguments } from "../../../server/protocol/protocol.ts";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { startTagRegistry, type TagRegistry } from "../../support/registry/tagRegistry.ts";

let folder: string;
let registry: TagRegistry;
let client: LspClient;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "pin-overrides-"));
  registry = await startTagRegistry();
  client = await startLspClient({ env: { DOCKER_HOST: "unix:///nowhere.sock" } });
});
after(async () => {
  await client.stop();
  await registry.stop();
  await rm(folder, { recursive: true });
});

test("a pin that a Compose file makes ineffective has a warning in the editor", async () => {
  await writeFile(join(folder, "compose.yaml"), "services:\n  web: {build: {context: ., args: {V: 2}}}\n");
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  client.open(uri, `ARG V=1\nFROM ${registry.host}/x:$V\n`);
  const { outcomes } = (await client.command(pinCommand, { uri, mode: "pin" } satisfies PinArguments)) as PinAnswer;
  assert.match(outcomes[0]?.warning ?? "", /^compose\.yaml:2 \(service web\) sets ARG V/);
});
