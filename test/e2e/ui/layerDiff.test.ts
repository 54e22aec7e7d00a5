import assert from "node:assert/strict";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { currentRow, diffRows, inShort, openDiff, shownDiff } from "./layerDiff.ts";
import { answer, chooseInMenu, click, expand, imageRow, point, runPaletteCommand, showView } from "./window.ts";

const engine = await sharedEngine();

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  return { env: { DOCKER_HOST: engine.host }, close: () => engine.stop() };
});

const layer5 = `What layer 5 of ${sampleTags.newer} changed`;
const cleanupRows = [
  "bin ~1",
  "  ls M 151 kB → 151 kB setuid · mode",
  "etc +52 B ~2",
  "  passwd M 32 B → 64 B +32 B accounts · content",
  "  shadow M 19 B → 39 B +20 B accounts · content",
  "var/lib/apt/lists D −518 kB −2",
  "  main_binary-amd64_Packages D 462 kB → −462 kB",
  "  updates_InRelease D 55.4 kB → −55.4 kB",
];

uiTest("a layer's row opens the layer's changes", async ({ page, screenshot }) => {
  await showView(page, "Imagewright");
  await expand(imageRow(page, `Image ${sampleTags.newer}`));
  const diff = await openDiff(page, "Layer 5 of 5", layer5);
  await becomes(async () => (await diffRows(diff)).map(inShort), cleanupRows);
  assert.equal(
    await diff.locator(".subtitle").innerText(),
    "RUN rm -rf /var/lib/apt/lists && chmod u+s /bin/ls && useradd --uid 1000 shelf",
  );
  assert.deepEqual(
    await diff
      .locator(".chip:visible")
      .allInnerTexts()
      .then((all) => all.map((text) => text.replace(/\s+/g, " ").trim())),
    ["0 added", "3 changed +52 B", "3 removed −518 kB", "3 security"],
  );
  await screenshot("diff-layer");
});

uiTest("notable changes are marked, and a chip shows only them", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await click(diff.locator(".chip.security"));
  await becomes(async () => (await diffRows(diff)).map(({ name }) => name), ["bin", "ls", "etc", "passwd", "shadow"]);
  assert.equal(await diff.locator("#panel-changes .search").inputValue(), "is:security");
  await screenshot("diff-security");
  await diff.locator("#panel-changes .search").fill("size:>400kB");
  await becomes(
    async () => (await diffRows(diff)).map(({ name }) => name),
    ["var/lib/apt/lists", "main_binary-amd64_Packages"],
  );
  await diff.locator("#panel-changes .search").fill("");
});

uiTest("files can be listed without folders, with the largest change first", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  const flat = diff.locator('#panel-changes .tool[aria-label^="List files"]');
  await click(flat);
  await becomes(
    async () => (await diffRows(diff)).map(({ name }) => name).slice(0, 2),
    ["var/lib/apt/lists/main_binary-amd64_Packages", "var/lib/apt/lists/updates_InRelease"],
  );
  await screenshot("diff-flat");
  await click(flat);
  await click(diff.locator("[role=columnheader] button", { hasText: "Name" }));
  await becomes(async () => (await diffRows(diff)).map(inShort), cleanupRows);
});

uiTest("the diff can be filtered by kind and by path, and sorted by size", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await click(diff.locator(".chip.removed"));
  await becomes(async () => (await diffRows(diff)).map(({ name }) => name), ["bin", "ls", "etc", "passwd", "shadow"]);
  await click(diff.locator(".chip.removed"));
  await diff.locator("#panel-changes .search").fill("*_*");
  await becomes(
    async () => (await diffRows(diff)).map(({ name }) => name),
    ["var/lib/apt/lists", "main_binary-amd64_Packages", "updates_InRelease"],
  );
  assert.equal(await diff.locator("#panel-changes .status").innerText(), "2 of 6 changes shown");
  await screenshot("diff-filter");
  await diff.locator("#panel-changes .search").fill("");
  await click(diff.locator("[role=columnheader] button", { hasText: "Size change" }));
  await becomes(
    async () => (await diffRows(diff)).map(({ name }) => name).slice(0, 4),
    ["var/lib/apt/lists", "main_binary-amd64_Packages", "updates_InRelease", "etc"],
  );
  await click(diff.locator("[role=columnheader] button", { hasText: "Name" }));
  await becomes(async () => (await diffRows(diff))[0]?.name, "bin");
});

