import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { after } from "node:test";
import type { Page } from "playwright-core";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { sampleArchive } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { type MinimalEngine, startMinimalEngine } from "../../support/engines/minimalEngine.ts";
import { startFakeHttpServer } from "../../support/fakeHttpServer.ts";
import { answerWithImages, idOf, type MinimalEngineImage } from "../../support/engines/minimalEngineImages.ts";
import { eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { chooseInMenu, click, expand, imageRow, imageRows, runPaletteCommand, showView } from "./window.ts";

const folder = await temporaryFolder("broken");
const [socket, otherSocket] = [join(folder.path, "a.sock"), join(folder.path, "b.sock")];
const images: readonly MinimalEngineImage[] = [
  { name: "good:1" },
  { name: "hangs:1" },
  { name: "html:1" },
  {
    name: "long:1",
    layers: 100,
    history: Array.from({ length: 100 }, () => ({ CreatedBy: `RUN ${"long ".repeat(20_000)}`, Created: 1, Size: 1 })),
  },
  { name: "mismatch:1", layers: 3, history: [{ CreatedBy: "", Created: 1, Size: 0, Comment: "Imported" }] },
];
const hanging: ServerResponse[] = [];
const whole = answerWithImages(() => images);
const engine = await startMinimalEngine(socket, (path, response) => {
  if (path.includes(encodeURIComponent(idOf({ name: "hangs:1" })))) return hanging.push(response) > 0;
  if (!path.includes(encodeURIComponent(idOf({ name: "html:1" })))) return whole(path, response);
  response
    .writeHead(500, { "Content-Type": "text/html" })
    .end("<html><body><h1>502 [Log in](command:workbench.action.quit)</h1></body></html>");
  return true;
});
let listOfOther: "whole" | "malformed" | "broken off" = "whole";
const startOther = (): Promise<MinimalEngine> =>
  startMinimalEngine(otherSocket, (path, response) => {
    if (path !== "/images/json" || listOfOther === "whole")
      return answerWithImages(() => [{ name: "other:1" }])(path, response);
    if (listOfOther === "malformed") response.end('[{"Id": "sha256:12');
    else response.write('[{"Id": "sha256:12', () => response.destroy());
    return true;
  });
let other = await startOther();
const registry = await startFakeHttpServer(({ line }, response) => {
  const status = Number(/\/v2\/[st](\d+)\//.exec(line)?.[1] ?? 200);
  response
    .writeHead(status, {
      ...(status === 401 ? { "WWW-Authenticate": 'Basic realm="x"' } : {}),
      ...(status === 429 ? { "Retry-After": "7" } : {}),
    })
    .end(`<html>${status}</html>`);
});
after(() => folder.remove());

const uiTest = uiTests({
  env: { DOCKER_HOST: `unix://${socket}` },
  settings: { "imagewright.engines": [`unix://${otherSocket}`] },
  close: async () => void (await Promise.all([engine.stop(), other.stop(), registry.stop()])),
});

uiTest(
  "images that hang, are too long, malformed or sent an unexpected response report that, and the others open",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await imageRow(page, "Image other:1").waitFor();
    await click(imageRow(page, "Image hangs:1"));
    await opens(page, "html:1", /Unexpected response from .*a\.sock .*<h1>502/);
    await opens(page, "mismatch:1", /^ *History does not match the layers 1 step, 3 layers/);
    await opens(page, "good:1", /Layer 3 of 3, 3\.00 kB, .* RUN make 3$/);
    await expand(imageRow(page, "Image html:1"));
    await expand(imageRow(page, "Image mismatch:1"));
    await opens(page, "long:1", /Layer 1 of 100, 1 B, .* RUN long /, () => screenshot("broken-images"));
    assert.ok(
      (await imageRows(page)).every((row) => row.length < 1100),
      "nothing is longer than can be read",
    );
    assert.equal(hanging.length, 1);
    const hangUp = (): Promise<string[]> => {
      for (const response of hanging) response.destroy();
      return imageRows(page);
    };
    await eventually("why it does not open", hangUp, (all) =>
      all.some((row) => /The engine didn't respond .* closed the connection during the request for image/.test(row)),
    );
    for (const name of ["hangs:1", "html:1", "mismatch:1"]) await click(imageRow(page, `Image ${name}`));
  },
);

uiTest(
  "a list that is malformed or breaks off is replaced by the reason, and returns when it is complete",
  async ({ page, screenshot }) => {
    await expand(imageRow(page, "Image other:1"));
    await imageRow(page, "Layer 3 of 3").waitFor();
    for (const [broken, said] of [
      ["malformed", "Unexpected response from"],
      ["broken off", "The engine didn't respond"],
    ] as const) {
      listOfOther = broken;
      other.tell("tag", "other:1");
      await eventually(
        `what is ${broken}`,
        () => imageRows(page),
        (all) => all.some((row) => row.startsWith("  ") && row.includes(said)),
      );
      assert.ok(
        (await imageRows(page)).some((row) => row.includes("Image good:1")),
        "the other engine's images stay",
      );
      await screenshot(`broken-list-${broken.replace(" ", "-")}`);
      listOfOther = "whole";
      other.tell("tag", "other:1");
      await imageRow(page, "Image other:1").waitFor();
      await imageRow(page, "Layer 3 of 3").waitFor();
    }
  },
);

uiTest("an engine that stops leaves the view, and comes back with the same rows open", async ({ page, screenshot }) => {
  await other.stop();
  await eventually(
    "its notice",
    () => imageRows(page),
    (all) => all.some((row) => /b\.sock: Lost connection$/.test(row)) && !all.some((row) => row.includes("other:1")),
  );
  assert.ok((await imageRows(page)).some((row) => row.includes("Image good:1")));
  await screenshot("broken-engine");
  other = await startOther();
  await imageRow(page, "Image other:1").waitFor();
  await imageRow(page, "Layer 3 of 3").waitFor();
});

uiTest(
  "a registry's refusal is shown under the reference, and its text has no effect",
  async ({ page, screenshot }) => {
    const answers: Readonly<Record<string, RegExp>> = {
      s401: /Not allowed.*log in with docker login/,
      s404: /Not found/,
      s500: /Unexpected response from 127/,
      t429: /is rate limiting; retry in 7 seconds/,
    };
    for (const name of Object.keys(answers)) {
      await runPaletteCommand(page, "Imagewright: Open Registry Reference…");
      await page.locator(".quick-input-widget input").first().fill(`${registry.host}/${name}/app:1`);
      await page.keyboard.press("Enter");
      await imageRow(page, `Image ${registry.host}/${name}/app:1`).waitFor();
    }
    for (const title of ["engine Container engine", "engine imagewright-broken"]) await click(imageRow(page, title));
    for (const [name, said] of Object.entries(answers)) {
      await expand(imageRow(page, `Image ${registry.host}/${name}/app:1`));
      await eventually(
        `the answer of ${name}`,
        () => imageRows(page),
        (all) => all.some((row) => said.test(row)),
      );
    }
    await screenshot("broken-registry");
  },
);

uiTest(
  "an archive that is replaced or deleted reports that when its content is needed",
  async ({ page, folder: opened, screenshot }) => {
    const file = join(opened, sampleArchive);
    await showView(page, "Explorer");
    await chooseInMenu(
      page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${sampleArchive}"]`),
      "Open Image Archive…",
    );
    const image = imageRow(page, `Image ${sampleTags.newer}`);
    await image.waitFor();
    await expand(image);
    await imageRow(page, "Layer 2 of 5").waitFor();
    await writeFile(file, "no archive");
    await chooseInMenu(imageRow(page, "Layer 2 of 5"), "Show Changes in This Layer");
    await eventually(
      "why it cannot be read",
      () => shownText(page),
      (text) => text.includes("Can't read"),
    );
    await screenshot("broken-archive");
    await rm(file);
    await chooseInMenu(imageRow(page, "Layer 4 of 5"), "Show Changes in This Layer");
    await eventually(
      "that it is gone",
      () => shownText(page),
      (text) => text.includes("Not found: "),
    );
  },
);

/** Opens an image until it shows a message, and closes it again. */
async function opens(page: Page, name: string, says: RegExp, look?: () => Promise<void>): Promise<void> {
  const row = imageRow(page, `Image ${name}`);
  await expand(row);
  await eventually(
    `what ${name} says`,
    () => imageRows(page),
    (all) => all.some((text) => says.test(text)),
  );
  await look?.();
  await click(row.locator(".monaco-tl-twistie"));
  await eventually(
    "a closed row",
    () => row.getAttribute("aria-expanded"),
    (state) => state === "false",
  );
}

/** The text of all webviews. */
async function shownText(page: Page): Promise<string> {
  const pages = page
    .frames()
    .filter((frame) => frame.url().includes("fake.html"))
    .map((frame) =>
      frame
        .locator(".view")
        .innerText({ timeout: 100 })
        .catch(() => ""),
    );
  return (await Promise.all(pages)).join("\n");
}
