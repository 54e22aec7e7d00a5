import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { sampleTags } from "../../rig/engines/sampleImages.ts";
import { sharedEngine, sharedRegistry } from "../../rig/engines/sharedRigs.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import { openEngineProxy } from "../../rig/engines/engineProxy.ts";
import { becomes, eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import {
  answer,
  clearMessages,
  click,
  clickText,
  hoverSays,
  languageStatus,
  lines,
  messages,
  openCodeActions,
  openFile,
  picks,
  pointAtText,
  runPaletteCommand,
  squiggles,
  takeCodeAction,
} from "./window.ts";

const quickFixText = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n";
const hintsText = `FROM ${sampleTags.newer} AS shop\nCOPY data/ data/\n\nFROM scratch\nADD public/ /public/\nCOPY --from=shop /app /app\n`;

const [engine, registry] = await Promise.all([sharedEngine(), sharedRegistry()]);
const pushed = await pushService();
// Ports below 1024 are never assigned automatically.
const nobody = "127.0.0.1:1023";

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  const files = {
    "quickfix.dockerfile": quickFixText,
    "hints.dockerfile": hintsText,
    "pin.dockerfile": `FROM ${pushed.name} AS build\nFROM ${nobody}/app:1\n`,
  };
  return {
    env: { DOCKER_HOST: engine.host },
    prepare: async (folder) => {
      for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    },
    close: async () => void (await Promise.all([engine.stop(), registry.stop()])),
  };
});

uiTest("a finding underlines its text, and its hover explains the fix", async ({ page, screenshot }) => {
  await openFile(page, "Dockerfile");
  await becomes(() => squiggles(page, "debian:latest"), ["warning"]);
  await becomes(() => squiggles(page, "ADD"), ["warning"]);
  await becomes(() => squiggles(page, "EXPOSE"), []);
  await screenshot("editor-findings", async () => {
    await hoverSays(
      page,
      /debian:latest can change between builds; use a version or pin the digest\s*imagewright\W*latest-tag/,
      () => pointAtText(page, "debian:latest"),
    );
  });
});

uiTest("the code of a finding opens the page of its rule", async ({ page, screenshot }) => {
  await openFile(page, "Dockerfile");
  await becomes(() => squiggles(page, "debian:latest"), ["warning"]);
  await hoverSays(page, /imagewright\W*latest-tag/, () => pointAtText(page, "debian:latest"));
  await page.locator(".monaco-hover:visible a", { hasText: "latest-tag" }).click();
  await page.locator(".tab.active", { hasText: "latest-tag.md" }).waitFor();
  await eventually(
    "the page",
    () =>
      Promise.all(
        page.frames().map((frame) =>
          frame
            .locator("body")
            .innerText()
            .catch(() => ""),
        ),
      ),
    (texts) => texts.some((text) => text.includes("A base image uses the tag latest")),
  );
  await screenshot("editor-rule-page");
});

uiTest(
  "sizes are shown at the ends of lines: of the engine's image, the build context, and another stage",
  async ({ page, screenshot }) => {
    await openFile(page, "hints.dockerfile");
    await becomes(
      () => lines(page),
      [
        `FROM ${sampleTags.newer} AS shop2.51 MB`,
        "COPY data/ data/4.58 kBtotal 2.51 MB",
        "",
        "FROM scratch0 B",
        "ADD public/ /public/1.48 kB",
        "COPY --from=shop /app /app16.3 kBtotal 17.7 kB",
        "",
      ],
    );
    await screenshot("editor-sizes", async () => {
      await hoverSays(page, /2,5\d\d,\d\d\d bytes of files, measured: .*bookshelf:1\.1/, () =>
        pointAtText(page, "2.51 MB"),
      );
    });
  },
);

uiTest("Ctrl+. offers the fix, and Enter applies it", async ({ page, screenshot }) => {
  await openFile(page, "quickfix.dockerfile");
  await becomes(() => squiggles(page, "apt-get update"), ["info"]);
  const [first, ...others] = await openCodeActions(page, async () => {
    await clickText(page, "apt-get update");
    await page.keyboard.press("Control+.");
  });
  // The bytes follow if the package indexes could be read.
  assert.match(first ?? "", /^Remove the package lists in this RUN/);
  assert.ok(others.includes("Ignore apt-lists-left on this line"));
  await screenshot("editor-quick-fix");
  await page.keyboard.press("Enter");
  await eventually(
    "the fix",
    () => lines(page),
    (all) => all.join("\n").includes("rm -rf /var/lib/apt/lists/*"),
  );
  await becomes(() => squiggles(page, "apt-get update"), []);
});

