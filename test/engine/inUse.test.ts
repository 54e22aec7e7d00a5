import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { EngineConnector } from "../../client/src/sources/engineConnector.ts";
import { askEngine, callEngine } from "../rig/engines/engineApi.ts";
import { sharedEngine } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive } from "../rig/images/imageContent.ts";

const reference = "imagewright.test/in-use:1";

test("a new or removed container is reported, which refreshes the list", { timeout: 30_000 }, async () => {
  const rig = await sharedEngine();
  await loadImage(rig, await dockerArchive({ layers: [{ a: "a" }], config: { Cmd: ["/a"] } }, reference));
  const told: (readonly string[] | "all")[] = [];
  const connector = new EngineConnector({
    host: () => rig.host,
    onState: () => undefined,
    onImagesChanged: (changed) => told.push(changed),
    onNotice: (text) => assert.fail(text),
  });
  const untilTold = async (isIt: (changed: readonly string[] | "all") => boolean): Promise<void> => {
    while (!told.some(isIt)) await sleep(20);
  };
  try {
    await connector.connect();
    // Only an event proves that events arrive.
    while (told.length === 0) {
      await callEngine(rig.socketPath, {
        method: "POST",
        path: `/images/${reference}/tag?repo=imagewright.test/in-use&tag=2`,
      });
      await sleep(100);
    }
    const body = Buffer.from(JSON.stringify({ Image: reference }));
    const { Id: id } = JSON.parse(
      String(
        await askEngine(rig.socketPath, {
          method: "POST",
          path: "/containers/create",
          body,
          contentType: "application/json",
        }),
      ),
    );
    await untilTold((changed) => changed.length === 0);
    told.length = 0;
    await callEngine(rig.socketPath, { method: "DELETE", path: `/containers/${id}` });
    await untilTold((changed) => changed.length === 0);
  } finally {
    connector.dispose();
    for (const tag of [1, 2])
      await callEngine(rig.socketPath, { method: "DELETE", path: `/images/imagewright.test/in-use:${tag}?force=1` });
    await rig.stop();
  }
});
