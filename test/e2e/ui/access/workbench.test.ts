import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { sampleTags } from "../../../rig/engines/sampleImages.ts";
import { projectFolder } from "../../../rig/machine/project.ts";
import { sampleArchive, sampleDockerfile } from "../../../rig/vscode/sample.ts";
import { becomes, eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import { currentRow, openDiff } from "../layerDiff.ts";
import { click, clickText, expand, imageRow, openFile, pick, runPaletteCommand, showView } from "../window.ts";
import { nameless, spokenUnder } from "./axTree.ts";

const uiTest = uiTests({ env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } });

const texts = JSON.parse(await readFile(join(projectFolder, "package.nls.json"), "utf8")) as Record<string, string>;
const steps = ["dockerfile", "fix", "images", "compare", "pin"].map(
  (id) => texts[`walkthroughs.start.steps.${id}.title`] ?? "",
);

uiTest("the walkthrough's steps have names, and Tab goes through them in their order", async ({ page }) => {
  await openFile(page, sampleDockerfile);
  await clickText(page, "debian:latest");
  await openWalkthrough(page);
  const parts = await spokenUnder(page, ".gettingStartedContainer");
  assert.deepEqual(nameless(parts), []);
  const headings = parts.filter(({ role, name }) => role === "heading" && steps.includes(name));
  assert.deepEqual(
    headings.map(({ name }) => name),
    steps,
  );
  await page.locator(".getting-started-step").first().focus();
  const stops: string[] = [];
  for (let i = 0; i < 8; i++) {
    stops.push(await focusedText(page));
    await page.keyboard.press("Tab");
  }
  assert.deepEqual(
    stops.filter((text, index) => steps.includes(text) && stops.indexOf(text) === index),
    steps,
    stops.join(", "),
  );
});

uiTest("closing the walkthrough returns the focus to the editor", async ({ page }) => {
  await runPaletteCommand(page, "View: Close Editor");
  await becomes(() => focusIsIn(page, ".editor-instance .monaco-editor"), true);
});

uiTest("a message is spoken with its severity and source, and Escape goes back to the editor", async ({ page }) => {
  await runPaletteCommand(page, "Imagewright: Compare with Previous Build");
  await page.locator(".notifications-toasts .notification-list-item-message").first().waitFor();
  const parts = await spokenUnder(page, ".notifications-toasts");
  assert.deepEqual(nameless(parts), []);
  const message = "Info: No image has been rebuilt since this window was opened, source: Imagewright, notification";
  assert.ok(parts.some(({ role, name }) => role === "dialog" && name.startsWith(message)));
  await runPaletteCommand(page, "Notifications: Focus Notification Toast");
  await becomes(() => focusIsIn(page, ".notifications-toasts"), true);
  await page.keyboard.press("Escape");
  await becomes(() => focusIsIn(page, ".editor-instance .monaco-editor"), true);
});

uiTest("closing a row's menu in the layer view returns the focus to the rows", async ({ page }) => {
  await showView(page, "Imagewright");
  await click(imageRow(page, "Open an Image Archive…"));
  await pick(page, sampleArchive);
  await expand(imageRow(page, `Image ${sampleTags.newer}`));
  const diff = await openDiff(page, "Layer 5 of 5", `What layer 5 of ${sampleTags.newer} changed`);
  const rows = diff.locator("[role=treegrid]:visible");
  await rows.focus();
  await page.keyboard.press("Home");
  await becomes(() => currentRow(diff), "bin");
  await closesMenu(page, diff, () => page.keyboard.press("Shift+F10"));
  await page.keyboard.press("ArrowDown");
  await eventually(
    "the next row",
    () => currentRow(diff),
    (name) => name !== "bin",
  );
  await closesMenu(page, diff, () => click(rows.locator(".sizer .row").first(), { button: "right" }));
});

async function openWalkthrough(page: Page): Promise<void> {
  const title = texts["walkthroughs.start.title"] ?? "";
  const input = page.locator('.quick-input-widget input[placeholder="Select a walkthrough to open"]');
  await eventually(
    "the walkthrough",
    async () => {
      // VS Code drops a choice while it still collects walkthroughs.
      if ((await page.locator(".getting-started-step").count()) > 0) return true;
      await runPaletteCommand(page, "Welcome: Open Walkthrough...");
      await input.waitFor();
      await input.fill(title);
      await page.keyboard.press("Enter");
      return page
        .locator(".getting-started-step")
        .first()
        .waitFor({ timeout: 5000 })
        .then(
          () => true,
          () => false,
        );
    },
    (isOpen) => isOpen,
    60_000,
  );
}

/** Opens a menu of VS Code over the view and closes it: the rows have the focus again. */
async function closesMenu(page: Page, diff: Frame, open: () => Promise<void>): Promise<void> {
  await open();
  await page.locator(".monaco-menu").waitFor();
  await page.keyboard.press("Escape");
  await page.locator(".monaco-menu").waitFor({ state: "detached" });
  await becomes(() => diff.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Changed files");
}

function focusIsIn(page: Page, selector: string): Promise<boolean> {
  return page.evaluate((within) => (document.activeElement?.closest(within) ?? null) !== null, selector);
}

/** The last line of the focused part's text, which is its own after hints of VS Code. */
function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const part = document.activeElement;
    if (!(part instanceof HTMLElement)) return "";
    return (part.getAttribute("aria-label") ?? part.innerText).trim().split("\n").at(-1)?.trim() ?? "";
  });
}