uiTest("the diff can be used with only the keyboard", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  const press = async (...keys: readonly string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("Home");
  await becomes(() => currentRow(diff), "bin");
  await press("ArrowLeft");
  await becomes(async () => (await diffRows(diff)).map(({ name }) => name).slice(0, 2), ["bin", "etc"]);
  await press("ArrowRight", "ArrowRight");
  await becomes(() => currentRow(diff), "ls");
  // Closed at first: Space opens the details, and closes them.
  assert.equal(await diff.locator(".details").isVisible(), false);
  await press(" ");
  await becomes(
    async () => (await diff.locator(".details").innerText()).replace(/\s+/g, " "),
    "/bin/ls Attributes changed Mode was rwxr-xr-x (0755) is now rwsr-xr-x (4755) Type file Size 151 kB (151,344 bytes) Owner 0:0 Modified 2024-01-01 00:00:00 UTC",
  );
  await press("Control+c");
  await becomes(() => page.evaluate(() => navigator.clipboard.readText()), "/bin/ls");
  await press("/");
  await page.keyboard.type("pass");
  await becomes(async () => (await diffRows(diff)).map(({ name }) => name), ["etc", "passwd"]);
  await screenshot("diff-keyboard");
  await press("Escape", "Escape", "End");
  await becomes(() => currentRow(diff), "updates_InRelease");
  await press(" ");
  await becomes(() => diff.locator(".details").isVisible(), false);
});

uiTest("Enter opens both versions of a file side by side, read-only", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await diff.locator("#panel-changes .search").fill("passwd");
  await becomes(async () => (await diffRows(diff)).map(({ name }) => name), ["etc", "passwd"]);
  await diff.locator("#panel-changes .grid").focus();
  for (const key of ["End", "Enter"]) await page.keyboard.press(key);
  const editor = page.locator(".editor-instance .monaco-diff-editor");
  await becomes(async () => (await editor.locator(".modified .view-line").allInnerTexts()).length, 3);
  await screenshot("diff-file");
  assert.match(await page.locator(".tab.active").innerText(), /^passwd \(layer 4 ↔ layer 5 of /);
  await runPaletteCommand(page, "View: Close Editor");
});

uiTest("a row's menu opens one version, also with the keyboard", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await click(diff.locator("#panel-changes .row.current"), { button: "right" });
  await becomes(
    async () => (await page.locator(".monaco-menu .action-label").allInnerTexts()).filter((text) => text !== ""),
    [
      "Compare with Version Before",
      "Open",
      "Open Version Before",
      "Show History of File",
      "Show in Dockerfile",
      "Extract…",
      "Copy Path",
    ],
  );
  await screenshot("diff-menu");
  await page.keyboard.press("Escape");
  await diff.locator("#panel-changes .search").fill("");
});

uiTest("an image's row opens all its files, at the top layer", async ({ page, screenshot }) => {
  await point(imageRow(page, `Image ${sampleTags.newer}`));
  await click(imageRow(page, `Image ${sampleTags.newer}`).locator('.action-label[aria-label="Explore Image"]'));
  const diff = await shownDiff(page, `All files at layer 5 of ${sampleTags.newer}`);
  await becomes(async () => (await diffRows(diff)).map(({ name }) => name).includes("usr"), true);
  await screenshot("diff-image");
  await click(diff.locator('#panel-changes .tool[aria-label^="Show the whole"]'));
  await becomes(async () => (await diffRows(diff)).map(inShort), cleanupRows);
  await runPaletteCommand(page, "View: Close Editor");
});

uiTest("the bar and Ctrl+Up move through the layers in place", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await becomes(() => diff.locator(".segment").count(), 5);
  await diff.locator("#panel-changes .grid").focus();
  await page.keyboard.press("Control+ArrowUp");
  const layer4 = await shownDiff(page, `What layer 4 of ${sampleTags.newer} changed`);
  const label = await layer4.locator('.segment[aria-current="true"]').getAttribute("aria-label");
  assert.match(label ?? "", /^Layer 4 of 5(, Dockerfile:14)?: /);
  assert.equal(await page.locator(".tab.active").innerText(), `Layer 4 of ${sampleTags.newer}`);
  await screenshot("diff-bar");
  await click(layer4.locator(".segment").nth(4));
  const again = await shownDiff(page, layer5);
  await becomes(async () => (await diffRows(again)).map(inShort), cleanupRows);
});

