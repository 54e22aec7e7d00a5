// npm run screenshots: takes the README's pictures, of the sample built for real by a separate engine. Needs Debian's
// package mirror.
import { createReadStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openWorkbench } from "../../e2e/ui/harness.ts";
import { openDiff } from "../../e2e/ui/layerDiff.ts";
import { eventually } from "../../e2e/ui/eventually.ts";
import {
  click,
  expand,
  imageRow,
  imageRows,
  lines,
  openFile,
  runPaletteCommand,
  showView,
} from "../../e2e/ui/window.ts";
import { baseImage, importBaseImage } from "../engines/baseImage.ts";
import { runCommand } from "../machine/command.ts";
import { type Rig, startEngine } from "../engines/engine.ts";
import { askEngine } from "../engines/engineApi.ts";
import { temporaryFolder } from "../machine/folders.ts";
import { projectFolder } from "../machine/project.ts";
import { sampleDockerfile } from "./sample.ts";

const folder = join(projectFolder, "docs/images");
const [width, height] = [1400, 788];
const image = "bookshelf:1.1";
/** Two installations of Node from a package mirror. */
const maxBuildMs = 10 * 60_000;

await mkdir(folder, { recursive: true });
await runCommand(process.execPath, ["esbuild.mjs"], { cwd: projectFolder, timeoutMs: 120_000 });
const engine = await startEngine();
await buildSample(engine);
const { page, close } = await openWorkbench({
  env: { DOCKER_HOST: engine.host },
  settings: { "window.autoDetectColorScheme": false, "workbench.colorTheme": "Dark 2026", "editor.fontSize": 13 },
});
await page.setViewportSize({ width, height });
await takeOverview(page);
await takeDiff(page);
await close();
await engine.stop();
process.exit(0);

/** Builds the sample's unchanged Dockerfile, with the base image under both names that it uses. */
async function buildSample(rig: Rig): Promise<void> {
  await importBaseImage(rig);
  await askEngine(rig.socketPath, { method: "POST", path: `/images/${baseImage}/tag?repo=debian&tag=latest` });
  const temporary = await temporaryFolder("context");
  const context = join(temporary.path, "context.tar");
  await runCommand("tar", ["-C", join(projectFolder, "test/sample"), "-cf", context, "."], { timeoutMs: 30_000 });
  await askEngine(rig.socketPath, {
    method: "POST",
    path: `/build?t=${image}&networkmode=host&forcerm=1`,
    body: createReadStream(context),
    timeoutMs: maxBuildMs,
  });
  await askEngine(rig.socketPath, {
    method: "POST",
    path: "/images/prune?filters=%7B%22dangling%22%3A%5B%22true%22%5D%7D",
  });
  await temporary.remove();
}

async function takeOverview(page: Page): Promise<void> {
  await openFile(page, sampleDockerfile);
  await showView(page, "Imagewright");
  await widenSideBar(page, 430);
  await expand(imageRow(page, `Image ${image}`));
  await eventually(
    "the layers",
    () => imageRows(page),
    (rows) => rows.some((row) => row.includes("Layer 5 of")),
  );
  await eventually(
    "the sizes",
    () => lines(page),
    (all) => all.every((line) => !line.endsWith("…")) && all.some((line) => line.includes("4.58 kB")),
  );
  await runPaletteCommand(page, "Problems: Focus on Problems View");
  await page.locator(".markers-panel .monaco-list-row", { hasText: "debian:latest" }).waitFor();
  await take(page, "overview");
  await runPaletteCommand(page, "View: Toggle Panel Visibility");
}

async function takeDiff(page: Page): Promise<void> {
  const layer = (await imageRows(page)).map((row) => row.trim()).find((row) => /^Layer 2 of/.test(row)) ?? "";
  const frame = await openDiff(page, layer.slice(0, 12), `What layer 2 of ${image} changed`);
  await click(frame.locator("[role=columnheader] button", { hasText: "Size change" }));
  await take(page, "diff");
}

async function widenSideBar(page: Page, by: number): Promise<void> {
  const box = await page.locator(".part.sidebar").boundingBox();
  if (box === null) throw new Error("no side bar");
  const [x, y] = [box.x + box.width + 2, 500];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(box.x + by, y, { steps: 5 });
  await page.mouse.up();
}

async function take(page: Page, name: string): Promise<void> {
  // A position where no hover opens.
  await page.mouse.move(200, 2);
  // Enough time for bars and hovers to fade out.
  await page.waitForTimeout(1500);
  const path = join(folder, `${name}.png`);
  await page.screenshot({ path });
  console.log(path);
}
