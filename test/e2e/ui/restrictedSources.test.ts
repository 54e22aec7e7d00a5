import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { sampleArchive } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { startMinimalEngine } from "../../support/engines/minimalEngine.ts";
import { startFakeHttpServer } from "../../support/fakeHttpServer.ts";
import { answerWithImages } from "../../support/engines/minimalEngineImages.ts";
import { eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { click, expand, imageRow, imageRows, pick, runPaletteCommand, showView } from "./window.ts";

const folder = await temporaryFolder("restricted");
const socket = join(folder.path, "docker.sock");
const engine = await startMinimalEngine(
  socket,
  answerWithImages(() => [{ name: "trusted:1" }]),
);
const registry = await startFakeHttpServer((_, response) => void response.writeHead(404).end());
const reference = `${registry.host}/a/b:1`;

const uiTest = uiTests({
  trust: "restricted",
  env: { DOCKER_HOST: `unix://${socket}` },
  close: async () => {
    await Promise.all([engine.stop(), registry.stop()]);
    await folder.remove();
  },
});

uiTest(
  "in Restricted Mode archives open and references are kept, also for the next window, without network access",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await click(page.locator(".welcome-view-content .monaco-button", { hasText: "Open an Image Archive…" }));
    await pick(page, sampleArchive);
    await imageRow(page, `Image ${sampleTags.newer}`).waitFor();
    await runPaletteCommand(page, "Imagewright: Open Registry Reference…");
    await page.locator(".quick-input-widget input").first().fill(reference);
    await page.keyboard.press("Enter");
    await imageRow(page, `Image ${reference}`).waitFor();
    // The browser stores the state a moment later.
    await sleep(quietMs);
    await page.reload();
    await showView(page, "Imagewright");
    await imageRow(page, `Image ${sampleTags.newer}`).waitFor();
    await expand(imageRow(page, `Image ${reference}`));
    await eventually(
      "why nobody was asked",
      () => imageRows(page),
      (rows) =>
        rows.some((row) => /Registry not contacted for .*Restricted Mode: registries aren't contacted/.test(row)),
    );
    await expand(imageRow(page, `Image ${sampleTags.newer}`));
    await imageRow(page, "Layer 5 of 5").waitFor();
    await screenshot("restricted-sources");
    await sleep(quietMs);
    assert.deepEqual([engine.requests, registry.requests], [[], []]);
  },
);

uiTest("once trusted, the engine is connected and the reference can be read", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Workspaces: Manage Workspace Trust");
  await click(page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }));
  await imageRow(page, "Image trusted:1").waitFor();
  await page.keyboard.press("Escape");
  await eventually(
    "what the registry says",
    () => imageRows(page),
    (rows) => rows.some((row) => row.includes("Not found: ")),
  );
  await imageRow(page, "Layer 5 of 5").waitFor();
  await screenshot("restricted-then-trusted");
});

/** Long enough for unwanted requests to appear. */
const quietMs = 1000;
