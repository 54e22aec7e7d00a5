// The window in a language that is English in brackets: what has none is not translated.
import assert from "node:assert/strict";
import { copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { sampleTags } from "../../../rig/engines/sampleImages.ts";
import { temporaryFolder } from "../../../rig/machine/folders.ts";
import { projectFolder } from "../../../rig/machine/project.ts";
import { sampleArchive, sampleDockerfile } from "../../../rig/vscode/sample.ts";
import { eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import { shownDiff } from "../layerDiff.ts";
import {
  click,
  expand,
  imageRows,
  languageStatus,
  openFile,
  pick,
  picks,
  point,
  runPaletteCommand,
  showView,
} from "../window.ts";

/** A code that no language has. */
const language = "qps";

const uiTest = uiTests(async () => {
  const extension = await translatedExtension();
  return {
    env: { DOCKER_HOST: "unix:///nowhere/docker.sock" },
    extensionPath: extension.path,
    language,
    close: extension.remove,
  };
});

uiTest("every row of the images view is translated; its names, values and instructions are not", async ({ page }) => {
  await showView(page, "Imagewright");
  await click(row(page, "Open an Image Archive…"));
  await pick(page, sampleArchive);
  await expand(row(page, sampleTags.newer));
  for (const section of ["Configuration", "Tags and Digests", "History", "Size of the Layers"]) {
    await expand(row(page, section));
    const rows = await imageRows(page);
    assert.ok(rows.length > 8, section);
    assert.deepEqual(untranslated(rows), []);
    await click(row(page, section).locator(".monaco-tl-twistie"));
  }
});

uiTest("a row's menu and the palette are translated", async ({ page }) => {
  await click(row(page, "Layer 5 of 5"), { button: "right" });
  const menu = page.locator(".monaco-menu .action-label:not(.separator)");
  await menu.first().waitFor();
  assert.deepEqual(untranslated(await menu.allInnerTexts()), []);
  await page.keyboard.press("Escape");
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(">Imagewright: ");
  const commands = await eventually(
    "the commands",
    () => picks(page),
    (all) => all.length > 5 && all.every((text) => text.startsWith("Imagewright: ")),
  );
  assert.deepEqual(untranslated(commands), []);
  await page.keyboard.press("Escape");
});

uiTest("each tab of the layer view is translated", async ({ page }) => {
  await point(row(page, "Layer 5 of 5"));
  await click(row(page, "Layer 5 of 5").locator('.action-label[aria-label*="Show Changes in This Layer"]'));
  const diff = await shownDiff(page, `⟦What layer 5 of ${sampleTags.newer} changed⟧`);
  const texts = "button, [role=tab], [role=columnheader]:not(:empty), [role=status]:not(:empty), h2, input";
  for (const tab of ["Changes", "Map", "Waste", "All Layers", "Duplicates", "Comparison"]) {
    await diff.locator("[role=tab]", { hasText: tab }).click();
    const shown = diff.locator("[role=tabpanel]").filter({ visible: true });
    await eventually(
      tab,
      () => shown.getAttribute("data-state"),
      (state) => state !== "waiting",
    );
    await page.screenshot({ path: join(projectFolder, `test/artefacts/translated-${tab.replaceAll(" ", "-")}.png`) });
    const parts = diff.locator(texts).filter({ visible: true });
    const labels = await parts.evaluateAll((all) =>
      all.map((part) => part.getAttribute("aria-label") ?? part.textContent.trim()),
    );
    assert.ok(labels.length > 6, tab);
    assert.deepEqual(untranslated(labels.filter((label) => /[a-z]{2}/i.test(label))), [], tab);
  }
});

uiTest("questions and the status are translated", async ({ page }) => {
  await runPaletteCommand(page, "⟦Group Images By");
  await page.locator('.quick-input-widget input[placeholder="⟦Group images by⟧"]').waitFor();
  const choices = await page.locator(".quick-input-list:visible .monaco-list-row").allInnerTexts();
  assert.equal(choices.length, 4);
  assert.deepEqual(untranslated(choices), []);
  await page.keyboard.press("Escape");
  await openFile(page, sampleDockerfile);
  await eventually(
    "a translated status",
    () => languageStatus(page),
    (status) => status.includes("⟦No container engine is responding⟧"),
  );
});

function untranslated(texts: readonly string[]): readonly string[] {
  return texts.filter((text) => !text.includes("⟦"));
}

/** A row by a part of its text. */
function row(page: Page, text: string) {
  return page.locator(`.pane-body [role=treeitem][aria-label*="${text}"]`).first();
}

/** The extension as it was built, with its English texts in brackets as a language of its own. */
async function translatedExtension() {
  const folder = await temporaryFolder("translated");
  for (const part of ["dist", "media", "syntaxes", "docs"])
    await cp(join(projectFolder, part), join(folder.path, part), { recursive: true });
  await mkdir(join(folder.path, "l10n"));
  await copyFile(join(projectFolder, "package.json"), join(folder.path, "package.json"));
  for (const file of ["package.nls.json", "l10n/bundle.l10n.json"]) {
    await copyFile(join(projectFolder, file), join(folder.path, file));
    const texts = JSON.parse(await readFile(join(projectFolder, file), "utf8")) as Record<string, string>;
    const translated = Object.entries(texts).map(([key, text]) => [key, `⟦${text}⟧`] as const);
    const target = join(folder.path, file.replace(/json$/, `${language}.json`));
    await writeFile(target, JSON.stringify(Object.fromEntries(translated)));
  }
  return folder;
}
