import assert from "node:assert/strict";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { startMinimalEngine } from "../../support/engines/minimalEngine.ts";
import { answerWithImages } from "../../support/engines/minimalEngineImages.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { imageRow, imageRows, lines, messages } from "./window.ts";

const folder = await temporaryFolder("keyboard");
const socket = join(folder.path, "docker.sock");
const images = answerWithImages(() => [{ name: "team/app:1" }, { name: "team/app:2" }, { name: "debian:12" }]);
const engine = await startMinimalEngine(socket, (path, response) => {
  if (path !== "/containers/json") return images(path, response);
  response.end("[]");
  return true;
});

const uiTest = uiTests({
  env: { DOCKER_HOST: `unix://${socket}` },
  close: async () => {
    await engine.stop();
    await folder.remove();
  },
});

uiTest("the images view can be used without a mouse", async ({ page, screenshot }) => {
  await page.locator(".activitybar [aria-label^=Imagewright]").first().waitFor();
  await enterView(page);
  await imageRow(page, "Image debian:12").waitFor();
  // A view without rows doesn't focus any.
  await enterView(page);
  await goTo(page, "Image debian:12");
  await page.keyboard.press("ArrowRight");
  await imageRow(page, "Layer 3 of 3").waitFor();
  await goTo(page, "Tags and Digests");
  await page.keyboard.press("ArrowRight");
  await imageRow(page, "Config digest").waitFor();
  await screenshot("keyboard");
  const rows = await imageRows(page);
  for (const row of rows) assert.doesNotMatch(row, /·|…$|undefined/, "a row is a sentence");
  for (const row of rows.filter((text) => /\b[0-9a-f]{12,}\b/.test(text)))
    assert.match(row, /(digest|DiffID|ChainID|image ID|Image ID|manifest)/, "a digest is said with its kind");
});

uiTest("a row's menu can be opened and used without a mouse", async ({ page }) => {
  await goTo(page, "Image debian:12");
  await page.keyboard.press("Shift+F10");
  const current = page.locator(".monaco-menu .action-item.focused");
  await page.locator(".monaco-menu").waitFor();
  await eventually(
    "Inspect",
    async () => {
      await page.keyboard.press("ArrowDown");
      return (await current.innerText()).trim();
    },
    (text) => text.startsWith("Inspect"),
  );
  await page.keyboard.press("Enter");
  await eventually(
    "the document",
    () => lines(page),
    (all) => all.some((line) => line.includes('"imageId": "sha256:')),
  );
  await page.keyboard.press("Control+w");
});

uiTest("copying, filtering and removing have keys", async ({ page }) => {
  await enterView(page);
  await goTo(page, "Config digest");
  await page.keyboard.press("Control+c");
  await eventually(
    "how to choose a row",
    () => messages(page),
    (all) => all.some((text) => text.startsWith("Select a row first with Enter")),
  );
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+c");
  await eventually(
    "the digest",
    () => page.evaluate(() => navigator.clipboard.readText()),
    (text) => /^sha256:[0-9a-f]{64}$/.test(text),
  );
  await goTo(page, "Image debian:12");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Delete");
  await page.locator(".monaco-dialog-box").waitFor();
  assert.match(
    await page.locator(".monaco-dialog-box .dialog-message-text").innerText(),
    /Remove the image debian:12\?/,
  );
  await page.keyboard.press("Escape");
  await page.locator(".monaco-dialog-box").waitFor({ state: "detached" });
  await page.keyboard.press("Control+Alt+f");
  await page.locator(".quick-input-widget input[placeholder^='Words in a name']").waitFor();
  await page.keyboard.type("app 2");
  await becomes(async () => (await imageRows(page)).map((row) => row.replace(/,.*/, "")), ["Image team/app:2"]);
  await page.keyboard.press("Enter");
});

async function enterView(page: Page): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(">Focus on Images View");
  await page.locator(".quick-input-list .monaco-list-row", { hasText: "Focus on Images View" }).first().waitFor();
  await page.keyboard.press("Enter");
}

/** Moves down until the focused row begins like this; continues at the top after the end. */
async function goTo(page: Page, beginning: string): Promise<void> {
  await page.keyboard.press("Home");
  await eventually(
    beginning,
    async () => {
      const label =
        (await page
          .locator(".pane-body [role=treeitem].focused")
          .first()
          .getAttribute("aria-label")
          .catch(() => "")) ?? "";
      if (label.startsWith(beginning)) return true;
      await page.keyboard.press("ArrowDown");
      return false;
    },
    (isThere) => isThere,
  );
}
