// One suite, two hosts: the desktop VS Code if it can be downloaded, the workbench from npm otherwise.
import { runTests } from "@vscode/test-electron";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { HostTest } from "../../e2e/host/index.ts";
import { startBrowser } from "./browser.ts";
import { lastLines } from "../machine/command.ts";
import { downloadElectron } from "./electron.ts";
import { needElectronLibraries } from "./electronLibraries.ts";
import { temporaryFolder } from "../machine/folders.ts";
import { bundleHostSuite } from "./hostSuite.ts";
import { projectFolder } from "../machine/project.ts";
import { openSample } from "./sample.ts";
import { startDisplay } from "./virtualDisplay.ts";
import { startWorkbench } from "./workbench.ts";

export type Host =
  { readonly kind: "electron"; readonly executable: string } | { readonly kind: "workbench"; readonly because: string };

export interface HostOptions {
  /** Passed on to the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  /** The suite's files to run; paths from the project folder. */
  readonly files?: readonly string[];
}

/** The host that this machine can run; `IMAGEWRIGHT_TEST_HOST=electron|workbench` overrides the choice. */
export async function chooseHost(): Promise<Host> {
  const forced = process.env["IMAGEWRIGHT_TEST_HOST"];
  if (forced === "workbench") return { kind: "workbench", because: "IMAGEWRIGHT_TEST_HOST asks for it" };
  const download = await downloadElectron();
  if ("executable" in download) return { kind: "electron", executable: download.executable };
  if (forced === "electron")
    throw new Error(
      `VS Code cannot be downloaded (${download.unavailable}); allow that, or unset IMAGEWRIGHT_TEST_HOST`,
    );
  return { kind: "workbench", because: `VS Code cannot be downloaded here: ${download.unavailable}` };
}

/** Runs the suite in the host, on a fresh copy of the sample workspace, and returns its tests' outcomes. */
export async function runHostSuite(host: Host, options: HostOptions = {}): Promise<readonly HostTest[]> {
  const suite = await bundleHostSuite(options.files);
  const folder = await temporaryFolder("host");
  const sample = await openSample();
  const result = join(folder.path, "result.json");
  const env = {
    ...options.env,
    IMAGEWRIGHT_HOST_SUITE: suite.folder,
    IMAGEWRIGHT_HOST_RESULT: result,
  };
  const visit: Visit = { index: suite.index, folder: sample.path, result, env };
  try {
    const log = host.kind === "electron" ? await visitElectron(host.executable, visit) : await visitWorkbench(visit);
    if (existsSync(result)) return JSON.parse(await readFile(result, "utf8")) as HostTest[];
    throw new Error(
      `the ${host.kind} host gave no result (waited for up to ${maxSuiteMs / 1000} s); the end of its log:\n${lastLines(log, 40)}`,
    );
  } finally {
    for (const each of [suite, folder, sample]) await each.remove();
  }
}

interface Visit {
  readonly index: string;
  readonly folder: string;
  readonly result: string;
  readonly env: Readonly<Record<string, string>>;
}

const maxSuiteMs = 10 * 60_000;

async function visitElectron(executable: string, visit: Visit): Promise<string> {
  await needElectronLibraries(executable);
  const display = await startDisplay();
  const user = await temporaryFolder("vscode");
  const launchArgs = [
    visit.folder,
    "--no-sandbox",
    "--disable-gpu",
    "--disable-workspace-trust",
    "--disable-extensions",
    "--skip-welcome",
    "--skip-release-notes",
    "--disable-updates",
    `--user-data-dir=${user.path}`,
    `--extensions-dir=${join(user.path, "extensions")}`,
  ];
  const extensionTestsEnv = {
    XDG_CACHE_HOME: join(user.path, "caches"),
    ...visit.env,
    ...(display.display === undefined ? {} : { DISPLAY: display.display }),
  };
  try {
    const run = runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: projectFolder,
      extensionTestsPath: visit.index,
      extensionTestsEnv,
      launchArgs,
    });
    // It rejects both for a failed test and for a window that didn't open; the result file shows which.
    return await Promise.race([
      run.then(
        () => "",
        (error: unknown) => String(error),
      ),
      sleep(maxSuiteMs, "", { ref: false }),
    ]);
  } finally {
    await display.stop();
    await user.remove();
  }
}

async function visitWorkbench(visit: Visit): Promise<string> {
  const workbench = await startWorkbench({ extensionPath: projectFolder, folder: visit.folder, env: visit.env });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(workbench.urlWith({ extensionTestsPath: visit.index }));
    const deadline = Date.now() + maxSuiteMs;
    while (!existsSync(visit.result) && Date.now() < deadline) await sleep(100);
    return workbench.log();
  } finally {
    await browser.close();
    await workbench.stop();
  }
}
