// What the real VS Code says that activating the extension took ("Show Running Extensions").
import { openWorkbench } from "../e2e/ui/harness.ts";
import { openFile, runPaletteCommand } from "../e2e/ui/window.ts";
import { print } from "./figures.ts";

const runs = 3;
const times: number[] = [];
for (let i = 0; i < runs; i++) {
  const { page, close } = await openWorkbench();
  try {
    await openFile(page, "Dockerfile");
    await page.locator(".squiggly-warning, .squiggly-info, .squiggly-error").first().waitFor({ state: "attached" });
    await runPaletteCommand(page, "Developer: Show Running Extensions");
    const row = page.locator(".runtime-extensions-editor .extension", { hasText: "Imagewright" }).first();
    const said = await row.locator(".activation-time").innerText();
    const ms = Number(/(\d+)\s*ms/.exec(said)?.[1]);
    if (!Number.isFinite(ms)) throw new Error(`VS Code says no activation time, but ${JSON.stringify(said)}`);
    times.push(ms);
  } finally {
    await close();
  }
}
times.sort((a, b) => a - b);
print("activation in VS Code", times[Math.floor(runs / 2)] ?? 0, `of ${times.join(", ")} ms`);
