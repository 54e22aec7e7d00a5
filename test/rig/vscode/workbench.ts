// A real VS Code from npm, for machines that can't download one: its workbench in a browser, its extension host on
// Node. By hand: node test/rig/vscode/workbench.ts [FOLDER]
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { cached } from "../machine/cache.ts";
import { runCommand } from "../machine/command.ts";
import { startDaemon, whenReady } from "../engines/daemon.ts";
import { temporaryDiskFolder } from "../machine/folders.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";

/** The npm package with VS Code's server build, in a version that is known to work. */
const workbenchPackage = { name: "code-server", version: "4.139.1" } as const;

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

/** Installs the workbench, once per machine; returns the folder of VS Code's server. */
export async function installWorkbench(): Promise<string> {
  const { name, version } = workbenchPackage;
  const folder = await cached({
    name: `workbench-${version}-1`,
    announce: `Installing the VS Code workbench (${name} ${version} from npm)`,
    make: install,
  });
  return serverFolder(folder);
}

/** Starts the workbench, ready to be opened in a browser. */
export async function startWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const server = await installWorkbench();
  const data = options.userDataDir === undefined ? await temporaryDiskFolder("workbench") : undefined;
  const dataPath = data?.path ?? resolve(options.userDataDir ?? "");
  await writeSettings(dataPath, { ...quietSettings, ...options.settings });
  if (options.loading === "installed")
    await registerExtensions(dataPath, [options.extensionPath, ...(options.alsoInstalled ?? [])]);
  const daemon = await startDaemon(
    process.execPath,
    [join(server, "out/server-main.js"), ...serverArguments(options, dataPath)],
    {
      cwd: server,
      // Layers that another window has cached wouldn't be read here.
      env: { ...process.env, XDG_CACHE_HOME: join(dataPath, "caches"), ...options.env },
    },
  );
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
  const { name, version } = workbenchPackage;
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  await runCommand("npm", ["install", `${name}@${version}`, ...quiet], { cwd: folder, timeoutMs: maxInstallMs });
  // Its lock file doesn't match its manifest, hence no `npm ci`.
  await runCommand("npm", ["install", "--omit=dev", ...quiet], { cwd: serverFolder(folder), timeoutMs: maxInstallMs });
}

function serverFolder(folder: string): string {
  return join(folder, "node_modules", workbenchPackage.name, "lib/vscode");
}

async function writeSettings(dataPath: string, settings: object): Promise<void> {
  const folder = join(dataPath, "data/Machine");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "settings.json"), JSON.stringify(settings, undefined, 2));
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
