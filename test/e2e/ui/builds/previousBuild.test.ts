import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildByApi } from "../../../rig/engines/build.ts";
import { callEngine } from "../../../rig/engines/engineApi.ts";
import { sharedEngine } from "../../../rig/engines/sharedRigs.ts";
import { importShellImage, shellImage } from "../../../rig/engines/shellImage.ts";
import { becomes, eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import { diffRows, inShort, openDiff, shownDiff } from "../layerDiff.ts";
import { chooseInMenu, click, expand, imageRow, messages, showView } from "../window.ts";

const engine = await sharedEngine();
const tag = "imagewright-rebuilt:dev";
const dockerfile = `FROM ${shellImage}\nRUN echo one > /one\nCOPY app.txt /app/\nENV NAME=rebuilt\nCMD ["sh"]\n`;

function build(appBytes: number): Promise<void> {
  return buildByApi(engine, { tag, dockerfile, files: { "app.txt": "x".repeat(appBytes) } });
}

const uiTest = uiTests(async () => {
  await importShellImage(engine);
  await build(1000);
  return {
    env: { DOCKER_HOST: engine.host },
    prepare: async (folder) => {
      await mkdir(join(folder, "rebuilt"), { recursive: true });
      await writeFile(join(folder, "rebuilt", "Dockerfile"), dockerfile);
    },
    close: async () => {
      for (const each of [tag, shellImage])
        await callEngine(engine.socketPath, { method: "DELETE", path: `/images/${each}?force=1` });
      await engine.stop();
    },
  };
});

const title = `From ${tag} (previous build) to ${tag}`;
const changes = ["app +200 kB ~1", "  app.txt M 1.00 kB → 201 kB +200 kB content"];

uiTest("an image that was built once has no previous build", async ({ page }) => {
  await showView(page, "Imagewright");
  await chooseInMenu(imageRow(page, `Image ${tag}`), "Compare with Previous Build");
  await eventually(
    "the reason",
    () => messages(page),
    (all) => all.some((text) => text.includes(`No earlier build of ${tag} is known`)),
  );
});

uiTest("after a build the status bar says what changed, and a click compares", async ({ page, screenshot }) => {
  await build(201_000);
  const item = page.locator('.statusbar-item[id$="imagewright.build"]');
  await becomes(() => item.innerText().then((text) => text.trim()), `${tag} +200 kB (line 3)`);
  await screenshot("build-status");
  await click(item);
  const diff = await shownDiff(page, title);
  await becomes(async () => (await diffRows(diff)).map(inShort), changes);
  await screenshot("build-compared");
});

uiTest("the view of a layer names its line of the Dockerfile", async ({ page, screenshot }) => {
  await page.keyboard.press("Control+w");
  await showView(page, "Imagewright");
  await expand(imageRow(page, `Image ${tag}`));
  const diff = await openDiff(page, "Layer 3 of 3", `What layer 3 of ${tag} changed`);
  await becomes(() => diff.locator(".place").innerText(), "rebuilt/Dockerfile:3");
  const labels = diff.locator(".segment");
  await becomes(
    async () => (await labels.nth(1).getAttribute("aria-label"))?.slice(0, 36),
    "Layer 2 of 3, rebuilt/Dockerfile:2: ",
  );
  await screenshot("diff-lines");
});

uiTest("the row of the image compares with the previous build too", async ({ page }) => {
  await page.keyboard.press("Control+w");
  await showView(page, "Imagewright");
  await chooseInMenu(imageRow(page, `Image ${tag}`), "Compare with Previous Build");
  const diff = await shownDiff(page, title);
  await becomes(async () => (await diffRows(diff)).map(inShort), changes);
});