uiTest(
  "the Waste tab sums hidden files up by directory, and lists what brought and what hid them",
  async ({ page, screenshot }) => {
    const diff = await shownDiff(page, layer5);
    await click(diff.locator("#tab-waste"));
    const labels = (): Promise<readonly string[]> =>
      diff
        .locator("#panel-waste .sizer .row")
        .evaluateAll((rows) => rows.map((row) => row.getAttribute("aria-label") ?? "").slice(0, 2));
    await eventually("the wasted files by directory", labels, ([first = "", second = ""]) => {
      return first.startsWith("var/lib, ") && second.startsWith("apt/lists, 518 kB");
    });
    await screenshot("diff-waste");
    await click(diff.locator("#panel-waste .tool"));
    await eventually("the wasted files alone", labels, ([first = ""]) => {
      return first.startsWith("var/lib/apt/lists/main_binary-amd64_Packages") && first.includes("462 kB");
    });
    await diff.locator("#panel-waste .search").fill("/release$/");
    await eventually(
      "one of them",
      () => diff.locator("#panel-waste .status").innerText(),
      (text) => text.startsWith("1 of "),
    );
    await diff.locator("#panel-waste .search").fill("");
    await click(diff.locator("#panel-waste .tool"));
  },
);

uiTest("a search finds a path in every layer that touched it", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await click(diff.locator("#tab-search"));
  await diff.locator("#panel-search .search").fill("/etc\\/(passwd|shadow)$/");
  await page.keyboard.press("Enter");
  await becomes(
    () => diff.locator("#panel-search .sizer .row").evaluateAll((rows) => rows.map((row) => row.ariaLabel)),
    [
      "etc/passwd, added, 32 B, layer 1",
      "etc/passwd, changed, 64 B, layer 5",
      "etc/shadow, added, 19 B, layer 1",
      "etc/shadow, changed, 39 B, layer 5",
    ],
  );
  assert.equal(await diff.locator("#panel-search .status").innerText(), "2 paths in 2 layers");
  await screenshot("diff-search");
  // What is gone from the image is found too.
  await diff.locator("#panel-search .search").fill("*InRelease");
  await page.keyboard.press("Enter");
  await becomes(
    () => diff.locator("#panel-search .sizer .row").evaluateAll((rows) => rows.map((row) => row.ariaLabel)),
    [
      "var/lib/apt/lists/updates_InRelease, added, 55.4 kB, layer 2",
      "var/lib/apt/lists/updates_InRelease, removed, layer 5",
    ],
  );
  await diff.locator("#panel-search .search").fill("/(/");
  await page.keyboard.press("Enter");
  await becomes(() => diff.locator("#panel-search h2").innerText(), "Not a valid regular expression");
});

uiTest("copies and packages have a tab each, which says so where there are none", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await diff.locator("#tab-search").focus();
  await page.keyboard.press("ArrowRight");
  await becomes(() => diff.locator("#panel-duplicates h2").innerText(), "All visible files differ");
  await page.keyboard.press("ArrowRight");
  await becomes(
    async () => (await diff.locator("#panel-comparison .comparison").innerText()).split("\n")[0],
    "Packages no differences",
  );
  await screenshot("diff-comparison-layer");
  await click(diff.locator("#tab-changes"));
});

uiTest("the map shows the table's rows as areas, and leads back to a row", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await click(diff.locator("#tab-map"));
  const lists = diff.locator('.tile[data-path="var/lib/apt/lists"]');
  const packages = diff.locator('.tile[data-path="var/lib/apt/lists/main_binary-amd64_Packages"]');
  await becomes(
    () => packages.getAttribute("aria-label"),
    "/var/lib/apt/lists/main_binary-amd64_Packages, 462 kB, 69 %, removed",
  );
  await screenshot("diff-map");
  await packages.focus();
  await page.keyboard.press("ArrowUp");
  await becomes(() => lists.evaluate((tile) => tile === document.activeElement), true);
  await page.keyboard.press("Enter");
  await becomes(() => diff.locator(".crumb").allInnerTexts(), ["/", "var", "lib", "apt", "lists"]);
  await page.keyboard.press("Escape");
  await becomes(() => diff.locator(".crumb").count(), 4);
  await click(diff.locator(".crumb").first());
  await becomes(() => diff.locator(".crumb").count(), 1);
  await click(packages);
  await page.keyboard.press("Enter");
  await becomes(() => currentRow(diff), "main_binary-amd64_Packages");
  assert.equal(await diff.locator("#tab-changes").getAttribute("aria-selected"), "true");
});

