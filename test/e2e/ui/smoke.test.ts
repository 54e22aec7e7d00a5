import assert from "node:assert/strict";
import { openFile, uiTest } from "./harness.ts";

uiTest("a Dockerfile of the sample workspace opens", async ({ page, screenshot }) => {
  await openFile(page, "Dockerfile");
  assert.match(await page.locator(".monaco-editor .view-lines").first().innerText(), /FROM/);
  await screenshot("smoke");
});
