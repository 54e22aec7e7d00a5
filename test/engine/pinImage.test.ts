import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { pinImageCommand, type PinImageAnswer } from "../../server/protocol/protocol.ts";
import { temporaryFolder, type TemporaryFolder } from "../rig/machine/folders.ts";
import type { Registry } from "../rig/registry/registry.ts";
import { sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { imageContent } from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { startLspClient, type LspClient } from "../support/lspClient.ts";

const repository = "imagewright/pin-image";

let registry: Registry;
let folder: TemporaryFolder;
let client: LspClient;
before(async () => {
  [registry, folder] = await Promise.all([sharedRegistry(), temporaryFolder("pin-image")]);
  client = await startLspClient({ folder: folder.path, env: { DOCKER_HOST: `unix://${folder.path}/none.sock` } });
});
after(async () => {
  await client.stop();
  await folder.remove();
  await registry.stop();
});

test("the registry confirms the digest to which an image is pinned", async () => {
  const content = await imageContent({ layers: [{ hello: "you" }] });
  await pushImage(registry, { repository, tag: "1" }, content);
  const reference = `${registry.host}/${repository}:1`;
  const uri = pathToFileURL(`${folder.path}/Dockerfile`).href;
  client.open(uri, `FROM ${reference}\n`);
  const confirm = async (digest: string) =>
    (
      (await client.command(pinImageCommand, { uris: [uri], names: [{ reference, digest }] })) as PinImageAnswer
    ).confirmations.map(({ state, message }) => `${state}: ${message}`);
  assert.match((await confirm(content.root.digest)).join(), /^confirmed: \S+ has it$/);
  assert.match((await confirm(`sha256:${"0".repeat(64)}`)).join(), /^absent: ./);
});
