// UI tests: one window for the tests of a file, a page that shows it, and a picture of it if a test fails.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../../rig/vscode/browser.ts";
import { projectFolder } from "../../rig/machine/project.ts";
import { openSample } from "../../rig/vscode/sample.ts";
import {
  chosenWorkbench,
  startWorkbench,
  type Workbench,
  workbenches,
  type WorkbenchOptions,
} from "../../rig/vscode/workbench.ts";

/** By default the extension finds the engine in DOCKER_HOST, which is the rig's when the test runner runs the tests. */
export interface UiOptions extends Pick<WorkbenchOptions, "settings" | "trust" | "env" | "alsoInstalled" | "language"> {
  /** A different build of the extension. */
  readonly extensionPath?: string;
  /** Writes additional files into the folder before it is opened. */
  prepare?(folder: string): Promise<void>;
  /** Stops everything that was started for the window. */
  close?(): Promise<void>;
}

export interface OpenWorkbench {
  /** The window, once the explorer is shown and the extension's contributions are registered. */
  readonly page: Page;
  readonly workbench: Workbench;
  /** The opened folder, a copy of the sample workspace that tests may change. */
  readonly folder: string;
  /** Errors so far from our webviews, our bundles or any script. */
  readonly complaints: readonly string[];
  /**
   * Saves test/artefacts/NAME-dark.png and NAME-light.png. `show` is called before each to reopen anything that a
   * change of theme closes.
   */
  screenshot(name: string, show?: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

export type UiTest = (name: string, body: (opened: OpenWorkbench, context: TestContext) => Promise<void>) => void;

/**
 * Creates the `test` function of a file whose tests share one window, in order. `options` may start dependencies first.
 */
export function uiTests(options: UiOptions | (() => Promise<UiOptions>) = {}): UiTest {
  let opened: OpenWorkbench | undefined;
  before(async () => {
    opened = await openWorkbench(typeof options === "function" ? await options() : options);
  });
  after(() => opened?.close());
  return (name, body) =>
    void test(name, async (context) => {
      if (opened === undefined) throw new Error("no window");
      await explainFailure(opened, context, () => body(opened as OpenWorkbench, context));
    });
}

async function explainFailure(opened: OpenWorkbench, context: TestContext, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    // The picture helps with the failure; a page too broken for one must not hide it.
    await opened
      .screenshot(`failed-${context.name.replaceAll(/[^a-z0-9]+/gi, "-")}`)
      .catch((why: unknown) => context.diagnostic(`no picture: ${String(why)}`));
    context.diagnostic(`the end of the workbench's log:\n${opened.workbench.log().slice(-3000)}`);
    throw error;
  }
}

/** Starts a workbench and a browser, and waits for the window. */
export async function openWorkbench({
  settings,
  prepare,
  close: closeRigs,
  extensionPath = projectFolder,
  ...rest
}: UiOptions = {}): Promise<OpenWorkbench> {
  const folder = await openSample();
  await prepare?.(folder.path);
  const workbench = await startWorkbench({
    ...rest,
    extensionPath,
    folder: folder.path,
    loading: "installed",
    settings: { ...testSettings, ...settings },
  });
  const browser = await startBrowser();
  const close = async (): Promise<void> => {
    await browser.close();
    await workbench.stop();
    await folder.remove();
    await closeRigs?.();
  };
  try {
    const page = await newPage(browser);
    const complaints = listen(page);
    await page.goto(workbench.url, { timeout: windowTimeoutMs });
    await page.locator(".explorer-folders-view [role=treeitem]").first().waitFor({ timeout: windowTimeoutMs });
    await page.locator(ourViewContainer).waitFor({ timeout: windowTimeoutMs });
    if (rest.trust === "restricted") await stayRestricted(page);
    return {
      page,
      workbench,
      folder: folder.path,
      complaints,
      screenshot: (name, show) => screenshot(page, name, show),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Views, menus and commands of an extension are registered together, up to some seconds after VS Code's own. A palette
 * that is opened before then never shows the extension's commands.
 */
const ourViewContainer = ".activitybar .action-label[aria-label=Imagewright]";

/** The oldest VS Code asks about trust in a dialog over the window; the current one doesn't. */
async function stayRestricted(page: Page): Promise<void> {
  if (chosenWorkbench() !== workbenches.oldest) return;
  const refusal = page.locator(".monaco-dialog-box .monaco-button", { hasText: "No, I don't trust the authors" });
  await refusal.click({ timeout: windowTimeoutMs });
}

async function screenshot(page: Page, name: string, show?: () => Promise<unknown>): Promise<void> {
  const folder = join(projectFolder, "test/artefacts");
  await mkdir(folder, { recursive: true });
  for (const [colorScheme, theme] of [
    ["dark", ".monaco-workbench.vs-dark"],
    ["light", ".monaco-workbench.vs"],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(theme).waitFor({ state: "attached" });
    await show?.();
    await page.waitForTimeout(repaintMs);
    await page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  }
}

/** Webviews get a new theme by a message, and transitions take time; half a second was always enough. */
const repaintMs = 500;

/** The theme follows the browser's colour scheme, which a test changes without a settings file. */
const testSettings = { "window.autoDetectColorScheme": true, "editor.minimap.enabled": false, "files.autoSave": "off" };

const windowTimeoutMs = 60_000;

async function newPage(browser: Browser): Promise<Page> {
  // Copying is tested by pasting.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** Collects errors from our own parts, mainly webviews. The workbench's own errors are ignored. */
function listen(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => void complaints.push(error.stack ?? String(error)));
  page.on("console", (message) => {
    const text = `${message.text()} (${message.location().url})`;
    if (message.type() === "error" && ourParts.test(text)) complaints.push(text);
  });
  return complaints;
}

const ourParts = /contrib\/webview\/|Content Security Policy|dist\/(extension|server|layerWorker|media)/;
