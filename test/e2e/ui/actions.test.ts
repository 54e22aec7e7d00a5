import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { askEngine } from "../../rig/engines/engineApi.ts";
import { startEngine } from "../../rig/engines/engine.ts";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { sharedRegistry } from "../../rig/engines/sharedRigs.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { answerModal, modal } from "./modal.ts";
import { openSlowRegistryProxy } from "../../rig/registry/slowRegistryProxy.ts";
import {
  answer,
  chooseInMenu,
  clearMessages,
  click,
  imageRow,
  imageRows,
  messages,
  pick,
  picks,
  runPaletteCommand,
  showView,
} from "./window.ts";

// A separate engine: pruning removes anything that others have left.
const [engine, registry] = await Promise.all([startEngine(), sharedRegistry()]);
const registryProxy = await openSlowRegistryProxy(registry);
const pulled = `${registryProxy.host}/big:1`;
const platforms = `${registry.host}/several:1`;

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  const content = await imageContent(
    { layers: [{ big: Buffer.alloc(4_000_000, "0123456789abcdef") }, { small: "x" }] },
    { compression: "none" },
  );
  await pushImage(registry, { repository: "big", tag: "1" }, content);
  const several = (["amd64", "arm64"] as const).map((architecture) => ({
    layers: [{ on: architecture }],
    platform: { os: "linux", architecture },
  }));
  await pushImage(registry, { repository: "several", tag: "1" }, await imageContent(several));
  return {
    env: { DOCKER_HOST: engine.host },
    close: async () => void (await Promise.all([engine.stop(), registryProxy.close(), registry.stop()])),
  };
});

/** The entries of a row's context menu, which is closed again. */
async function menuEntries(row: Locator): Promise<readonly string[]> {
  await openMenu(row);
  const entries = (await menuLabels(row.page()).allInnerTexts())
    .map((text) => text.trim())
    .filter((text) => text !== "");
  await closeMenu(row.page());
  return entries;
}

/** Opens a menu. A row that is being redrawn doesn't open one, so it may take a second try. */
async function openMenu(row: Locator): Promise<void> {
  const first = menuLabels(row.page()).first();
  await eventually(
    "an open menu",
    async () => {
      if (!(await first.isVisible())) await click(row, { button: "right" });
      return first.waitFor({ timeout: 2000 }).then(
        () => true,
        () => false,
      );
    },
    (isOpen) => isOpen,
  );
}

async function closeMenu(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await menuLabels(page).first().waitFor({ state: "hidden" });
}

function menuLabels(page: Page): Locator {
  return page.locator(".monaco-menu .action-label:not(.separator)");
}

/** Clicks a button of a message in the corner. A new message still moves, and a click may miss it. */
async function takeOffer(page: Page, label: string): Promise<void> {
  const button = page.locator(".notifications-toasts .monaco-button", { hasText: label }).first();
  await button.waitFor();
  await eventually(
    "a closed message",
    async () => {
      if (await button.isVisible()) await click(button).catch(() => undefined);
      return button.isVisible();
    },
    (isOpen) => !isOpen,
  );
}

const newer = `Image ${sampleTags.newer}`;

uiTest(
  "a tag name is suggested or typed, and taken from another image only after confirmation",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await chooseInMenu(imageRow(page, newer), "Tag Image…");
    const input = page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await screenshot("actions-tag");
    await input.fill(sampleTags.older);
    await becomes(async () => (await picks(page))[0]?.includes("which would become dangling"), true);
    await screenshot("actions-tag-typed");
    await page.keyboard.press("Enter");
    const question = await modal(page);
    assert.match(
      question.join("\n"),
      /^Move the tag bookshelf:1\.0 to bookshelf:1\.1\?\nIt now points to .*\.\nThat image would have no tag left/,
    );
    await screenshot("actions-tag-moves");
    await answerModal(page, "Cancel");
    await chooseInMenu(imageRow(page, newer), "Tag Image…");
    await input.fill("bookshelf:next");
    await page.keyboard.press("Enter");
    await eventually(
      "the new name",
      () => imageRows(page),
      (rows) => rows.some((row) => row.includes("also tagged next")),
    );
  },
);

