// One UI test: a workbench on a fresh copy of the sample, a page that shows it, and a picture of it when the test fails.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../../rig/browser.ts";
import { projectFolder } from "../../rig/project.ts";
import { openSample } from "../../rig/sample.ts";
import { startWorkbench, type Workbench, type WorkbenchOptions } from "../../rig/workbench.ts";

/** By default the extension finds the engine that DOCKER_HOST names, which is the rig's when the test runner runs the tests. */
export interface UiOptions extends Pick<WorkbenchOptions, "settings" | "trust" | "env"> {
  /** A folder to open a copy of, instead of test/sample. */
  readonly sample?: string;
}

export interface OpenWorkbench {
  /** The window: the explorer is there and the extension host runs. */
  readonly page: Page;
  readonly workbench: Workbench;
  /** The opened folder, to be altered at will. */
  readonly folder: string;
  /** Saves test/artefacts/NAME-light.png and NAME-dark.png. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

/** A test that is given an open workbench; when it fails, test/artefacts/failed-NAME-*.png show what was there. */
export function uiTest(name: string, body: (opened: OpenWorkbench, context: TestContext) => Promise<void>, options: UiOptions = {}): void {
  void test(name, async (context) => {
    const opened = await openWorkbench(options);
    try {
      await body(opened, context);
    } catch (error) {
      // The picture is for the reader of the failure; a page too broken for one must not take its place.
      await opened.screenshot(`failed-${name.replaceAll(/[^a-z0-9]+/gi, "-")}`).catch((why: unknown) => context.diagnostic(`no picture: ${String(why)}`));
      context.diagnostic(`the end of the workbench's log:\n${opened.workbench.log().slice(-3000)}`);
      throw error;
    } finally {
      await opened.close();
    }
  });
}

/** Starts a workbench and a browser and waits for the window. */
export async function openWorkbench(options: UiOptions = {}): Promise<OpenWorkbench> {
  const folder = await openSample(options.sample);
  const { settings, ...rest } = options;
  const workbench = await startWorkbench({ ...rest, extensionPath: projectFolder, folder: folder.path, settings: { ...followsBrowser, ...settings } });
  const browser = await startBrowser();
  const close = async (): Promise<void> => {
    await browser.close();
    await workbench.stop();
    await folder.remove();
  };
  try {
    const page = await openWindow(browser, workbench.url);
    return { page, workbench, folder: folder.path, screenshot: (name) => screenshot(page, name), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Opens a file of the explorer's top level and waits for its editor. */
export async function openFile(page: Page, name: string): Promise<void> {
  await page.locator(`.explorer-folders-view [role=treeitem][aria-label^="${name}"]`).first().dblclick();
  await page.locator(`.editor-group-container .tab[data-resource-name="${name}"]`).waitFor();
  await page.locator(".monaco-editor .view-line").first().waitFor();
}

/** Runs a command by its title, as a user does from the palette. */
export async function runPaletteCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(`>${title}`);
  await page.locator(".quick-input-list .monaco-list-row").filter({ hasText: title }).first().click();
}

/** Saves what the page shows to test/artefacts, in a light and a dark theme. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = join(projectFolder, "test/artefacts");
  await mkdir(folder, { recursive: true });
  for (const [colorScheme, theme] of [["light", ".monaco-workbench.vs"], ["dark", ".monaco-workbench.vs-dark"]] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(theme).waitFor({ state: "attached" });
    await page.waitForTimeout(repaintMs);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

/** Webviews get a new theme by a message, and transitions take time; half a second was always enough. */
const repaintMs = 500;

/** The theme follows the browser's colour scheme, which a test changes without touching a settings file. */
const followsBrowser = { "window.autoDetectColorScheme": true };

const windowTimeoutMs = 60_000;

async function openWindow(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: "light" });
  page.setDefaultTimeout(30_000);
  await page.goto(url, { timeout: windowTimeoutMs });
  await page.locator(".explorer-folders-view [role=treeitem]").first().waitFor({ timeout: windowTimeoutMs });
  return page;
}
