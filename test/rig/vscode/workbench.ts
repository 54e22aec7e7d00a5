// A real VS Code from npm, for machines that can't download one: its workbench in a browser, its extension host on
// Node. By hand: node test/rig/vscode/workbench.ts [FOLDER]
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cached } from "../machine/cache.ts";
import { runCommand } from "../machine/command.ts";
import { startDaemon, whenReady } from "../engines/daemon.ts";
import { temporaryDiskFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";

/** The npm package with VS Code's server build. */
const packageName = "code-server";

/** The versions that tests use. VS Code 1.N is in version 4.N; the oldest doesn't run on the Node of the tests. */
export const workbenches = {
  current: { version: "4.139.1", node: undefined },
  oldest: { version: "4.103.2", node: "^22" },
} as const;

/** The version that IMAGEWRIGHT_TEST_WORKBENCH names. */
export function chosenWorkbench(): (typeof workbenches)[keyof typeof workbenches] {
  const chosen = process.env["IMAGEWRIGHT_TEST_WORKBENCH"] || "current";
  if (chosen !== "current" && chosen !== "oldest")
    throw new Error("IMAGEWRIGHT_TEST_WORKBENCH is either current or oldest");
  return workbenches[chosen];
}

/** The name of an installed workbench in the cache of the rigs. */
export function workbenchName({ version, node }: (typeof workbenches)[keyof typeof workbenches]): string {
  return `workbench-${version}-${node === undefined ? 1 : 3}`;
}

export interface WorkbenchOptions {
  /** The folder of the extension under development. */
  readonly extensionPath: string;
  /** The folder to open. */
  readonly folder: string;
  /** Machine settings, which those of the opened folder override. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** "disabled" trusts every folder; "restricted" asks, and opens in Restricted Mode until answered. */
  readonly trust?: "disabled" | "restricted";
  /** Passed on to the extension host: DOCKER_HOST and the like. Undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly port?: number;
  /** "development" is for extension tests, where notifications stay behind the bell. "installed" is as for users. */
  readonly loading?: "development" | "installed";
  /** Folders of further extensions, if ours is "installed". */
  readonly alsoInstalled?: readonly string[];
  /** A file to open in an editor initially. */
  readonly openFile?: string;
  /** The language of extensions' texts, by the code in their files' names. VS Code's own texts stay English. */
  readonly language?: string;
  /** Kept if given; by default, the workbench doesn't store anything. */
  readonly userDataDir?: string;
}

export interface WorkbenchTarget {
  /** Absolute path of the module whose `run()` the extension host calls. */
  readonly extensionTestsPath?: string;
  readonly folder?: string;
}

export interface Workbench {
  /** The URL that opens the folder with the extension loaded. */
  readonly url: string;
  urlWith(target: WorkbenchTarget): string;
  readonly port: number;
  /** The output of the server and the extension hosts. */
  log(): string;
  stop(): Promise<void>;
}

/** Installs the workbench, once per machine; returns the folder of VS Code's server, and the Node to run it. */
export async function installWorkbench(): Promise<{ readonly server: string; readonly node: string }> {
  const { version, node } = chosenWorkbench();
  const folder = await cached({
    name: workbenchName(chosenWorkbench()),
    announce: `Installing the VS Code workbench (${packageName} ${version} from npm)`,
    make: install,
  });
  return {
    server: serverFolder(folder),
    node: node === undefined ? process.execPath : join(folder, "node_modules/node/bin/node"),
  };
}

/** Starts the workbench, ready to be opened in a browser. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const { server, node } = await installWorkbench();
  const data = options.userDataDir === undefined ? await temporaryDiskFolder("workbench") : undefined;
  const dataPath = data?.path ?? resolve(options.userDataDir ?? "");
  await writeSettings(dataPath, { ...quietSettings, ...options.settings });
  if (options.language !== undefined) await writeLanguagePack(dataPath, options.language);
  if (options.loading === "installed")
    await registerExtensions(dataPath, [options.extensionPath, ...(options.alsoInstalled ?? [])]);
  const daemon = await startDaemon(node, [join(server, "out/server-main.js"), ...serverArguments(options, dataPath)], {
    cwd: server,
    // Layers that another window has cached wouldn't be read here.
    env: { ...process.env, XDG_CACHE_HOME: join(dataPath, "caches"), ...options.env },
  });
  const port = await whenReady(daemon, "the workbench", 60_000, () => Promise.resolve(announcedPort(daemon.log())));
  const urlWith = (target: WorkbenchTarget): string => workbenchUrl(port, options, target);
  const stop = async (): Promise<void> => {
    await daemon.stop();
    await data?.remove();
  };
  return { url: urlWith({}), urlWith, port, log: daemon.log, stop };
}

/** Nothing in the window except what is tested, and no network calls. */
const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "extensions.ignoreRecommendations": true,
  "git.openRepositoryInParentFolders": "never",
  "security.workspace.trust.untrustedFiles": "open",
};

/** npm itself limits every request; this limits the whole. */
const maxInstallMs = 10 * 60_000;

