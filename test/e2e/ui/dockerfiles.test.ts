import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { buildByApi } from "../../rig/engines/build.ts";
import { askEngine, callEngine } from "../../rig/engines/engineApi.ts";
import { sharedEngine, sharedRegistry } from "../../rig/engines/sharedRigs.ts";
import { importShellImage, shellImage } from "../../rig/engines/shellImage.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import {
  chooseInMenu,
  clearMessages,
  expand,
  imageRow,
  lines,
  messages,
  picks,
  runPaletteCommand,
  showView,
} from "./window.ts";

const [engine, registry] = await Promise.all([sharedEngine(), sharedRegistry()]);
const built = "imagewright-built:1";
const pulled = `${registry.host}/ui/base:1`;
const dockerfile = `# What the image is built from.\nFROM ${shellImage}\nRUN echo one > /one && \\\n    echo two > /two\nCOPY Dockerfile /docs/\nENV NAME=built\nCMD ["sh"]\n`;
let digest = "";

const uiTest = uiTests(async () => {
  await importShellImage(engine);
  await buildByApi(engine, { tag: built, dockerfile });
  const content = await imageContent({ layers: [{ base: "x" }] });
  digest = content.root.digest;
  await pushImage(registry, { repository: "ui/base", tag: "1" }, content);
  await askEngine(engine.socketPath, {
    method: "POST",
    path: `/images/create?fromImage=${registry.host}/ui/base&tag=1`,
  });
  return {
    env: { DOCKER_HOST: engine.host },
    settings: { "editor.inlayHints.enabled": "off" },
    prepare: async (folder) => {
      for (const [path, text] of [
        ["built/Dockerfile", dockerfile],
        ["pinned/app.Dockerfile", `FROM ${pulled} AS app\nFROM app\n`],
      ] as const) {
        await mkdir(join(folder, path, ".."), { recursive: true });
        await writeFile(join(folder, path), text);
      }
    },
    close: async () => {
      for (const tag of [built, shellImage, pulled])
        await callEngine(engine.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
      await Promise.all([engine.stop(), registry.stop()]);
    },
  };
});

uiTest(
  "a layer's line is opened among several Dockerfiles, with all of its lines selected",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await expand(imageRow(page, `Image ${built}`));
    await chooseInMenu(imageRow(page, "Layer 2 of 3"), "Show in Dockerfile");
    await becomes(() => cursor(page), "Ln 4, Col 20 (44 selected)");
    assert.deepEqual(await lines(page), dockerfile.split("\n"));
    await screenshot("dockerfile-layer", async () =>
      chooseInMenu(imageRow(page, "Layer 2 of 3"), "Show in Dockerfile"),
    );
  },
);

uiTest("an uncertain line is marked as such", async ({ page }) => {
  await chooseInMenu(imageRow(page, "Layer 3 of 3"), "Show in Dockerfile");
  await becomes(() => cursor(page), "Ln 5, Col 23 (22 selected)");
  await eventually(
    "the doubt",
    () => page.locator(".statusbar").innerText(),
    (text) => /Probably this line: the history has hashes/.test(text),
  );
});

uiTest(
  "a layer of the base image shows where it comes from, and the layer's recorded data",
  async ({ page, screenshot }) => {
    await chooseInMenu(imageRow(page, "Layer 1 of 3"), "Show in Dockerfile");
    await eventually(
      "the reason",
      () => messages(page),
      (all) =>
        all.some((text) =>
          text.includes(
            `Layer 1 of ${built} comes from the base image ${shellImage}, not from a line of built/Dockerfile`,
          ),
        ),
    );
    await screenshot("dockerfile-base-layer");
    await page.locator(".notifications-toasts .monaco-button", { hasText: "Show Instruction" }).click();
    await becomes(() => lines(page), ["# Imported from -", ""]);
    await clearMessages(page);
  },
);

uiTest("an image is pinned in Dockerfiles after showing its references", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "View: Close All Editors");
  await chooseInMenu(imageRow(page, `Image ${pulled}`), "Pin in Dockerfile…");
  await eventually(
    "the places",
    () => picks(page),
    (all) => all.some((label) => label.includes("pinned/app.Dockerfile:1")),
  );
  assert.match(
    await page.locator(".quick-input-title").innerText(),
    new RegExp(`^${pulled} is ${digest.slice(7, 19)}: \\S+ has it$`),
  );
  await screenshot("dockerfile-pin");
  await page.keyboard.press("Enter");
  await page.locator('.tab[data-resource-name="app.Dockerfile"]').click();
  await becomes(() => lines(page), [`FROM ${pulled}@${digest} AS app`, "FROM app", ""]);
});

/** The cursor and selection, from the status bar. */
function cursor(page: Page): Promise<string> {
  return page.locator("#status\\.editor\\.selection").innerText();
}
