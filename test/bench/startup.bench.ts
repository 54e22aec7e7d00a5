// Measures how long the extension takes to start in a real VS Code: requiring the bundle, timed around the call itself,
// and running activate, as reported by "Developer: Startup Performance"; and the cost of a keystroke in the warm server.
// VS Code's own figure for loading is printed beside: it includes other extensions that load in the same turn of the
// event loop, git's in some windows, which an extension that does nothing shows. IMAGEWRIGHT_BENCH_OLD names the folder
// of another build of the extension, which is measured alternately with this one.
import { cp, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { openWorkbench } from "../e2e/ui/harness.ts";
import { openFile, runPaletteCommand } from "../e2e/ui/window.ts";
import { temporaryDiskFolder, type TemporaryFolder } from "../rig/machine/folders.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { type LspClient, startLspClient } from "../support/lspClient.ts";
import { measureByTurns, print, printFigure } from "./figures.ts";
import { fileOf } from "./dockerfiles/mixedFile.ts";

interface Startup {
  /** The call that requires the bundle. */
  readonly requireMs: number;
  readonly requireCpuMs: number;
  /** As VS Code reports it. */
  readonly loadMs: number;
  readonly activateMs: number;
  /** Of the extension that does nothing. */
  readonly emptyLoadMs: number;
}

const runs = 7;
const maxRequireMs = 50;
const measuredEntry = `
const startMs = performance.now();
const startCpu = process.cpuUsage();
module.exports = require("./extension.js");
const { user, system } = process.cpuUsage(startCpu);
const measured = { requireMs: performance.now() - startMs, requireCpuMs: (user + system) / 1000 };
require("node:fs").writeFileSync(__dirname + "/measured.json", JSON.stringify(measured));
`;
const empty = join(import.meta.dirname, "emptyExtension");
const old = process.env["IMAGEWRIGHT_BENCH_OLD"];
const builds = [
  { name: "this build", folder: projectFolder, startups: [] as Startup[] },
  ...(old === undefined ? [] : [{ name: "old build", folder: old, startups: [] as Startup[] }]),
];
const copies = await Promise.all(builds.map(({ folder }) => measuredCopy(folder)));
for (let run = 0; run < runs; run++)
  for (const [i, { startups }] of builds.entries()) startups.push(await startIn(copies[i]?.path ?? ""));
await Promise.all(copies.map((copy) => copy.remove()));
for (const { name, folder, startups } of builds) {
  printMedian(
    `${name}: load the bundle, at most ${maxRequireMs} ms`,
    startups.map(({ requireMs }) => requireMs),
  );
  printMedian(
    `${name}: load the bundle, CPU time`,
    startups.map(({ requireCpuMs }) => requireCpuMs),
  );
  printMedian(
    `${name}: load, reported by VS Code`,
    startups.map(({ loadMs }) => loadMs),
  );
  printMedian(
    `${name}: load an empty extension, reported by VS Code`,
    startups.map(({ emptyLoadMs }) => emptyLoadMs),
  );
  printMedian(
    `${name}: run activate`,
    startups.map(({ activateMs }) => activateMs),
  );
  await printSizes(name, join(folder, "dist/extension.js"));
}
await compareServers();

/** The time from a keystroke in 1,000 lines to its diagnostics, alternating between the builds' servers. */
async function compareServers(): Promise<void> {
  const uri = "file:///work/Dockerfile";
  const text = fileOf(1000);
  const clients = await Promise.all(
    builds.map(({ folder }) => startLspClient({ serverPath: join(folder, "dist/server.js") })),
  );
  for (const client of clients) client.open(uri, text);
  let version = 1;
  const edit = (client: LspClient) => async (): Promise<void> => {
    version++;
    client.change(uri, version, `${text}# ${version}\n`);
    await client.diagnostics(uri);
  };
  const works = clients.map(
    (client, i) => [`${builds[i]?.name}: diagnostics of 1,000 lines, warm`, edit(client)] as const,
  );
  for (let warm = 0; warm < 100; warm++) for (const [, work] of works) await work();
  await measureByTurns(100, Object.fromEntries(works));
  await Promise.all(clients.map(async (client) => client.stop()));
}

/** A copy of a built extension whose entry times the call that requires the bundle. */
async function measuredCopy(built: string): Promise<TemporaryFolder> {
  const copy = await temporaryDiskFolder("startup");
  for (const name of ["dist", "docs", "l10n", "media", "syntaxes", "package.json", "package.nls.json"])
    await cp(join(built, name), join(copy.path, name), { recursive: true });
  const manifest = JSON.parse(await readFile(join(built, "package.json"), "utf8")) as object;
  await writeFile(join(copy.path, "package.json"), JSON.stringify({ ...manifest, main: "./dist/measured.js" }));
  await writeFile(join(copy.path, "dist/measured.js"), measuredEntry);
  return copy;
}

/** Opens a window with a Dockerfile and reads the figures for starting the extension. */
async function startIn(extensionPath: string): Promise<Startup> {
  const { page, close } = await openWorkbench({ extensionPath, alsoInstalled: [empty] });
  try {
    await openFile(page, "Dockerfile");
    await page
      .locator(".squiggly-warning, .squiggly-info, .squiggly-error")
      .first()
      .waitFor({ state: "attached", timeout: 60_000 });
    const measured = JSON.parse(await readFile(join(extensionPath, "dist/measured.json"), "utf8")) as Pick<
      Startup,
      "requireMs" | "requireCpuMs"
    >;
    return { ...measured, ...(await reportedStartup(page)) };
  } finally {
    await close();
  }
}

type ReportedStartup = Omit<Startup, "requireMs" | "requireCpuMs">;

async function reportedStartup(page: Page): Promise<ReportedStartup> {
  await runPaletteCommand(page, "Developer: Startup Performance");
  const editor = page.locator(".editor-group-container.active .monaco-editor").last();
  await editor.locator(".view-line", { hasText: "System Info" }).first().waitFor();
  const own = await reportedTimes(page, editor, "imagewright.imagewright");
  const other = await reportedTimes(page, editor, "imagewright-bench.empty");
  return { ...own, emptyLoadMs: other.loadMs };
}

/** The row of the report's table, `| id | eager | load | call | finish | event | by |`. */
async function reportedTimes(page: Page, editor: Locator, id: string): Promise<Omit<ReportedStartup, "emptyLoadMs">> {
  await editor.click();
  await page.keyboard.press("Control+f");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(`| ${id}`);
  await page.keyboard.press("Enter");
  const row = editor.locator(".view-line", { hasText: id }).first();
  await row.waitFor();
  const cells = (await row.innerText())
    .replaceAll("\u00a0", " ")
    .split("|")
    .map((cell) => cell.trim());
  const [loadMs, activateMs] = [Number(cells[3]), Number(cells[4])];
  if (cells[3] === "" || cells[4] === "" || !Number.isFinite(loadMs + activateMs))
    throw new Error(`VS Code reports no times, but ${JSON.stringify(cells)}`);
  return { loadMs, activateMs };
}

function printMedian(label: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  print(
    label,
    sorted[Math.floor(sorted.length / 2)] ?? 0,
    `median of ${sorted.map((ms) => Number(ms.toFixed(1))).join(", ")} ms`,
  );
}

/** The files read before first use: the entry, and the chunks that it requires immediately. */
async function printSizes(name: string, entry: string): Promise<void> {
  const files = await requiredAtOnce(entry);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  printFigure(
    `${name}: read before first use`,
    `${(total / 1000).toFixed(0)} kB`,
    `${((sizes[0] ?? 0) / 1000).toFixed(0)} kB of it extension.js, the rest in ${files.length - 1} chunks`,
  );
}

async function requiredAtOnce(file: string, known: readonly string[] = []): Promise<readonly string[]> {
  if (known.includes(file)) return known;
  let files: readonly string[] = [...known, file];
  // A compiled `import(…)` is in a function, after an arrow.
  const text = (await readFile(file, "utf8")).replace(/=> ?(?:[\w$]+\()?require\("[^"]*"\)/g, "");
  for (const [, path = ""] of text.matchAll(/require\("(\.\.?\/[^"]*)"\)/g))
    files = await requiredAtOnce(join(dirname(file), path), files);
  return files;
}
