// Measures how long 5,000 images block the real extension host: opening the view, grouping, filtering while typing, an
// event.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { eventually } from "../e2e/ui/eventually.ts";
import { openWorkbench } from "../e2e/ui/harness.ts";
import { answer, click, expand, imageRow, imageRows, runPaletteCommand, showView } from "../e2e/ui/window.ts";
import { temporaryFolder } from "../rig/machine/folders.ts";
import { startMinimalEngine } from "../support/engines/minimalEngine.ts";
import { answerWithImages, idOf, manyImages } from "../support/engines/minimalEngineImages.ts";
import { print } from "./figures.ts";

/** The meter writes every 100 ms. */
const meterMs = 300;
const folder = await temporaryFolder("window-bench");
const [socket, file] = [join(folder.path, "docker.sock"), join(folder.path, "delays")];
const images = [{ name: "bench.test/deep:1", layers: 100, created: 1_800_000_000 }, ...manyImages(5000)];
const engine = await startMinimalEngine(
  socket,
  answerWithImages(() => images),
);
const meter = fileURLToPath(new URL("./delayMeter", import.meta.url));
const { page, close } = await openWorkbench({
  env: { DOCKER_HOST: `unix://${socket}`, IMAGEWRIGHT_DELAYS: file },
  alsoInstalled: [meter],
});
try {
  await eventually(
    "the meter",
    () => existsSync(file),
    (isThere) => isThere,
  );
  await measured("nothing", () => sleep(1000));
  await measured("the view opens", async () => {
    await showView(page, "Imagewright");
    await imageRow(page, "bench.test/team/app-499").waitFor();
  });
  await measured("an image of 100 layers opens", async () => {
    await expand(imageRow(page, "Image bench.test/deep:1"));
    await imageRow(page, "Layer 20 of 100").waitFor();
  });
  await click(imageRow(page, "Image bench.test/deep:1").locator(".monaco-tl-twistie"));
  await measured("an event on one image", async () => {
    engine.tell("tag", idOf({ name: "bench.test/team/app-1:v1" }));
    await sleep(1000);
  });
  await measured("one list of all of them", async () => {
    await runPaletteCommand(page, "Imagewright: Group Images by…");
    await answer(page, "Group images by", "Nothing");
    await imageRow(page, "Image bench.test/team/app-499:v4999").waitFor();
  });
  await measured("a filter, 13 keys", async () => {
    await runPaletteCommand(page, "Imagewright: Filter Images");
    await page.locator(".quick-input-widget input[placeholder^='Words of a name']").waitFor();
    await page.keyboard.type("app-77 v2577", { delay: 100 });
    await eventually(
      "the only one",
      () => imageRows(page),
      (rows) => rows.length === 1,
    );
    await page.keyboard.press("Escape");
    await eventually(
      "all of them",
      () => imageRows(page),
      (rows) => rows.length > 1,
    );
  });
  await measured("what they all share", async () => {
    await expand(imageRow(page, "Disk Space"));
    await eventually(
      "the sum",
      () => imageRows(page),
      (rows) => rows.some((row) => row.includes("On disk, every layer once")),
    );
  });
} finally {
  await close();
  await engine.stop();
  await folder.remove();
}

/** Prints the longest time for which the extension host was blocked. */
async function measured(what: string, act: () => Promise<unknown>): Promise<void> {
  const startMs = Date.now();
  await act();
  const tookMs = Date.now() - startMs;
  await sleep(meterMs);
  const delays = (await readFile(file, "utf8"))
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number))
    .filter(([atMs = 0]) => atMs > startMs)
    .map(([, delayMs = 0]) => delayMs);
  print(what, Math.max(...delays), `at most held; ${tookMs} ms to be seen, ${delays.length} times looked at`);
}
