// UI tests: one window for the tests of a file, a page that shows it, and a picture of it when a test fails.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test, type TestContext } from "node:test";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../../rig/vscode/browser.ts";
import { projectFolder } from "../../rig/machine/project.ts";
import { openSample } from "../../rig/vscode/sample.ts";
import { startWorkbench, type Workbench, type WorkbenchOptions } from "../../rig/vscode/workbench.ts";

/** By default the extension finds the engine that DOCKER_HOST names, which is the rig's when the test runner runs the tests. */
export interface UiOptions extends Pick<WorkbenchOptions, "settings" | "trust" | "env" | "alsoInstalled"> {
  /** Another build of the extension than this one. */
  readonly extensionPath?: string;
  /** Writes more files into the folder before it is opened. */
  prepare?(folder: string): Promise<void>;
  /** Ends what was started for the window. */
  close?(): Promise<void>;
}

export interface OpenWorkbench {
  /** The window: the explorer is there and the extension host runs. */
  readonly page: Page;
  readonly workbench: Workbench;
  /** The opened folder, a copy of the sample workspace, to be altered at will. */
  readonly folder: string;
  /** Errors that our webviews, our bundles or any script have made so far. */
  readonly complaints: readonly string[];
  /** Saves test/artefacts/NAME-dark.png and NAME-light.png. What a change of the theme closes, `show` opens again before each. */
  screenshot(name: string, show?: () => Promise<unknown>): Promise<void>;
  close(): Promise<void>;
}

export type UiTest = (name: string, body: (opened: OpenWorkbench, context: TestContext) => Promise<void>) => void;

/** Makes the `test` of a file whose tests share one window, in the order they stand in. `options` may start what they need first. */
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
    // The picture is for the reader of the failure; a page too broken for one must not take its place.
    await opened
      .screenshot(`failed-${context.name.replaceAll(/[^a-z0-9]+/gi, "-")}`)
      .catch((why: unknown) => context.diagnostic(`no picture: ${String(why)}`));
    context.diagnostic(`the end of the workbench's log:\n${opened.workbench.log().slice(-3000)}`);
    throw error;
  }
}

/** Starts a workbench and a browser and waits for the window. */
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

/** The theme follows the browser's colour scheme, which a test changes without touching a settings file. */
const testSettings = { "window.autoDetectColorScheme": true, "editor.minimap.enabled": false, "files.autoSave": "off" };

const windowTimeoutMs = 60_000;

async function newPage(browser: Browser): Promise<Page> {
  // Copying is tested by what is pasted.
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: "light",
    permissions: ["clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return page;
}

/** Collects what went wrong in our own parts: webviews above all. The workbench's complaints about itself are not for us. */
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
