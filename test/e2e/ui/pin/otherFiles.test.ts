// Pins in a file other than a Dockerfile, which the server asks the window for by itself.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createMemoryImages, startMemoryRegistry } from "../../../support/registry/memoryRegistry.ts";
import { eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import { clearMessages, clickText, lines, openCodeActions, openFile, runPaletteCommand } from "../window.ts";

const images = createMemoryImages();
const index = (created: string) =>
  images.index(...["amd64", "arm64"].map((architecture) => images.image({ os: "linux", architecture }, created)));
const old = index("2026-01-01T00:00:00Z");
const newer = index("2026-01-13T05:00:00Z");
images.tag("web:1", newer);
const registry = await startMemoryRegistry(images);

const uiTest = uiTests({
  env: { DOCKER_HOST: "unix:///nowhere.sock" },
  settings: { "imagewright.pin.otherFiles": ["compose"] },
  prepare: (folder) =>
    writeFile(
      join(folder, "compose.yaml"),
      `services:\n  a:\n    image: ${registry.host}/web:1 # new\n  b:\n    image: ${registry.host}/web:1@${old}\n`,
    ),
  close: () => registry.stop(),
});

uiTest("an image of a Compose file has the light bulb, and Enter pins it", async ({ page, screenshot }) => {
  await openFile(page, "compose.yaml");
  const actions = await openCodeActions(page, async () => {
    await clickText(page, "web:1 # new");
    await page.keyboard.press("Control+.");
  });
  assert.deepEqual(actions.slice(0, 1), [`Pin ${registry.host}/web:1 to its digest`]);
  await screenshot("pin-compose");
  await page.keyboard.press("Enter");
  await eventually(
    "the digest",
    () => lines(page),
    (all) => all.join("\n").includes(`/web:1@${newer} # new`),
  );
});

uiTest("a check of a Compose file leaves a hint at a tag that moved", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Check Pinned Images in This File");
  await eventually(
    "the hint",
    () => lines(page),
    (all) => all.join("\n").includes("↑ 12 days"),
  );
  await clearMessages(page);
  await screenshot("pin-compose-drift");
});
