import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Frame, Page } from "playwright-core";
import { projectFolder } from "../../../rig/machine/project.ts";
import { sampleTags } from "../../../rig/engines/sampleImages.ts";
import { sampleArchive } from "../../../rig/vscode/sample.ts";
import { becomes, eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import { currentRow, openDiff, shownDiff } from "../layerDiff.ts";
import { click, expand, imageRow, pick, showView } from "../window.ts";
import { nameless, spokenIn } from "./axTree.ts";
import { weakTexts } from "./contrast.ts";

const uiTest = uiTests({ env: { DOCKER_HOST: "unix:///nowhere/docker.sock" } });

const title = `What layer 5 of ${sampleTags.newer} changed`;
const tabs = ["Changes", "Map", "Waste", "All Layers", "Duplicates", "Comparison"];

uiTest("every control of the layer view has a name for screen readers, in each tab", async ({ page }) => {
  await showView(page, "Imagewright");
  await click(imageRow(page, "Open an Image Archive…"));
  await pick(page, sampleArchive);
  await expand(imageRow(page, `Image ${sampleTags.newer}`));
  const diff = await openDiff(page, "Layer 5 of 5", title);
  for (const tab of tabs) {
    await showTab(page, diff, tab);
    const parts = await spokenIn(diff);
    assert.ok(
      parts.some(({ role, name }) => role === "tab" && name.startsWith(tab)),
      tab,
    );
    assert.deepEqual(nameless(parts), [], tab);
  }
});

uiTest("Tab goes through the controls of the layer view in their order, and out of it", async ({ page }) => {
  const diff = await shownDiff(page, title);
  await showTab(page, diff, "Changes");
  assert.deepEqual(await tabStops(page, diff), [
    "Layer 5 of 5: 151 kB, RUN rm -rf /var/lib/apt/lists && chmod u+s /bin/ls && useradd --uid 1000 shelf",
    "3 changed +52 B",
    "3 removed −518 kB",
    "3 security",
    "Filter by path, glob or regular expression",
    "Show the whole file system, unchanged files too",
    "List files without folders, largest first",
    "Expand all folders",
    "Collapse all folders",
    "Changed files",
  ]);
  for (const tab of tabs.slice(1)) {
    await showTab(page, diff, tab);
    const stops = await tabStops(page, diff);
    assert.ok(stops.length > 1 && stops.every((name) => name !== ""), `${tab}: ${stops.join(", ")}`);
  }
});

uiTest("Escape in the filter returns the focus to the rows", async ({ page }) => {
  const diff = await shownDiff(page, title);
  await showTab(page, diff, "Changes");
  await diff.locator("[role=treegrid]:visible").focus();
  await page.keyboard.press("Home");
  await becomes(() => currentRow(diff), "bin");
  await page.keyboard.press("/");
  await becomes(() => focused(diff), "Filter by path, glob or regular expression");
  await page.keyboard.press("Escape");
  await becomes(() => focused(diff), "Changed files");
});

uiTest("a progress bar doesn't move for users who asked for less motion", async ({ page }) => {
  const diff = await shownDiff(page, title);
  const animation = (): Promise<string> =>
    diff.evaluate(() => {
      const bar = document.body.appendChild(document.createElement("progress"));
      const name = getComputedStyle(bar).animationName;
      bar.remove();
      return name;
    });
  await becomes(animation, "slide");
  await page.emulateMedia({ reducedMotion: "reduce" });
  await becomes(animation, "none");
  await page.emulateMedia({ reducedMotion: null });
});

uiTest("in a wide window the map and the table beside it select the same file", async ({ page }) => {
  const diff = await shownDiff(page, title);
  await page.setViewportSize({ width: 1700, height: 900 });
  await showTab(page, diff, "Map");
  await diff.locator("#panel-changes").waitFor();
  const currentTile = () => diff.locator(".tile.current").getAttribute("data-path");
  // Folders without other content share a row: `var/lib/apt/lists`.
  const isRowOf = async (tile: string | null | undefined) =>
    (await currentRow(diff))?.split("/").includes(tile?.split("/").at(-1) ?? "");
  await diff.locator("[role=treegrid]:visible").focus();
  await page.keyboard.press("End");
  const row = await eventually(
    "a row",
    () => currentRow(diff),
    (name) => name !== undefined,
  );
  const former = await eventually(
    "the tile of the row",
    currentTile,
    (path) => path?.split("/").some((name) => row?.split("/").includes(name)) === true,
  );
  await diff.locator('.tile[tabindex="0"]').focus();
  await page.keyboard.press("Home");
  const tile = await eventually("another tile", currentTile, (path) => path !== former);
  await becomes(() => isRowOf(tile), true);
  await becomes(() => diff.evaluate(() => document.activeElement?.getAttribute("data-path")), tile);
  await page.keyboard.press("Enter");
  await diff.locator(".crumb[aria-current=true]", { hasText: tile?.split("/").at(-1) ?? "" }).waitFor();
  await becomes(async () => isRowOf(await currentTile()), true);
  await page.screenshot({ path: artefact("access-wide-map") });
  await page.keyboard.press("Escape");
  await becomes(currentTile, tile);
  await page.setViewportSize({ width: 1280, height: 800 });
  await diff.locator("#panel-changes").waitFor({ state: "hidden" });
});

uiTest("at 200 % zoom nothing of the layer view is cut off at its side, and its rows have room", async ({ page }) => {
  const diff = await shownDiff(page, title);
  // What a window of 1280 by 800 has room for then.
  await page.setViewportSize({ width: 640, height: 400 });
  await eventually(
    "a narrow view",
    () => diff.evaluate(() => innerWidth),
    (width) => width < 640,
  );
  for (const tab of tabs) {
    await showTab(page, diff, tab);
    const [needed, given] = await diff.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok((needed ?? 0) <= (given ?? 0), `${tab}: ${needed} px in ${given}`);
    await page.screenshot({ path: artefact(`access-zoom-${tab}`) });
  }
  await showTab(page, diff, "Changes");
  const [row, panel] = await Promise.all(
    [".sizer .row", ".body"].map((part) => diff.locator(`#panel-changes ${part}`).first().boundingBox()),
  );
  assert.ok(row && panel && row.y + row.height <= panel.y + panel.height, "a row is whole");
  await page.setViewportSize({ width: 1280, height: 800 });
});

for (const [theme, className] of [
  ["Default High Contrast", "hc-black"],
  ["Default High Contrast Light", "hc-light"],
] as const) {
  uiTest(`texts of the layer view are easy to read in ${theme}`, async ({ page, folder }) => {
    const file = join(folder, ".vscode/settings.json");
    const settings = JSON.parse(await readFile(file, "utf8").catch(() => "{}")) as object;
    const themed = {
      ...settings,
      "window.autoDetectColorScheme": false,
      "workbench.colorTheme": theme,
    };
    await writeFile(file, JSON.stringify(themed));
    await page.locator(`.monaco-workbench.${className}`).waitFor();
    const diff = await shownDiff(page, title);
    await diff.locator("body.vscode-high-contrast").waitFor();
    for (const tab of tabs) {
      await showTab(page, diff, tab);
      await page.screenshot({ path: artefact(`access-${className}-${tab}`) });
      assert.deepEqual(await weakTexts(diff, 4.5), [], tab);
    }
  });
}

/** Shows a tab by the arrow keys, and waits for its content. */
async function showTab(page: Page, diff: Frame, name: string): Promise<void> {
  const tab = diff.locator("[role=tab]", { hasText: name });
  await diff.locator("[role=tab][aria-selected=true]").focus();
  await eventually(
    `the tab ${name}`,
    async () => {
      const isSelected = await tab.getAttribute("aria-selected");
      if (isSelected !== "true") await page.keyboard.press("ArrowRight");
      return isSelected;
    },
    (isSelected) => isSelected === "true",
  );
  await eventually(
    "its content",
    () => diff.locator("progress:visible").count(),
    (count) => count === 0,
  );
  await diff.locator("[role=tab][aria-selected=true]").focus();
}

/** The names of what Tab reaches in the view, from the shown tab on. */
async function tabStops(page: Page, diff: Frame): Promise<readonly string[]> {
  const stops: string[] = [];
  for (const maxStops = 30; stops.length < maxStops;) {
    await page.keyboard.press("Tab");
    const name = await focused(diff);
    if (name === undefined) return stops;
    stops.push(name);
  }
  throw new Error(`Tab doesn't leave the view: ${stops.join(", ")}`);
}

/** The name of the focused part; undefined if it isn't in the view. */
function focused(diff: Frame): Promise<string | undefined> {
  return diff.evaluate(() => {
    const part = document.activeElement;
    if (part === null || part === document.body) return undefined;
    return (
      part.getAttribute("aria-label") ??
      [...part.childNodes]
        .map((node) => node.textContent)
        .join(" ")
        .replace(/\s+/g, " ")
        .trim()
    );
  });
}

function artefact(name: string): string {
  return join(projectFolder, "test/artefacts", `${name.replaceAll(" ", "-")}.png`);
}
