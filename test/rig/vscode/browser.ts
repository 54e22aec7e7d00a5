import { type Browser, chromium } from "playwright-core";
import { onInterrupt } from "../machine/lifetime.ts";
import { findProgram, needPrograms, systemPrograms } from "../machine/systemPackages.ts";

/** Starts the system's Chromium, headless, without stored data and network calls of its own. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = (await findChromium()) ?? (await installChromium());
  const browser = await chromium.launch({
    executablePath,
    args: [...quietArguments],
    timeout: 60_000,
    // Playwright's own handlers would end this process before the other rigs have stopped.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  const forget = onInterrupt(() => browser.close());
  browser.on("disconnected", forget);
  return browser;
}

const quietArguments = [
  // Chromium's sandbox refuses root; only the workbench's pages are opened.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

async function findChromium(): Promise<string | undefined> {
  for (const name of ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]) {
    const path = await findProgram(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

async function installChromium(): Promise<string> {
  await needPrograms([systemPrograms.chromium]);
  const path = await findChromium();
  if (path === undefined) throw new Error("Chromium was installed but is not on the PATH; add its folder to it");
  return path;
}
