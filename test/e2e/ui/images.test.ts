import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import { askEngine } from "../../rig/engines/engineApi.ts";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { sharedEngine } from "../../rig/engines/sharedRigs.ts";
import { openEngineProxy } from "../../rig/engines/engineProxy.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { click, expand, hoverSays, imageRow, imageRows, point, runPaletteCommand, showView } from "./window.ts";

const engine = await sharedEngine();
const engineProxy = await openEngineProxy(engine);

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  return {
    env: { DOCKER_HOST: engineProxy.host },
    close: async () => void (await Promise.all([engineProxy.close(), engine.stop()])),
  };
});

uiTest("an image opens into its sections, layers first, base first", async ({ page, screenshot }) => {
  await showView(page, "Imagewright");
  await expand(imageRow(page, `Image ${sampleTags.newer}`));
  await becomes(
    async () =>
      inside(await imageRows(page), `Image ${sampleTags.newer}`).map((row) =>
        row.replace(/^(Tags and Digests), .*/, "$1"),
      ),
    [
      "Layers, 5",
      "  Layer 1 of 5, 871 kB, 35 % of the image, ADD /",
      "  Layer 2 of 5, 1.48 MB, 59 % of the image, RUN apt-get update && apt-get install -y --no-install-recommends nodejs",
      "  Layer 3 of 5, 0 B, WORKDIR /app",
      "  Layer 4 of 5, 11.7 kB, <1 % of the image, COPY /src/dist dist/",
      "  Layer 5 of 5, 151 kB, 6 % of the image, RUN rm -rf /var/lib/apt/lists && chmod u+s /bin/ls && useradd --uid 1000 shelf",
      "History, 10 steps",
      "Configuration, node dist/server.js as shelf",
      "Tags and Digests",
      "Built from",
      "Derived Images",
      "Space",
    ],
  );
  assert.ok(
    (await imageRows(page)).some((row) => /^ {2}Image bookshelf:1\.1, 2\.51 MB, \d/.test(row)),
    "an image has its size and age",
  );
  await screenshot("images");
});

uiTest("the history of an image has every step, oldest first, with its layer", async ({ page, screenshot }) => {
  await expand(imageRow(page, "History, 10"));
  await becomes(
    async () => inside(await imageRows(page), "History, 10").slice(0, 4),
    [
      "Step: ADD /, layer 1, 871 kB",
      'Step: CMD ["bash"], creates no layer (inferred from the instruction)',
      "Step: RUN apt-get update && apt-get install -y --no-install-recommends nodejs, layer 2, 1.48 MB",
      "Step: WORKDIR /app, layer 3, 0 B",
    ],
  );
  await screenshot("images-history");
  await click(imageRow(page, "History, 10"));
});

uiTest(
  "a layer's hover names DiffID and digest, or says that the digest isn't available",
  async ({ page, screenshot }) => {
    const hover = (): Promise<string> => hoverSays(page, /Layer 2 of 5/, () => point(imageRow(page, "Layer 2 of 5")));
    const text = await hover();
    assert.match(text, /Size\s+1\.48 MB \(1,475,5\d\d bytes\), file content, as reported by the engine/);
    assert.match(text, /DiffID\s+sha256:[0-9a-f]{64}/);
    assert.match(text, /Layer digest\s+(Not available from this source|sha256:[0-9a-f]{64})/);
    assert.match(text, /RUN \/bin\/sh -c apt-get update/);
    await screenshot("images-hover", hover);
    await page.mouse.move(900, 500);
  },
);

uiTest("a digest is copied from its row by the keyboard", async ({ page }) => {
  await expand(imageRow(page, "Tags and Digests"));
  await click(imageRow(page, "Config digest"));
  await page.keyboard.press("Control+c");
  await eventually(
    "the digest",
    () => page.evaluate(() => navigator.clipboard.readText()),
    (text) => /^sha256:[0-9a-f]{64}$/.test(text),
  );
  await click(imageRow(page, "Tags and Digests"));
});