async function install(folder: string): Promise<void> {
  // An own manifest prevents npm from searching the parent folders.
  await writeFile(join(folder, "package.json"), '{"private":true}\n');
  const { version, node } = chosenWorkbench();
  const silent = ["--no-audit", "--no-fund", "--loglevel=error"];
  const quiet = ["--ignore-scripts", ...silent];
  const limits = { cwd: folder, timeoutMs: maxInstallMs };
  await runCommand("npm", ["install", `${packageName}@${version}`, ...quiet], limits);
  // Its lock file doesn't match its manifest, hence no `npm ci`.
  await runCommand("npm", ["install", "--omit=dev", ...quiet], { ...limits, cwd: serverFolder(folder) });
  if (node === undefined) return;
  // The script of `node` fetches the program.
  await runCommand("npm", ["install", `node@${node}`, ...silent], limits);
  await addFileSearch(folder, (name) => runCommand("npm", ["install", name, ...quiet], limits));
}

/** Gives an older VS Code the program that searches files, which a script of its own would download from elsewhere. */
async function addFileSearch(folder: string, add: (name: string) => Promise<unknown>): Promise<void> {
  await add("@vscode/ripgrep-universal@1.18.0");
  const bin = join(serverFolder(folder), "node_modules/@vscode/ripgrep/bin");
  const platform = `${process.platform}-${process.arch}`;
  await mkdir(bin, { recursive: true });
  await copyFile(join(folder, "node_modules/@vscode/ripgrep-universal/bin", platform, "rg"), join(bin, "rg"));
}

function serverFolder(folder: string): string {
  return join(folder, "node_modules", packageName, "lib/vscode");
}

async function writeSettings(dataPath: string, settings: object): Promise<void> {
  const folder = join(dataPath, "data/Machine");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings, undefined, 2));
}

/** An installed language pack that translates nothing of VS Code. */
async function writeLanguagePack(dataPath: string, language: string): Promise<void> {
  const folder = join(dataPath, "data");
  const translation = join(folder, "vscode.i18n.json");
  await writeFile(translation, JSON.stringify({ contents: {} }));
  const extensions = [{ extensionIdentifier: { id: `language-pack-${language}` }, version: "1.0.0" }];
  const pack = { hash: language, label: language, extensions, translations: { vscode: translation } };
  await writeFile(join(folder, "languagepacks.json"), JSON.stringify({ [language]: pack }));
}

/** Adds the checkout and other extensions, in place, to the list of installed extensions. */
async function registerExtensions(dataPath: string, extensionPaths: readonly string[]): Promise<void> {
  const folder = join(dataPath, "extensions");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "extensions.json"), JSON.stringify(await Promise.all(extensionPaths.map(installed))));
}

async function installed(extensionPath: string): Promise<object> {
  const { publisher, name, version } = JSON.parse(
    await readFile(join(extensionPath, "package.json"), "utf8"),
  ) as Record<string, string>;
  return {
    identifier: { id: `${publisher}.${name}` },
    version,
    location: { $mid: 1, scheme: "file", path: resolve(extensionPath) },
    metadata: {},
  };
}

function serverArguments(options: WorkbenchOptions, dataPath: string): string[] {
  return [
    "--host",
    "127.0.0.1",
    "--port",
    String(options.port ?? 0),
    "--without-connection-token",
    "--accept-server-license-terms",
    // The only way to make the web workbench use the URL's parameters for extensions (mainly extensionTestsPath). It
    // hides notifications.
    ...(options.loading === "installed" ? [] : ["--enable-smoke-test-driver"]),
    ...(options.trust === "restricted" ? [] : ["--disable-workspace-trust"]),
    ...(options.language === undefined ? [] : ["--locale", options.language]),
    "--telemetry-level",
    "off",
    "--server-data-dir",
    dataPath,
  ];
}

function announcedPort(log: string): number | undefined {
  const port = /Extension host agent listening on (\d+)/.exec(log)?.[1];
  return port === undefined ? undefined : Number(port);
}

function workbenchUrl(port: number, options: WorkbenchOptions, target: WorkbenchTarget): string {
  const remote = (path: string): string => `vscode-remote://127.0.0.1:${port}${resolve(path)}`;
  const payload = [
    ...(options.loading === "installed" ? [] : [["extensionDevelopmentPath", remote(options.extensionPath)]]),
    ...(options.openFile === undefined ? [] : [["openFile", remote(options.openFile)]]),
    ...(target.extensionTestsPath === undefined ? [] : [["extensionTestsPath", remote(target.extensionTestsPath)]]),
    // In the URL only if it has an effect: for an installed extension, a settings file says the same.
    ...(options.loading === "installed" ? [] : [["skipWelcome", "true"]]),
  ];
  const folder = encodeURIComponent(resolve(target.folder ?? options.folder));
  const origin = `http://127.0.0.1:${port}/?folder=${folder}`;
  return payload.length === 0 ? origin : `${origin}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
}

if (import.meta.main) {
  const workbench = await startWorkbench({ extensionPath: process.cwd(), folder: process.argv[2] ?? "." });
  console.log(workbench.url);
  console.log("VS Code with the extension loaded; Ctrl-C ends it");
  await stayUntilInterrupted();
}
