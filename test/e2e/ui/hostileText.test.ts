import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../../rig/machine/folders.ts";
import { startMinimalEngine } from "../../support/engines/minimalEngine.ts";
import { answerWithImages } from "../../support/engines/minimalEngineImages.ts";
import { legacySave } from "../../support/images/archiveFiles.ts";
import { tarOf } from "../../support/images/tarBytes.ts";
import { eventually } from "./eventually.ts";
import { uiTests } from "./harness.ts";
import {
  chooseInMenu,
  expand,
  hoverSays,
  imageRow,
  imageRows,
  lines,
  messages,
  pick,
  picks,
  point,
  runPaletteCommand,
  showView,
} from "./window.ts";

const hostile = "\x1b[31m\u202Egnp.exe\u200B $(sync~spin) [x](command:workbench.action.quit) <img src=x> **b**";
const shown = "\\x1b[31m\\u202egnp.exe\\u200b $(sync~spin) [x](command:workbench.action.quit) <img src=x> **b**";
const folder = await temporaryFolder("hostile");
const socket = join(folder.path, "docker.sock");
const image = {
  name: "hostile:1",
  layers: 1,
  author: hostile,
  labels: { [hostile]: hostile, long: "x".repeat(100_000) },
  config: { Env: [`A=${hostile}`, `LONG=${"y".repeat(100_000)}`], User: hostile, Cmd: [hostile] },
  history: [{ CreatedBy: `RUN ${hostile}`, Comment: hostile, Created: 1, Size: 1 }],
};
const images = answerWithImages(() => [image]);
const engine = await startMinimalEngine(socket, (path, response) => {
  if (path !== "/images/create") return images(path, response);
  response.writeHead(500).end(JSON.stringify({ message: hostile }));
  return true;
});
const archive = "hostile.tar";

const uiTest = uiTests({
  env: { DOCKER_HOST: `unix://${socket}` },
  prepare: async (opened) =>
    writeFile(join(opened, archive), tarOf(legacySave({ layers: [{ a: "" }], tags: [hostile, `${hostile} 2`] }))),
  close: async () => {
    await engine.stop();
    await folder.remove();
  },
});

uiTest("rows and hovers show hostile text literally", async ({ page, screenshot, complaints }) => {
  await showView(page, "Imagewright");
  await expand(imageRow(page, "Image hostile:1"));
  await expand(imageRow(page, "Configuration, "));
  await expand(imageRow(page, "Labels"));
  const rows = await eventually(
    "the label",
    () => imageRows(page),
    (all) => all.some((row) => row.includes("long, x")),
  );
  for (const [name, said] of [
    ["layer", `1 B, 100 % of the image, RUN ${shown}`],
    ["label", `${shown}, ${shown}`],
    ["user", `User, ${shown}`],
  ] as const)
    assert.ok(
      rows.some((row) => row.includes(said)),
      `${name}: ${rows.join("\n")}`,
    );
  assert.ok(rows.every((row) => row.length < 1100 && !hidden.test(row)));
  const text = page.locator(".pane-body [role=treeitem] .label-name", { hasText: "$(sync~spin)" });
  assert.ok((await text.count()) > 0, "no icon is drawn of a label");
  const hover = (): Promise<string> => hoverSays(page, /Layer 1 of 1/, () => point(imageRow(page, "Layer 1 of 1")));
  const said = await hover();
  assert.ok(said.includes(shown), said);
  assert.ok(!hidden.test(said));
  assert.equal(
    await page.locator(".monaco-hover a, .workbench-hover a, .monaco-hover img, .workbench-hover img").count(),
    0,
  );
  await screenshot("hostile-rows", hover);
  await page.mouse.move(900, 500);
  assert.deepEqual(complaints, []);
});

uiTest("the document of an image with hostile text is JSON that hides nothing", async ({ page, screenshot }) => {
  await chooseInMenu(imageRow(page, "Image hostile:1"), "Inspect");
  const text = (
    await eventually(
      "the document",
      () => lines(page),
      (all) => all.some((line) => line.includes('"author"')),
    )
  ).join("\n");
  assert.ok(text.includes("\\u001b[31m\\u202egnp.exe\\u200b $(sync~spin)"), text);
  assert.ok(!hidden.test(text));
  await screenshot("hostile-inspect");
  await page.keyboard.press("Control+w");
});

uiTest("pickers of layers and of an archive's images show no icons from hostile text", async ({ page, screenshot }) => {
  await showView(page, "Explorer");
  await chooseInMenu(
    page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${archive}"]`),
    "Open Image Archive…",
  );
  await imageRow(page, "archive hostile.tar").waitFor();
  await runPaletteCommand(page, "Imagewright: Show Changes in This Layer");
  const found = await eventually(
    "both images",
    () => picks(page),
    (all) => all.length > 1,
  );
  assert.ok(
    found.some((text) => text.includes(shown)),
    found.join("\n"),
  );
  await screenshot("hostile-pick");
  await page.keyboard.press("Enter");
  await eventually(
    "its layer",
    () => picks(page),
    (all) => all.length === 1 && (all[0] ?? "").includes(shown),
  );
  assert.equal(await page.locator(".quick-input-list .codicon-sync").count(), 0);
  await page.keyboard.press("Escape");
});

uiTest("a message doesn't turn an engine's text into a link", async ({ page, screenshot }) => {
  await runPaletteCommand(page, "Imagewright: Pull Image…");
  await page.locator(".quick-input-widget input").first().fill("some/image:1");
  await page.keyboard.press("Enter");
  await pick(page, "The engine's platform");
  const said = (
    await eventually(
      "the message",
      () => messages(page),
      (found) => found.some((text) => text.includes("egnp.exe")),
    )
  ).join("\n");
  assert.match(said, /\[x\] \(command:workbench\.action\.quit\)/);
  assert.ok(!hidden.test(said));
  assert.equal(await page.locator(".notifications-toasts .notification-list-item-message a").count(), 0);
  await screenshot("hostile-message");
});

/** Text that would have an effect, or that hides the text around it. */
const hidden = /[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;