uiTest(
  "disk usage is computed on demand with every layer counted once, and rows then show shared bytes",
  async ({ page, screenshot }) => {
    const before = reads().length;
    await expand(imageRow(page, "Disk Space"));
    const rows = await eventually(
      "the space",
      () => imageRows(page),
      (all) => all.some((row) => row.includes("On disk, shared layers once")),
    );
    assert.ok(reads().length > before);
    assert.ok(rows.some((row) => /^ {2}Without sharing, /.test(row)));
    assert.ok(
      rows.some((row) => /^ {4}Image bookshelf:1\.0, 76\.3 kB reclaimable, /.test(row)),
      "an image says what removing it gives back",
    );
    await eventually(
      "shared layers",
      () => imageRows(page),
      (all) => all.some((row) => row.includes("Layer 1 of 5, 871 kB, 35 % of the image, ADD /, shared with 1 image")),
    );
    await screenshot("images-space");
    await point(imageRow(page, "Image bookshelf:1.0, 76.3 kB reclaimable"));
    await click(
      imageRow(page, "Image bookshelf:1.0, 76.3 kB reclaimable").locator(
        '.action-label[aria-label="Reveal in Images View"]',
      ),
    );
    await eventually(
      "the image at its own place",
      () => selected(page),
      (row) => /^Image bookshelf:1\.0, 2\.42 MB/.test(row),
    );
    // With the keyboard: with many images the first row is scrolled out of view.
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    await eventually(
      "the space, closed",
      () => imageRows(page),
      (all) =>
        all.some((row) => row.startsWith("Disk Space")) &&
        !all.some((row) => row.includes("On disk, shared layers once")),
    );
  },
);

uiTest(
  "a new tag appears automatically, a removed one disappears, open rows stay open, and no other request is sent",
  async ({ page, screenshot }) => {
    await eventually(
      "the older image, open",
      () => imageRows(page),
      (rows) => rows.filter((row) => row.includes("Layers, ")).length === 2,
    );
    const [listed, before] = [listings(), reads().length];
    await askEngine(engine.socketPath, {
      method: "POST",
      path: `/images/${sampleTags.older}/tag?repo=imagewright/ui-new&tag=1`,
    });
    await eventually(
      "the new tag",
      () => imageRows(page),
      (rows) =>
        rows.some(
          (row) => row.includes(`Image ${sampleTags.older}, `) && row.endsWith("also tagged imagewright/ui-new:1"),
        ),
    );
    await screenshot("images-new-tag");
    await askEngine(engine.socketPath, { method: "DELETE", path: "/images/imagewright/ui-new:1" });
    await eventually(
      "no such tag",
      () => imageRows(page),
      (rows) => !rows.some((row) => row.includes("imagewright/ui-new:1")),
    );
    // While VS Code redraws, rows disappear for a moment.
    await eventually(
      "what was open, open",
      () => imageRows(page),
      (rows) => inside(rows, `Image ${sampleTags.newer}`).length === 11,
    );
    await sleep(quietMs);
    const asked = listings() - listed;
    assert.ok(asked >= 2 && asked <= 6, `the images were listed ${asked} times for two changes`);
    const read = reads().slice(before);
    assert.ok(
      read.length <= 4 && new Set(read).size <= 1,
      `only the image that changed is read again, not ${read.join(", ")}`,
    );
  },
);

uiTest("a filter shows matches while it is typed, and stays until it is cleared", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Filter Images");
  await page.locator(".quick-input-widget input[placeholder^='Words in a name']").waitFor();
  await page.keyboard.type("BOOK 1.0");
  const images = async (): Promise<readonly string[]> =>
    (await imageRows(page)).flatMap((row) => /^ *Image ([^,]+)/.exec(row)?.[1] ?? []);
  await becomes(images, [sampleTags.older]);
  await page.keyboard.press("Enter");
  await screenshot("images-filter");
  await runPaletteCommand(page, "Imagewright: Clear Image Filter");
  await eventually("all images", images, (all) => all.includes(sampleTags.newer));
});

/** A loop of events and listings would fill this time with requests. */
const quietMs = 1000;

/** The number of times the tree has listed the images. */
function listings(): number {
  return engineProxy.requests.filter((request) => /^GET \S*\/images\/json/.test(request)).length;
}

/** The images that it has read, in the order of the requests. */
function reads(): readonly string[] {
  return engineProxy.requests.flatMap((request) => /^GET \S*\/images\/(\S+)\/json/.exec(request)?.[1] ?? []);
}

/** The rows below a row, with their indentation relative to it. */
function inside(rows: readonly string[], beginning: string): readonly string[] {
  const depth = (row: string | undefined): number => /^ */.exec(row ?? "")?.[0].length ?? 0;
  const start = rows.findIndex((row) => row.trim().startsWith(beginning));
  const end = rows.findIndex((row, index) => index > start && depth(row) <= depth(rows[start]));
  return rows.slice(start + 1, end < 0 ? undefined : end).map((row) => row.slice(depth(rows[start]) + 2));
}

/** The text that a screen reader reads for the selected row. */
async function selected(page: Page): Promise<string> {
  return (await page.locator(".pane-body [role=treeitem].selected").first().getAttribute("aria-label")) ?? "";
}
