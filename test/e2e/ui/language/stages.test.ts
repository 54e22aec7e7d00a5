// What the window shows of stages: lenses that build them, and where their names lead.
import assert from "node:assert/strict";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sampleTags } from "../../../rig/engines/sampleImages.ts";
import { sharedEngine } from "../../../rig/engines/sharedRigs.ts";
import { loadSampleImages } from "../../../rig/vscode/sample.ts";
import { becomes, eventually } from "../eventually.ts";
import { uiTests } from "../harness.ts";
import {
  clearMessages,
  clickText,
  hoverSays,
  lines,
  messages,
  openFile,
  picks,
  pointAtText,
  runPaletteCommand,
} from "../window.ts";

const text = `ARG MODE=fast
FROM ${sampleTags.newer} AS shop
COPY data/ data/

FROM scratch AS assets
ARG MODE
COPY public/ /$MODE/
COPY --from=shop /app /app
`;

const engine = await sharedEngine();

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  return {
    env: { DOCKER_HOST: engine.host },
    settings: { "imagewright.codeLens.stages": true },
    prepare: (folder) => writeFile(join(folder, "stages.dockerfile"), text),
    close: () => engine.stop(),
  };
});

uiTest("a lens above each stage builds it and shows its size", async ({ page, screenshot }) => {
  await openFile(page, "stages.dockerfile");
  const lenses = page.locator(".editor-instance .codelens-decoration");
  await eventually(
    "the lenses",
    () => lenses.allInnerTexts(),
    (found) => found.length === 2 && found.every((one) => /total [\d.]+ k?M?B/.test(one)),
  );
  assert.deepEqual(
    (await lenses.allInnerTexts()).map((one) => one.replaceAll("\u00a0", " ").replace(/\s*\|\s*/g, " | ")),
    ["Build shop | total 2.51 MB", "Build assets | total 17.7 kB"],
  );
  await screenshot("language-lenses");
  await lenses.first().locator("a", { hasText: "Build shop" }).click();
  const input = page.locator(".quick-input-widget:visible input");
  await input.waitFor();
  assert.equal(await input.inputValue(), "sample:shop");
  await page.keyboard.press("Escape");
});

uiTest("completion, hover, rename, outline and signature help in the window", async ({ page, screenshot }) => {
  await openFile(page, "stages.dockerfile");
  await becomes(async () => (await lines(page)).some((line) => line.startsWith("COPY --from=shop")), true);
  const escape = async () => {
    for (let times = 0; times < 3; times++) await page.keyboard.press("Escape");
  };
  /** Puts the cursor behind a text at the start of the last line. */
  const behind = async (start: string) => {
    await clickText(page, "COPY --from=shop");
    await page.keyboard.press("Home");
    for (let times = 0; times < start.length; times++) await page.keyboard.press("ArrowRight");
  };
  /** Opens a part of the editor, again if an event in the window has closed it. */
  const open = async (part: string, act: () => Promise<void>): Promise<void> => {
    let triedAtMs = 0;
    await eventually(
      part,
      async () => {
        if (Date.now() - triedAtMs > 3000) {
          triedAtMs = Date.now();
          await escape();
          await act();
        }
        return page.locator(part).first().isVisible();
      },
      (isOpen) => isOpen,
    );
  };
  await screenshot("language-hover", async () => {
    await escape();
    await hoverSays(page, /fast/, () => pointAtText(page, "MODE/"));
  });
  const press = async (start: string, keys: string): Promise<void> => {
    await behind(start);
    await page.keyboard.press(keys);
  };
  await screenshot("language-completion", () =>
    open(".suggest-widget:visible .monaco-list-row", () => press("COPY --from=", "Control+Space")),
  );
  await screenshot("language-signature", () =>
    open(".parameter-hints-widget:visible", () => press("COPY ", "Control+Shift+Space")),
  );
  await screenshot("language-rename", () => open(".rename-box input", () => press("COPY --from=sh", "F2")));
  await screenshot("language-outline", async () => {
    await escape();
    await page.keyboard.press("Control+Shift+O");
    await becomes(async () => (await picks(page)).some((label) => label.includes("assets")), true);
  });
  await escape();
});

uiTest("a Dockerfile for the project is not written over one that is there", async ({ page }) => {
  await runPaletteCommand(page, "Create Dockerfile for This Project");
  await becomes(
    async () => (await messages(page)).some((text) => text.includes("sample already has a Dockerfile")),
    true,
  );
});

uiTest("a Dockerfile for the project opens as a new file", async ({ page, folder, screenshot }) => {
  await rename(join(folder, "Dockerfile"), join(folder, "Old.dockerfile"));
  await clearMessages(page);
  await runPaletteCommand(page, "Create Dockerfile for This Project");
  await becomes(async () => (await lines(page)).some((line) => line.startsWith("FROM node:")), true);
  await screenshot("language-project");
});
