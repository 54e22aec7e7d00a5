import assert from "node:assert/strict";
import { askEngine } from "../../rig/engineApi.ts";
import { startEngine } from "../../rig/engine.ts";
import { loadSampleImages } from "../../rig/sample.ts";
import { sampleTags } from "../../rig/sampleImages.ts";
import { sharedRegistry } from "../../rig/sharedRigs.ts";
import { tinyContent } from "../../rig/tinyImage.ts";
import { pushTiny } from "../../rig/tinyPush.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { answerModal, modal } from "./modal.ts";
import { openSlowGate } from "./slowGate.ts";
import { answer, chooseInMenu, clearMessages, click, imageRow, imageRows, messages, pick, picks, runPaletteCommand, showView } from "./window.ts";

// An engine of its own: pruning takes whatever others have left.
const [engine, registry] = await Promise.all([startEngine(), sharedRegistry()]);
const gate = await openSlowGate(registry);
const pulled = `${gate.host}/big:1`;

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  const content = await tinyContent({ layers: [{ "big": Buffer.alloc(4_000_000, "0123456789abcdef") }, { "small": "x" }] }, { compression: "none" });
  await pushTiny(registry, { repository: "big", tag: "1" }, content);
  return { env: { DOCKER_HOST: engine.host }, close: async () => void (await Promise.all([engine.stop(), gate.close(), registry.stop()])) };
});

const newer = `Image ${sampleTags.newer}`;

uiTest("a name is recommended or typed, and taken from another image only after a question", async ({ page, screenshot }) => {
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
  assert.match(question.join("\n"), /^Move the name bookshelf:1\.0 to bookshelf:1\.1\?\nIt names .* now\.\nThat image would have no name left/);
  await screenshot("actions-tag-moves");
  await answerModal(page, "Cancel");
  await chooseInMenu(imageRow(page, newer), "Tag Image…");
  await input.fill("bookshelf:next");
  await page.keyboard.press("Enter");
  await eventually("the new name", () => imageRows(page), (rows) => rows.some((row) => row.includes("also tagged next")));
});

uiTest("a pull shows how far it is, can be stopped, and says in the end what is there", async ({ page, screenshot }) => {
  const pull = async (): Promise<void> => {
    await runPaletteCommand(page, "Imagewright: Pull Image…");
    await page.locator('.quick-input-widget input[placeholder^="Name of the image"]').fill(pulled);
    await page.keyboard.press("Enter");
    await answer(page, "For which platform?", "The engine's own");
  };
  gate.limit(200_000);
  await pull();
  await eventually("progress", () => messages(page), (all) => all.some((text) => /Pulling .*big:1.*MB of 4\.00 MB \(\d+ %\)/.test(text)));
  await screenshot("actions-pull");
  await click(page.locator(".notifications-toasts .monaco-button", { hasText: "Cancel" }));
  await eventually("no message", () => messages(page), (all) => all.length === 0);
  gate.limit(100_000_000);
  await pull();
  await eventually("the end", () => messages(page), (all) => all.some((text) => text.includes(`${pulled} is there now`)));
  await eventually("the row", () => imageRows(page), (rows) => rows.some((row) => row.includes("big")));
  await clearMessages(page);
});

uiTest("pruning lists what goes, sums up what is checked, and asks", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Prune Images…");
  await screenshot("actions-prune");
  await answer(page, "Prune which images?", "Unused Images");
  await eventually("the list", () => picks(page), (all) => all.length >= 3);
  await becomes(async () => /^\d images: .* given back$/.test(await page.locator(".quick-input-title").innerText()), true);
  await screenshot("actions-prune-list");
  await pick(page, "bookshelf:1.0");
  await becomes(async () => (await page.locator(".quick-input-title").innerText()).startsWith("2 images"), true);
  await page.keyboard.press("Enter");
  assert.match((await modal(page)).join("\n"), /^Remove 2 images\?\nThese names go: /);
  await screenshot("actions-prune-question");
  await answerModal(page, "Cancel");
});

uiTest("removing names what is lost, once, and gives back what it said", async ({ page, screenshot }) => {
  await askEngine(engine.socketPath, { method: "POST", path: "/containers/create?name=shelf", body: Buffer.from(JSON.stringify({ Image: sampleTags.older, Cmd: ["x"] })), contentType: "application/json" });
  await chooseInMenu(imageRow(page, `Image ${sampleTags.older}`), "Remove Images…");
  const question = await modal(page);
  assert.deepEqual(question.filter((line) => !/stay|given back/.test(line)), [
    `Remove the image ${sampleTags.older}?`, `This name goes: ${sampleTags.older}.`, `${sampleTags.older} is used by the container shelf (created).`, "[Cancel]", "[Remove]",
  ]);
  await screenshot("actions-remove");
  await answerModal(page, "Remove");
  const refusal = await modal(page);
  assert.match(refusal.join("\n"), /^The engine refused to remove bookshelf:1\.0\n.*\n(.*\n)*\[Remove Anyway\]/);
  await screenshot("actions-remove-anyway");
  await answerModal(page, "Remove Anyway");
  await eventually("no such row", () => imageRows(page), (rows) => !rows.some((row) => row.includes(sampleTags.older)));
  await eventually("what was done", () => messages(page), (all) => all.some((text) => text.includes(`Removed ${sampleTags.older}`)));
});
