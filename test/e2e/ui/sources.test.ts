import { sharedEngine, sharedRegistry } from "../../rig/sharedRigs.ts";
import { loadSampleImages } from "../../rig/sample.ts";
import { startSshServer } from "../../rig/sshServer.ts";
import { tinyContent } from "../../rig/tinyImage.ts";
import { pushTiny } from "../../rig/tinyPush.ts";
import { eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import { chooseInMenu, expand, imageRow, imageRows, pick, runPaletteCommand, showView } from "./window.ts";

const [engine, registry, ssh] = await Promise.all([sharedEngine(), sharedRegistry(), startSshServer()]);
const gone = "unix:///nowhere/gone.sock";

const uiTest = uiTests(async () => {
  await loadSampleImages(engine);
  await pushTiny(registry, { repository: "sources/app", tag: "1" }, await tinyContent({ layers: [{ "app/run": "#!" }] }));
  return {
    // VS Code asks the login shell for its PATH, unless it believes to be started from one.
    env: { DOCKER_HOST: undefined, PATH: ssh.path, VSCODE_CLI: "1" },
    settings: { "imagewright.engine.host": `ssh://${ssh.hosts.good}${engine.socketPath}`, "imagewright.engines": [engine.host, gone] },
    close: async () => void (await Promise.all([engine.stop(), registry.stop(), ssh.stop()])),
  };
});

uiTest("an engine behind ssh, one at a socket and one that is gone stand beside each other", async ({ page, screenshot }) => {
  await showView(page, "Imagewright");
  await eventually("three engines", () => imageRows(page), (rows) =>
    rows.some((row) => row.startsWith("engine Container engine, ssh://")) && rows.some((row) => row.startsWith(`engine ${lastParts(engine.socketPath)}, unix://`)) && rows.some((row) => row.startsWith("nowhere/gone.sock: No container engine answers")));
  await screenshot("sources-engines");
});

uiTest("a reference without a tag offers the tags of its registry, and opens without being pulled", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Open Registry Reference…");
  await page.locator(".quick-input-widget input").first().fill(`${registry.host}/sources/app`);
  await page.keyboard.press("Enter");
  await page.locator(`.quick-input-widget input[placeholder^="Which tag of"]`).waitFor();
  await pick(page, "1");
  const row = imageRow(page, `Image ${registry.host}/sources/app:1`);
  await row.waitFor();
  await expand(row);
  await eventually("what it is made of", () => imageRows(page), (rows) => rows.some((text) => text.includes("Layers")));
  await screenshot("sources-registry");
});

uiTest("a row that was added is taken away in its menu", async ({ page }) => {
  await chooseInMenu(imageRow(page, `engine ${lastParts(engine.socketPath)}`), "No Longer Show This Container Engine");
  await eventually("the engine is gone", () => imageRows(page), (rows) => !rows.some((row) => row.startsWith(`engine ${lastParts(engine.socketPath)}`)));
  await chooseInMenu(imageRow(page, `Image ${registry.host}/sources/app:1`), "Close Reference");
  await eventually("the reference is gone", () => imageRows(page), (rows) => !rows.some((row) => row.includes("sources/app")));
});

function lastParts(path: string): string {
  return path.split("/").slice(-2).join("/");
}