uiTest(
  "a pull shows its progress, can be stopped in the middle, and reports the result in the end",
  async ({ page, screenshot }) => {
    const pull = async (): Promise<void> => {
      await runPaletteCommand(page, "Imagewright: Pull Image…");
      await page.locator('.quick-input-widget input[placeholder^="Image to pull"]').fill(pulled);
      await page.keyboard.press("Enter");
      await answer(page, "For which platform?", "The engine's platform");
    };
    registryProxy.limit(200_000);
    await pull();
    await eventually(
      "progress",
      () => messages(page),
      (all) => all.some((text) => /Pulling .*big:1.*MB of 4\.00 MB \(\d+ %\)/.test(text)),
    );
    await screenshot("actions-pull");
    await takeOffer(page, "Cancel");
    registryProxy.limit(100_000_000);
    await pull();
    await eventually(
      "the end",
      () => messages(page),
      (all) => all.some((text) => text.includes(`Pulled ${pulled}`)),
    );
    await eventually(
      "the row",
      () => imageRows(page),
      (rows) => rows.some((row) => row.includes("big")),
    );
    await clearMessages(page);
  },
);

uiTest("a push names its target first, and the digest afterwards", async ({ page, screenshot }) => {
  await chooseInMenu(imageRow(page, `Image ${pulled}`), "Push Image…");
  const question = await modal(page);
  assert.deepEqual(
    [question[0], question[2]],
    [`Push big:1 to ${registryProxy.host}?`, `${registryProxy.host}: repository big, tag 1 (created or overwritten)`],
  );
  await screenshot("actions-push");
  await answerModal(page, "Push");
  const [told] = await eventually(
    "the digest",
    () => messages(page),
    (all) => all.some((text) => text.includes(`Pushed ${pulled}: sha256:`)),
  );
  await screenshot("actions-pushed");
  await takeOffer(page, "Copy Digest");
  await becomes(async () => told?.includes(await page.evaluate(() => navigator.clipboard.readText())), true);
});

uiTest("an image is saved, and its archive opens next to the engine", async ({ page, folder, screenshot }) => {
  await showView(page, "Imagewright");
  await chooseInMenu(imageRow(page, `Image ${sampleTags.older}`), "Save Image to Archive…");
  const path = page.locator(".quick-input-widget input").first();
  await eventually(
    "a proposed file",
    () => path.inputValue(),
    (value) => value.endsWith("bookshelf_1.0.tar"),
  );
  await page.keyboard.press("Enter");
  await eventually(
    "the end",
    () => messages(page),
    (all) => all.some((text) => /Saved 1 image to .*bookshelf_1\.0\.tar, [\d.]+ MB/.test(text)),
  );
  assert.equal(existsSync(join(folder, "bookshelf_1.0.tar")), true);
  await takeOffer(page, "Open Archive");
  const archive = imageRow(page, "archive bookshelf_1.0.tar");
  await archive.waitFor();
  await screenshot("actions-archive");
  await becomes(() => menuEntries(archive), ["Load Archive into Engine…", "Close Archive"]);
  await chooseInMenu(archive, "Close Archive");
});

uiTest(
  "the menus of images and their groups list the possible actions, removing last",
  async ({ page, screenshot }) => {
    const row = imageRow(page, newer);
    await becomes(
      () => menuEntries(row),
      [
        "Pin in Dockerfile…",
        "Explore Image",
        "Compare With…",
        "Compare with Previous Build",
        "Select for Compare",
        "Inspect Image as JSON…",
        "Pull Again",
        "Push Image…",
        "Tag Image…",
        "Save Image to Archive…",
        "Copy Reference",
        "Copy as FROM Line",
        "Copy name@digest",
        "Copy Pull Command",
        "Copy Digest…",
        "Remove Image…",
      ],
    );
    await becomes(
      () => menuEntries(imageRow(page, "bookshelf, 2 images")),
      ["Pull Again", "Save Images to Archive…", "Copy Reference", "Remove Images…"],
    );
    await screenshot("actions-menu", () => openMenu(row));
    await closeMenu(page);
  },
);

