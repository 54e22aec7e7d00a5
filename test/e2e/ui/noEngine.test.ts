import assert from "node:assert/strict";
import { sampleArchive } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { becomes, eventually } from "./eventually.ts";
import { diffRows, openDiff } from "./layerDiff.ts";
import { uiTests } from "./harness.ts";
import {
  chooseInMenu,
  click,
  expand,
  imageRow,
  imageRows,
  languageStatus,
  openFile,
  picks,
  showView,
} from "./window.ts";

const uiTest = uiTests({ env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } });

uiTest("without an engine the view says where it searched and what to do", async ({ page, screenshot }) => {
  await openFile(page, "Dockerfile");
  await eventually(
    "the status",
    () => languageStatus(page),
    (text) => text.includes("No container engine is responding"),
  );
  await showView(page, "Imagewright");
  await becomes(
    () => imageRows(page),
    [
      "No container engine is responding",
      "Try Again",
      "Open an Image Archive…",
      "Switch Engine…",
      "Checked unix:///nowhere/docker.sock no engine is responding at unix:///nowhere/docker.sock (ENOENT); start it, or set another one in the settings or in DOCKER_HOST",
    ],
  );
  await screenshot("no-engine");
});

uiTest("the workspace's archives are offered", async ({ page }) => {
  await click(imageRow(page, "Open an Image Archive…"));
  await becomes(() => picks(page), [sampleArchive, "Another File…"]);
  await page.keyboard.press("Escape");
});

uiTest(
  "an archive opens from the explorer, with its layers and their changes",
  async ({ page, screenshot, complaints }) => {
    await showView(page, "Explorer");
    await chooseInMenu(
      page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${sampleArchive}"]`),
      "Open Image Archive…",
    );
    await imageRow(page, `Image ${sampleTags.newer}`).waitFor();
    assert.equal((await imageRows(page)).at(-1), "No container engine is responding", "the notice steps aside");
    await expand(imageRow(page, `Image ${sampleTags.newer}`));
    await imageRow(page, "Layer 4 of 5").waitFor();
    const diff = await openDiff(page, "Layer 4 of 5", `What layer 4 of ${sampleTags.newer} changed`);
    await becomes(async () => (await diffRows(diff)).slice(0, 3).map(({ name }) => name), ["app", "dist", "search.js"]);
    await screenshot("archive");
    assert.deepEqual(complaints, []);
  },
);
