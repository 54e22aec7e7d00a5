// Pins in the window: what a check leaves at them, tags of an image in the completion, and a whole workspace.
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { createMemoryImages, startMemoryRegistry } from "../../../support/registry/memoryRegistry.ts";
import { becomes, eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import {
  clearMessages,
  click,
  clickText,
  hoverSays,
  lines,
  messages,
  openCodeActions,
  openFile,
  pointAtText,
  runPaletteCommand,
} from "../window.ts";

const images = createMemoryImages();
const amd64 = { os: "linux", architecture: "amd64" };
const arm64 = { os: "linux", architecture: "arm64" };
function index(amd64Created: string, arm64Created: string, layerBytes = 31_000_000): string {
  return images.index(images.image(amd64, amd64Created, layerBytes), images.image(arm64, arm64Created, layerBytes));
}
const old = index("2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
const newer = index("2026-01-13T05:00:00Z", "2026-01-13T05:00:00Z");
const otherPlatformOnly = index("2026-01-01T00:00:00Z", "2026-01-13T05:00:00Z");
const gone = `sha256:${"9".repeat(64)}`;
images.tag("app:moved", newer);
images.tag("app:same", otherPlatformOnly);
images.tag("app:gone", newer);
for (const [tag, created, bytes] of [
  ["3.12.1-slim", "2024-01-02", 40_000_000],
  ["3.12.4-slim", "2024-06-07", 41_500_000],
  ["3.13.0-slim", "2024-10-08", 39_000_000],
  ["3.13.0", "2024-10-08", 350_000_000],
] as const)
  images.tag(`python:${tag}`, index(`${created}T00:00:00Z`, `${created}T00:00:00Z`, bytes));
const registry = await startMemoryRegistry(images);

const drift = ["moved", "same"].map(
  (tag) => `FROM --platform=linux/amd64 ${registry.host}/app:${tag}@${old} AS ${tag}`,
);
const driftText = `${[...drift, `FROM ${registry.host}/app:gone@${gone}`].join("\n")}\n`;

const uiTest = uiTests({
  env: { DOCKER_HOST: "unix:///nowhere.sock" },
  prepare: async (folder) => {
    // The workspace has these files only, so that a run over all of them meets no other registry.
    for (const name of ["Dockerfile", "old.dockerfile"]) await rm(join(folder, name), { force: true });
    await writeFile(join(folder, "drift.dockerfile"), driftText);
    await writeFile(join(folder, "tags.dockerfile"), `FROM ${registry.host}/python:3.12.1-slim\n`);
    await writeFile(join(folder, "all.dockerfile"), `FROM ${registry.host}/python:3.13.0\n`);
  },
  close: () => registry.stop(),
});

uiTest("a check leaves hints at tags that moved and a warning at a digest that is gone", async (opened) => {
  const { page, screenshot } = opened;
  await openFile(page, "drift.dockerfile");
  await clickText(page, "app:moved");
  await runPaletteCommand(page, "Imagewright: Check Pinned Images in This File");
  await eventually(
    "the hints",
    () => lines(page),
    ([first = "", second = ""]) => first.includes("↑ 12 days") && second.includes("↑ your platform unchanged"),
  );
  await clearMessages(page);
  // Hints divide the line, so a squiggle isn't found by its text.
  await becomes(async () => (await page.locator(".editor-instance .squiggly-warning").count()) > 0, true);
  await screenshot("pin-drift");
});

uiTest("the hover of a digest that is gone says so, and Enter after Ctrl+. updates it", async (opened) => {
  const { page, screenshot } = opened;
  await screenshot("pin-gone-hover", () =>
    hoverSays(page, /The registry no longer has this digest, so builds fail/, () => pointAtText(page, "/app:gone")),
  );
  const [first = ""] = await openCodeActions(page, async () => {
    await clickText(page, "/app:gone");
    await page.keyboard.press("Control+.");
  });
  assert.match(first, /^Update the digest of .*\/app:gone/);
  await screenshot("pin-gone-fix");
  await page.keyboard.press("Enter");
  await eventually(
    "the digest that the tag has now",
    () => lines(page),
    // A size hint is between tag and digest.
    (all) => all.some((line) => line.includes("/app:gone") && line.endsWith(`@${newer}`)),
  );
  await becomes(() => page.locator(".editor-instance .squiggly-warning").count(), 0);
  await runPaletteCommand(page, "File: Save");
});

uiTest("a hover has a link that looks the image up, and then says what it is", async ({ page, screenshot }) => {
  const point = () => pointAtText(page, "/app:moved");
  await hoverSays(page, /The pin|points to|Look it up/, point);
  await click(page.locator(".monaco-hover:visible a", { hasText: /Look it up/ }).first());
  await screenshot("pin-hover", async () => {
    const text = await hoverSays(page, /Download for linux\/amd64/, point);
    for (const part of ["31.0 MB", "2026-01-01", "linux/arm64", "is 12 days newer"])
      assert.ok(text.includes(part), `${part} in ${text}`);
  });
  await clearMessages(page);
});

/** The open list of completions. */
async function suggestions(page: Page): Promise<string[]> {
  const rows = await page.locator(".suggest-widget.visible .monaco-list-row").allInnerTexts();
  return rows.map((text) => text.replaceAll("\u00a0", " ").replace(/\s+/g, " ").trim());
}

uiTest("completion looks tags up when it is told to, and then lists newer ones first", async ({ page, screenshot }) => {
  await openFile(page, "tags.dockerfile");
  await clickText(page, "3.12.1-slim");
  await page.keyboard.press("End");
  const before = registry.requests.length;
  await page.keyboard.press("Control+Space");
  await eventually(
    "an offer to look tags up",
    () => suggestions(page),
    ([first = ""]) => first.startsWith("Look up the tags of"),
  );
  assert.equal(registry.requests.length, before);
  await screenshot("tags-lookup");
  await page.keyboard.press("Enter");
  await eventually(
    "newer tags",
    () => suggestions(page),
    ([first = "", second = ""]) => first.startsWith("3.13.0-slim") && second.startsWith("3.12.4-slim"),
  );
  await screenshot("tags-newer");
  await page.keyboard.press("Enter");
  await becomes(async () => (await lines(page))[0]?.includes("python:3.13.0-slim"), true);
  await runPaletteCommand(page, "File: Save");
});

/** A checkbox of any version of VS Code. */
function isTicked(box: Locator): Promise<boolean> {
  return box.evaluate((element) =>
    element instanceof HTMLInputElement ? element.checked : element.getAttribute("aria-checked") === "true",
  );
}

uiTest("a workspace is pinned by an answer to a question, or by the edits ticked in the preview", async (opened) => {
  const { page, screenshot } = opened;
  await runPaletteCommand(page, "Imagewright: Pin All Images in Workspace");
  await becomes(() => messages(page), ["Pin 2 images in 2 files?"]);
  await screenshot("pin-workspace-question");
  await click(page.locator(".notifications-toasts .monaco-button", { hasText: "Review Edits" }));
  const tick = page.locator(".bulk-edit-panel .edit-checkbox").first();
  await tick.waitFor();
  // VS Code shows edits only if they must be confirmed, and then has them unticked.
  assert.equal(await isTicked(tick), false);
  await screenshot("pin-workspace-preview");
  await click(page.locator(".bulk-edit-panel .monaco-button", { hasText: "Discard" }));
  await eventually(
    "nothing changed",
    () => messages(page),
    (all) => all.some((text) => text.startsWith("Nothing was changed")),
  );
  await clearMessages(page);
  await runPaletteCommand(page, "Imagewright: Pin All Images in Workspace");
  await becomes(() => messages(page), ["Pin 2 images in 2 files?"]);
  await click(page.locator(".notifications-toasts .monaco-button", { hasText: "Change All" }));
  await eventually(
    "the result",
    () => messages(page),
    (all) => all.some((text) => text.startsWith("Pinned 2 images")),
  );
  await eventually(
    "the digest",
    () => lines(page),
    ([first]) => first?.includes(images.tags.get("python:3.13.0-slim") ?? "none") === true,
  );
});
