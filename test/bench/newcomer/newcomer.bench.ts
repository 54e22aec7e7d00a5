// What a newcomer waits for: a clone of the last commit, `npm ci`, `npm start`, and the first size in the Dockerfile.
// npm's cache and the rigs' VS Code are used if this machine has them; the output says so.
import { join } from "node:path";
import { eventually } from "../../e2e/ui/eventually.ts";
import { lines } from "../../e2e/ui/window.ts";
import { type Daemon, startDaemon, whenReady } from "../../rig/engines/daemon.ts";
import { isCached } from "../../rig/machine/cache.ts";
import { runCommand } from "../../rig/machine/command.ts";
import { temporaryDiskFolder } from "../../rig/machine/folders.ts";
import { projectFolder } from "../../rig/machine/project.ts";
import { startBrowser } from "../../rig/vscode/browser.ts";
import { workbenchName, workbenches } from "../../rig/vscode/workbench.ts";
import { printFigure } from "../figures.ts";

/** A slow machine with an empty npm cache needs a few minutes for the packages. */
const maxStepMs = 10 * 60_000;

const vsCode = (await isCached(workbenchName(workbenches.current))) ? "already installed" : "not yet installed";
const folder = await temporaryDiskFolder("newcomer");
const checkout = join(folder.path, "imagewright");
let totalMs = 0;
let start: Daemon | undefined;
try {
  await step("git clone", "the last commit, from this disk", () =>
    runCommand("git", ["clone", "--quiet", "--no-local", projectFolder, checkout], { timeoutMs: maxStepMs }),
  );
  await step("npm ci", "with the npm cache of this machine", () =>
    runCommand("npm", ["ci", "--no-audit", "--no-fund"], { cwd: checkout, timeoutMs: maxStepMs }),
  );
  const address = await step("npm start, to the address", `VS Code ${vsCode}`, async () => {
    const daemon = await startDaemon("npm", ["start", "--", "--no-open"], { cwd: checkout });
    start = daemon;
    return whenReady(daemon, "npm start", maxStepMs, () => Promise.resolve(addressIn(daemon.log())));
  });
  await step("the window, to the first size", "in the sample's Dockerfile", () => firstSize(address));
  printFigure("in all", seconds(totalMs), "from the clone to the first size");
} finally {
  await start?.stop();
  await folder.remove();
}
process.exit(0);

async function step<T>(label: string, note: string, work: () => Promise<T>): Promise<T> {
  const startMs = performance.now();
  const result = await work();
  const ms = performance.now() - startMs;
  totalMs += ms;
  printFigure(label, seconds(ms), note);
  return result;
}

function addressIn(log: string): string | undefined {
  return /http:\/\/127\.0\.0\.1:\d+\S*/.exec(log)?.[0];
}

async function firstSize(address: string): Promise<void> {
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(address, { timeout: maxStepMs });
    await eventually(
      "a size at the end of a line",
      () => lines(page),
      (all) => all.some((line) => /^COPY .* k?B$/.test(line)),
      maxStepMs,
    );
  } finally {
    await browser.close();
  }
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
