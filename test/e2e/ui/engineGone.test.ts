import assert from "node:assert/strict";
import { symlink, unlink } from "node:fs/promises";
import { join } from "node:path";
import { after } from "node:test";
import { startEngine } from "../../rig/engines/engine.ts";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { imageRow, imageRows, point, hoverSays, showView } from "./window.ts";

// A separate engine, because it is stopped; reached by a link, because the next one has another socket.
const folder = await temporaryFolder("link");
const link = join(folder.path, "docker.sock");
let engine = await startEngine();
await symlink(engine.socketPath, link);
after(() => folder.remove());

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  return { env: { DOCKER_HOST: `unix://${link}` }, close: () => engine.stop() };
});

uiTest(
  "a lost engine is named by its endpoint, and a new one is found without a click",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await imageRow(page, `Image ${sampleTags.newer}`).waitFor();
    await engine.stop();
    const rows = await eventually(
      "a notice",
      () => imageRows(page),
      (all) => all.some((row) => row.startsWith(`Checked unix://${link}`)),
    );
    assert.deepEqual(rows.slice(0, 4), [
      `Lost connection to unix://${link}`,
      "Try Again",
      "Open an Image Archive…",
      "Switch Engine…",
    ]);
    await hoverSays(page, new RegExp(`${link}.*start`, "s"), () => point(imageRow(page, "Lost connection to")));
    await screenshot("engine-gone");
    engine = await startEngine();
    await loadSampleImages(engine);
    await unlink(link);
    await symlink(engine.socketPath, link);
    await imageRow(page, `Image ${sampleTags.newer}`).waitFor();
  },
);