uiTest("a reference in a registry is pulled from its row", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Open Registry Reference…");
  await page.locator('.quick-input-widget input[placeholder^="debian, ghcr.io"]').fill(platforms);
  await page.keyboard.press("Enter");
  const row = imageRow(page, `Image ${platforms}`);
  await row.waitFor();
  await becomes(
    () => menuEntries(row),
    [
      "Pin in Dockerfile…",
      "Explore Image",
      "Compare With…",
      "Select for Compare",
      "Inspect Image as JSON…",
      "Pull to Engine…",
      "Close Reference",
      "Copy Reference",
      "Copy as FROM Line",
      "Copy name@digest",
      "Copy Pull Command",
      "Copy Digest…",
    ],
  );
  await chooseInMenu(row, "Pull to Engine…");
  await page.locator('.quick-input-widget input[placeholder="For which platform?"]').waitFor();
  await screenshot("actions-platform");
  await pick(page, "linux/arm64");
  await eventually(
    "the end",
    () => messages(page),
    (all) => all.some((text) => text.includes(`Pulled ${platforms}`)),
  );
  await takeOffer(page, "Show Image");
  await eventually(
    "two rows",
    async () => (await imageRows(page)).filter((text) => text.includes(platforms)).length,
    (count) => count === 2,
  );
  await screenshot("actions-pulled-platform");
  await chooseInMenu(
    page.locator(`.pane-body [role=treeitem][aria-label^="Image ${platforms}"]`).last(),
    "Close Reference",
  );
});

uiTest("pruning lists the images, adds up the checked ones, and asks", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Prune Images…");
  await screenshot("actions-prune");
  await answer(page, "Prune which images?", "Unused Images");
  await eventually(
    "the list",
    () => picks(page),
    (all) => all.length >= 3,
  );
  await becomes(async () => /^\d images: .* freed$/.test(await page.locator(".quick-input-title").innerText()), true);
  await screenshot("actions-prune-list");
  await pick(page, "bookshelf:1.0");
  await becomes(async () => (await page.locator(".quick-input-title").innerText()).startsWith("3 images"), true);
  await page.keyboard.press("Enter");
  assert.match((await modal(page)).join("\n"), /^Remove 3 images\?\nTags to remove: /);
  await screenshot("actions-prune-question");
  await answerModal(page, "Cancel");
});

uiTest("a container becomes an image, which is revealed", async ({ page, screenshot }) => {
  await askEngine(engine.socketPath, {
    method: "POST",
    path: "/containers/create?name=shelf",
    body: Buffer.from(JSON.stringify({ Image: sampleTags.older, Cmd: ["x"] })),
    contentType: "application/json",
  });
  await runPaletteCommand(page, "Imagewright: Create Image from Container…");
  const question = "Create an image from which container?";
  await page.locator(`.quick-input-widget input[placeholder="${question}"]`).waitFor();
  await screenshot("actions-commit");
  await answer(page, question, "shelf");
  for (const [prompt, text] of [
    ["Tag of the new image", "bookshelf:copy"],
    ["Comment", "by hand"],
    ["Author", ""],
  ] as const) {
    await page.locator(".quick-input-widget .quick-input-message", { hasText: prompt }).waitFor();
    await page.locator(".quick-input-widget input").first().fill(text);
    await page.keyboard.press("Enter");
  }
  await eventually(
    "the new image, chosen",
    () => page.locator(".pane-body [role=treeitem][aria-selected=true]").getAttribute("aria-label"),
    (label) => label?.startsWith("Image bookshelf:copy") === true,
  );
});

uiTest("removing lists what is lost, once, and frees the announced bytes", async ({ page, screenshot }) => {
  // A row that is being redrawn isn't selected yet.
  await eventually(
    "the question",
    async () => {
      await click(imageRow(page, `Image ${sampleTags.older}`));
      await page.keyboard.press("Delete");
      return page
        .locator(".monaco-dialog-box")
        .waitFor({ timeout: 2000 })
        .then(
          () => true,
          () => false,
        );
    },
    (isOpen) => isOpen,
  );
  const question = await modal(page);
  assert.deepEqual(
    question.filter((line) => !/stay|freed/.test(line)),
    [
      `Remove the image ${sampleTags.older}?`,
      `Tag to remove: ${sampleTags.older}.`,
      `${sampleTags.older} is used by the container shelf (created).`,
      "[Cancel]",
      "[Remove]",
    ],
  );
  await screenshot("actions-remove");
  await answerModal(page, "Remove");
  const refusal = await modal(page);
  assert.match(refusal.join("\n"), /^The engine refused to remove bookshelf:1\.0\n.*\n(.*\n)*\[Remove Anyway\]/);
  await screenshot("actions-remove-anyway");
  await answerModal(page, "Remove Anyway");
  await eventually(
    "no such row",
    () => imageRows(page),
    (rows) => !rows.some((row) => row.includes(sampleTags.older)),
  );
  await eventually(
    "what was done",
    () => messages(page),
    (all) => all.some((text) => text.includes(`Removed ${sampleTags.older}`)),
  );
});
