import assert from "node:assert/strict";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { openEngineProxy } from "../../rig/engines/engineProxy.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { click, imageRow, languageStatus, lines, openFile, showView, squiggles } from "./window.ts";

const engine = await sharedEngine();
const engineProxy = await openEngineProxy(engine);

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  return {
    trust: "restricted",
    env: { DOCKER_HOST: engineProxy.host },
    close: async () => void (await Promise.all([engineProxy.close(), engine.stop()])),
  };
});

uiTest(
  "in Restricted Mode findings and file sizes are shown, and no engine is contacted",
  async ({ page, screenshot }) => {
    await openFile(page, "Dockerfile");
    await becomes(() => squiggles(page, "debian:latest"), ["warning"]);
    await eventually(
      "sizes",
      () => lines(page),
      // The oldest VS Code puts a thin blank before a hint.
      (all) => all.some((line) => /^COPY data\/ data\/.{0,2}4\.58 kB$/.test(line)),
    );
    await eventually(
      "the status",
      () => languageStatus(page),
      (text) => text.includes("not contacted in Restricted Mode"),
    );
    await showView(page, "Imagewright");
    const welcome = page.locator(".welcome-view-content");
    await welcome.waitFor();
    assert.match(await welcome.innerText(), /Restricted Mode: container engines aren't contacted/);
    await screenshot("restricted");
    assert.deepEqual(engineProxy.requests, []);
  },
);

uiTest("once trusted, the images appear", async ({ page, screenshot }) => {
  await click(page.locator(".welcome-view-content .monaco-button", { hasText: "Manage Workspace Trust" }));
  await click(page.locator(".workspace-trust-editor .monaco-button", { hasText: /^Trust$/ }));
  await page.keyboard.press("Escape");
  await imageRow(page, `Image ${sampleTags.newer}`).waitFor();
  // The status is that of the active file; the oldest VS Code leaves none active behind the editor of trust.
  await openFile(page, "Dockerfile");
  await eventually(
    "the engine",
    () => languageStatus(page),
    (text) => text.includes("docker.sock"),
  );
  await screenshot("trusted");
});