uiTest("the light bulb offers to ignore a finding, which then adds a comment", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "File: Revert File");
  await becomes(() => squiggles(page, "apt-get update"), ["info"]);
  await takeCodeAction(page, "Ignore apt-lists-left on this line", async () => {
    await clickText(page, "apt-get update");
    await click(page.locator(".lightBulbWidget:visible, [class*=gutter-lightbulb]:visible").first());
  });
  await eventually(
    "the comment",
    () => lines(page),
    (all) => all[1] === "# imagewright ignore=apt-lists-left",
  );
  await becomes(() => squiggles(page, "apt-get update"), []);
  await screenshot("editor-ignored");
});

uiTest("the pin command adds the index's digest after the tag, and reports it", async ({ page, screenshot }) => {
  await openFile(page, "pin.dockerfile");
  // Any position in the instruction works.
  await clickText(page, "AS build");
  await runPaletteCommand(page, "Imagewright: Pin Image at Cursor to Its Digest");
  await eventually(
    "the digest",
    () => lines(page),
    // The size, unknown here, follows the tag, so that a digest doesn't push it out of the window.
    ([first]) => first?.replace("?", "").startsWith(`FROM ${pushed.name}@${pushed.digest} AS build`) === true,
  );
  await becomes(() => messages(page), [`Pinned: ${pushed.name} is ${pushed.digest.slice(7, 19)} at ${registry.host}`]);
  await screenshot("pin");
  await clearMessages(page);
});

uiTest("a registry that doesn't respond is named, with a suggestion", async ({ page, screenshot }) => {
  await clickText(page, `${nobody}/app:1`);
  await runPaletteCommand(page, "Imagewright: Pin Image at Cursor to Its Digest");
  await becomes(
    () => messages(page),
    [`${nobody} can't be reached (connection refused); check the name, the network and the proxy`],
  );
  assert.match((await lines(page))[1] ?? "", /^FROM [\d.:]+\/app:1(?:\?|…)/, "the text stays as it was");
  await screenshot("pin-failed");
  await clearMessages(page);
});

uiTest("the status names the engine, and another can be chosen", async ({ page, screenshot }) => {
  await eventually(
    "the engine's name",
    () => languageStatus(page),
    (text) => text.includes(`${engine.host.slice(-20)} (DOCKER_HOST)`),
  );
  const engineProxy = await openEngineProxy(engine);
  try {
    await click(page.locator("#status\\.languageStatus"));
    await click(page.locator(".hover-language-status a", { hasText: "Choose" }));
    await eventually(
      "the choice",
      () => picks(page),
      (all) => all.some((text) => text.startsWith("Automatic")),
    );
    await screenshot("engine-choice");
    await answer(page, "Which container engine?", "Enter an Address");
    await page.locator(".quick-input-widget input[placeholder^=unix]").fill("ftp://somewhere");
    await eventually(
      "a refusal",
      () => page.locator(".quick-input-message").innerText(),
      (text) => /ftp/.test(text),
    );
    await page.locator(".quick-input-widget input").first().fill(engineProxy.host);
    await page.keyboard.press("Enter");
    await eventually(
      "the other engine",
      () => languageStatus(page),
      (text) => text.includes(`${engineProxy.host.slice(-20)} (setting)`),
    );
    await runPaletteCommand(page, "Imagewright: Switch Container Engine");
    await answer(page, "Which container engine?", "Automatic");
    await eventually(
      "the first engine",
      () => languageStatus(page),
      (text) => text.includes(`${engine.host.slice(-20)} (DOCKER_HOST)`),
    );
  } finally {
    await engineProxy.close();
  }
});

/** Pushes an image for two platforms to the registry. */
async function pushService(): Promise<{ name: string; digest: string }> {
  const content = await imageContent(
    ["amd64", "arm64"].map((architecture) => ({
      layers: [{ "app/server": architecture }],
      platform: { os: "linux", architecture },
    })),
  );
  await pushImage(registry, { repository: "bookshelf", tag: "1.1" }, content);
  return { name: `${registry.host}/bookshelf:1.1`, digest: content.root.digest };
}
