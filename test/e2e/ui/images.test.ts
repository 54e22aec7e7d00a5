import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { askEngine } from "../../rig/engineApi.ts";
import { loadSampleImages } from "../../rig/sample.ts";
import { sampleTags } from "../../rig/sampleImages.ts";
import { sharedEngine } from "../../rig/sharedRigs.ts";
import { openEngineGate } from "./engineGate.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { expand, hoverSays, imageRow, imageRows, point, showView } from "./window.ts";

const engine = await sharedEngine();
const gate = await openEngineGate(engine);

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  return { env: { DOCKER_HOST: gate.host }, close: async () => void (await Promise.all([gate.close(), engine.stop()])) };
});

uiTest("an image opens into its layers and the steps between, oldest first", async ({ page, screenshot }) => {
  await showView(page, "Imagewright");
  await expand(imageRow(page, `Image ${sampleTags.newer}`));
  await becomes(async () => inside(await imageRows(page), sampleTags.newer), [
    "Layer 1 of 5, 871 kB, ADD file:8f2c5f0b6ac0… in /",
    'Made no layer, as far as its text tells: CMD ["bash"]',
    "Layer 2 of 5, 1.48 MB, RUN apt-get update && apt-get install -y --no-install-recommends nodejs",
    "Layer 3 of 5, 0 B, WORKDIR /app",
    "Layer 4 of 5, 11.7 kB, COPY /src/dist dist/",
    "Made no layer, as far as its text tells: ENV NODE_ENV=production",
    "Layer 5 of 5, 151 kB, RUN rm -rf /var/lib/apt/lists && chmod u+s /bin/ls && useradd --uid 1000 shelf",
    "Made no layer, as far as its text tells: USER shelf",
    "Made no layer, as far as its text tells: EXPOSE map[8080/tcp:{}]",
    'Made no layer, as far as its text tells: CMD ["node" "dist/server.js"]',
  ]);
  assert.ok((await imageRows(page)).some((row) => /^Image bookshelf:1\.1, 2\.51 MB · \d/.test(row)), "an image has its size and age");
  await screenshot("images");
});

uiTest("a layer's hover names DiffID and digest, or says that the digest is unknown here", async ({ page, screenshot }) => {
  const hover = async (): Promise<string> => {
    await point(imageRow(page, "Layer 2 of 5"));
    return hoverSays(page, /Layer 2 of 5/);
  };
  const text = await hover();
  assert.match(text, /Size\s+1\.48 MB \(1,475,5\d\d bytes\), as the engine's history counts it/);
  assert.match(text, /DiffID\s+sha256:[0-9a-f]{64}/);
  assert.match(text, /Digest\s+(unknown here|sha256:[0-9a-f]{64})/);
  assert.match(text, /RUN \/bin\/sh -c apt-get update/);
  await screenshot("images-hover", hover);
  await page.mouse.move(900, 500);
});

uiTest("a new tag appears by itself, a removed one goes, and then nothing more is asked", async ({ page, screenshot }) => {
  const before = listings();
  await askEngine(engine.socketPath, { method: "POST", path: `/images/${sampleTags.older}/tag?repo=imagewright/ui-new&tag=1` });
  await eventually("the new tag", () => imageRows(page), (rows) => rows.some((row) => row.startsWith(`Image ${sampleTags.older}, `) && row.endsWith("also tagged imagewright/ui-new:1")));
  await screenshot("images-new-tag");
  await askEngine(engine.socketPath, { method: "DELETE", path: "/images/imagewright/ui-new:1" });
  await eventually("no such tag", () => imageRows(page), (rows) => !rows.some((row) => row.includes("imagewright/ui-new:1")));
  const rows = await imageRows(page);
  assert.equal(inside(rows, sampleTags.newer).length, 10, "what was open stays open");
  await sleep(quietMs);
  const asked = listings() - before;
  assert.ok(asked >= 2 && asked <= 6, `the images were listed ${asked} times for two changes`);
});

/** A loop of events and listings would fill it with requests. */
const quietMs = 1000;

/** How often the tree has asked for the images. */
function listings(): number {
  return gate.requests.filter((request) => /^GET \S*\/images\/json/.test(request)).length;
}

/** The rows under an image, their indentation taken off. */
function inside(rows: readonly string[], tag: string): readonly string[] {
  const start = rows.findIndex((row) => row.startsWith(`Image ${tag}`)) + 1;
  const end = rows.findIndex((row, index) => index >= start && !row.startsWith("  "));
  return rows.slice(start, end < 0 ? undefined : end).map((row) => row.trim());
}