uiTest(
  "the whole file system of a layer is shown in place, with the sizes of folders",
  async ({ page, screenshot }) => {
    const diff = await shownDiff(page, layer5);
    const whole = diff.locator('.tool[aria-label^="Show the whole"]');
    await click(whole);
    await becomes(() => diff.locator(".chip.same b").innerText(), "30");
    const seen = async (name: string): Promise<string> =>
      (await diffRows(diff)).filter((row) => row.name === name).map(inShort)[0] ?? "";
    await click(diff.locator("[role=columnheader] button", { hasText: "After" }));
    await becomes(() => seen("usr"), "usr → 923 kB");
    await screenshot("diff-whole");
    await diff.locator("#panel-changes .search").fill("*.so.6");
    await becomes(() => seen("libc.so.6"), "  libc.so.6 → 423 kB");
    await diff.locator("#panel-changes .search").fill("");
    await click(diff.locator(".chip.same"));
    await becomes(() => seen("usr"), "");
    await click(diff.locator(".chip.same"));
    await click(whole);
    await click(diff.locator("[role=columnheader] button", { hasText: "Name" }));
    await becomes(async () => (await diffRows(diff)).map(inShort), cleanupRows);
  },
);

uiTest("in a narrow window, names stay readable and nothing overflows", async ({ page, screenshot }) => {
  const diff = await shownDiff(page, layer5);
  await page.setViewportSize({ width: 760, height: 800 });
  await eventually(
    "fewer columns",
    () => diff.locator(".head .before").isVisible(),
    (isVisible) => !isVisible,
  );
  const [needed, given, name] = await diff.evaluate(() => [
    document.documentElement.scrollWidth,
    innerWidth,
    document.querySelector(".row .name")?.clientWidth ?? 0,
  ]);
  assert.ok((needed ?? 0) <= (given ?? 0), `${needed} px in ${given}`);
  assert.ok((name ?? 0) > 150, `a name has ${name} px`);
  await screenshot("diff-narrow");
  await page.setViewportSize({ width: 1280, height: 800 });
});

uiTest("two selected images are compared, the older first", async ({ page, screenshot }) => {
  // A click on an open row also closes it.
  await click(imageRow(page, `Image ${sampleTags.newer}`));
  await becomes(() => imageRow(page, `Image ${sampleTags.newer}`).getAttribute("aria-expanded"), "false");
  await click(imageRow(page, `Image ${sampleTags.older}`), { holding: "Control" });
  await chooseInMenu(imageRow(page, `Image ${sampleTags.older}`), "Compare Selected");
  const diff = await shownDiff(page, `From ${sampleTags.older} to ${sampleTags.newer}`);
  await becomes(
    async () => (await diffRows(diff)).map(({ name, mark }) => `${mark}${mark && " "}${name}`).slice(0, 8),
    ["app", "dist", "D legacy.js", "A search.js", "M server.js", "public", "M index.html", "D shelf.png"],
  );
  await screenshot("diff-images");
  await click(diff.locator("#tab-comparison"));
  await eventually(
    "the comparison of both images",
    () => diff.locator("#panel-comparison .comparison h2").allInnerTexts(),
    (titles) => titles.map((title) => title.split(" ")[0]).join() === "Packages,Configuration,Layers,History",
  );
  await screenshot("diff-comparison");
  await click(diff.locator("#tab-changes"));
});

uiTest("the palette prompts for two layers", async ({ page }) => {
  await runPaletteCommand(page, "Imagewright: Compare Two Images or Layers");
  await answer(page, "Compare what", sampleTags.newer);
  await answer(page, "Compare what: the whole image, or up to one layer", "0 B");
  await answer(page, "Compare with what", sampleTags.newer);
  await answer(page, "Compare with what: the whole image, or up to one layer", "11.7 kB");
  await shownDiff(page, `What layer 4 of ${sampleTags.newer} changed`);
});

uiTest("no script, style or error escapes the content security policy", async ({ page, complaints }) => {
  assert.deepEqual(complaints, []);
  const diff = await shownDiff(page, `What layer 4 of ${sampleTags.newer} changed`);
  await diff.evaluate(() =>
    document.body.append(Object.assign(document.createElement("script"), { textContent: "document.title = 'ran'" })),
  );
  await eventually(
    "a foreign script is refused, and heard of",
    () => complaints.length,
    (count) => count > 0,
  );
  assert.match(complaints.join("\n"), /Content Security Policy/);
  assert.notEqual(await diff.title(), "ran");
});
