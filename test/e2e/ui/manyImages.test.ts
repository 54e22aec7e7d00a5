import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { startMinimalEngine } from "../../support/engines/minimalEngine.ts";
import { answerWithImages, idOf, manyImages } from "../../support/engines/minimalEngineImages.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { answer, click, expand, imageRow, imageRows, runPaletteCommand, showView } from "./window.ts";

const folder = await temporaryFolder("many");
const socket = join(folder.path, "docker.sock");
const deep = { name: "bench.test/deep:1", layers: 100, created: 1_800_000_000 };
let images = [deep, ...manyImages(5000)];
const engine = await startMinimalEngine(
  socket,
  answerWithImages(() => images),
);

const uiTest = uiTests({
  env: { DOCKER_HOST: `unix://${socket}` },
  close: async () => {
    await engine.stop();
    await folder.remove();
  },
});

uiTest(
  "5,000 images are requested at once, and listed in their repositories, newest first",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await becomes(
      async () => (await imageRows(page)).slice(0, 4).map(withoutAge),
      [
        "Disk Space, not read yet",
        "Image bench.test/deep:1, 100 MB",
        "bench.test/team/app-499, 10 images",
        "bench.test/team/app-498, 10 images",
      ],
    );
    assert.deepEqual(asked().sort(), ["GET /_ping", "GET /events", "GET /images/json"]);
    await screenshot("many-images");
  },
);

uiTest(
  "an image of 100 layers opens with two requests, and an event about another doesn't read any",
  async ({ page, screenshot }) => {
    const before = asked().length;
    await expand(imageRow(page, "Image bench.test/deep:1"));
    await imageRow(page, "Layer 20 of 100").waitFor();
    assert.deepEqual(
      asked()
        .slice(before)
        .map((line) => line.replace(encodeURIComponent(idOf(deep)), "ID")),
      ["GET /images/ID/json", "GET /images/ID/history"],
    );
    await screenshot("many-layers");
    const then = asked().length;
    images = images.filter(({ name }) => name !== "bench.test/team/app-499:v4999");
    engine.tell("delete", idOf({ name: "bench.test/team/app-499:v4999" }));
    await eventually(
      "nine left",
      () => imageRows(page),
      (rows) =>
        rows.some((row) => row.startsWith("bench.test/team/app-499, 9 images")) ||
        rows.every((row) => !row.includes("app-499, ")),
    );
    await sleep(quietMs);
    assert.deepEqual(asked().slice(then), ["GET /images/json"]);
    await click(imageRow(page, "Image bench.test/deep:1").locator(".monaco-tl-twistie"));
  },
);

uiTest("a filter finds one of 5,000 images while it is typed, without a request", async ({ page }) => {
  const before = asked().length;
  await runPaletteCommand(page, "Imagewright: Filter Images");
  await page.locator(".quick-input-widget input[placeholder^='Words in a name']").waitFor();
  await page.keyboard.type("app-77 v2577");
  await becomes(async () => (await imageRows(page)).map(withoutAge), ["Image bench.test/team/app-77:v2577, 100 MB"]);
  await page.keyboard.press("Escape");
  await eventually(
    "all of them",
    () => imageRows(page),
    (rows) => rows.length > 5,
  );
  assert.equal(asked().length, before);
});

uiTest("a list of 5,000 images has pages, in the chosen order", async ({ page, screenshot }) => {
  const before = asked().length;
  await runPaletteCommand(page, "Imagewright: Group Images by…");
  await answer(page, "Group images by", "Nothing");
  await runPaletteCommand(page, "Imagewright: Sort Images by…");
  await answer(page, "Sort images by", "Name");
  await becomes(
    async () => (await imageRows(page)).slice(0, 4).map(withoutAge),
    [
      "Disk Space, not read yet",
      "Image bench.test/deep:1, 100 MB",
      "Image bench.test/team/app-0:v0, 100 MB",
      "Image bench.test/team/app-0:v500, 100 MB",
    ],
  );
  await click(imageRow(page, "Disk Space, not read yet").locator(".codicon-pie-chart"), { holding: "Control" });
  await goToEnd(page, "Show 4,000 more…");
  await page.keyboard.press("ArrowRight");
  await goToEnd(page, "Show 3,000 more…");
  await screenshot("many-more");
  assert.equal(asked().length, before);
});

/** A loop of events and listings would fill this time with requests. */
const quietMs = 1000;

/** Moves with the keyboard; arriving rows move the end. */
async function goToEnd(page: Page, last: string): Promise<void> {
  await eventually(
    last,
    async () => {
      await page.keyboard.press("End");
      return imageRow(page, last).isVisible();
    },
    (isThere) => isThere,
  );
}

/** The requests without the API's version. */
function asked(): string[] {
  return engine.requests.map((line) => line.replace(/ \/v[\d.]+/, " "));
}

function withoutAge(row: string): string {
  return row.trim().replace(/, (\d+ \w+ ago|just now)$/, "");
}
