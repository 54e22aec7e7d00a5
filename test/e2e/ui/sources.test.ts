import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { startEngine } from "../../rig/engines/engine.ts";
import { sharedRegistry } from "../../rig/engines/sharedRigs.ts";
import { loadSampleImages } from "../../rig/vscode/sample.ts";
import { startSshServer } from "../../rig/engines/sshServer.ts";
import { imageContent } from "../../rig/images/imageContent.ts";
import { pushImage } from "../../rig/registry/pushImage.ts";
import { eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { chooseInMenu, expand, imageRow, imageRows, pick, picks, runPaletteCommand, showView } from "./window.ts";

const [engine, registry, ssh, docker] = await Promise.all([
  // A separate one, listed twice here: with other tests' images, the third engine's row would be off the screen.
  startEngine(),
  sharedRegistry(),
  startSshServer(),
  temporaryFolder("docker"),
]);
const gone = "unix:///nowhere/gone.sock";

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  await pushImage(
    registry,
    { repository: "sources/app", tag: "1" },
    await imageContent({ layers: [{ "app/run": "#!" }] }),
  );
  await writeContext("work", "tcp://work.invalid:2376");
  await writeContext("broken", "nonsense://");
  return {
    // VS Code gets its PATH from the login shell, unless it seems to be started from one.
    env: { DOCKER_HOST: undefined, DOCKER_CONFIG: docker.path, PATH: ssh.path, VSCODE_CLI: "1" },
    settings: {
      "imagewright.engine.host": `ssh://${ssh.hosts.good}${engine.socketPath}`,
      "imagewright.engines": [engine.host, gone],
    },
    close: async () => void (await Promise.all([engine.stop(), registry.stop(), ssh.stop(), docker.remove()])),
  };
});

uiTest(
  "an engine over ssh, one at a socket and a stopped one are listed next to each other",
  async ({ page, screenshot }) => {
    await showView(page, "Imagewright");
    await eventually(
      "three engines",
      () => imageRows(page),
      (rows) =>
        rows.some((row) => row.startsWith("engine Container engine, ssh://")) &&
        rows.some((row) => row.startsWith(`engine ${lastParts(engine.socketPath)}, unix://`)) &&
        rows.some((row) => row.startsWith("nowhere/gone.sock: No container engine is responding")),
    );
    await screenshot("sources-engines");
  },
);

uiTest(
  "an engine is added by the name of its context, and broken contexts show the reason",
  async ({ page, screenshot }) => {
    await runPaletteCommand(page, "Imagewright: Add Container Engine…");
    const question = page.locator('.quick-input-widget input[placeholder="Add which engine?"]');
    await question.waitFor();
    await eventually(
      "both contexts",
      () => picks(page),
      (all) =>
        all.some((text) => /broken/.test(text)) && all.some((text) => /work.*tcp:\/\/work\.invalid:2376/.test(text)),
    );
    await screenshot("sources-add");
    await question.fill("work");
    await eventually(
      "only the wanted",
      () => picks(page),
      (all) => all.length === 1,
    );
    await page.keyboard.press("Enter");
    await eventually(
      "its row",
      () => imageRows(page),
      (rows) => rows.some((row) => row.startsWith("Context work: No container engine is responding")),
    );
  },
);

uiTest(
  "a reference without a tag offers its registry's tags, and opens without a pull",
  async ({ page, screenshot }) => {
    await runPaletteCommand(page, "Imagewright: Open Registry Reference…");
    await page.locator(".quick-input-widget input").first().fill(`${registry.host}/sources/app`);
    await page.keyboard.press("Enter");
    await page.locator(`.quick-input-widget input[placeholder^="Which tag of"]`).waitFor();
    await pick(page, "1");
    const row = imageRow(page, `Image ${registry.host}/sources/app:1`);
    await row.waitFor();
    await expand(row);
    await eventually(
      "what it is made of",
      () => imageRows(page),
      (rows) => rows.some((text) => text.includes("Layers")),
    );
    await screenshot("sources-registry");
  },
);

uiTest("an added row is removed from its menu", async ({ page }) => {
  await chooseInMenu(imageRow(page, `engine ${lastParts(engine.socketPath)}`), "Remove Container Engine from View");
  await eventually(
    "the engine is gone",
    () => imageRows(page),
    (rows) => !rows.some((row) => row.startsWith(`engine ${lastParts(engine.socketPath)}`)),
  );
  await chooseInMenu(imageRow(page, `Image ${registry.host}/sources/app:1`), "Close Reference");
  await eventually(
    "the reference is gone",
    () => imageRows(page),
    (rows) => !rows.some((row) => row.includes("sources/app")),
  );
});

async function writeContext(name: string, host: string): Promise<void> {
  const path = join(docker.path, "contexts", "meta", createHash("sha256").update(name).digest("hex"));
  await mkdir(path, { recursive: true });
  await writeFile(join(path, "meta.json"), JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }));
}

function lastParts(path: string): string {
  return path.split("/").slice(-2).join("/");
}
