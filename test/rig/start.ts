// npm start: builds the extension and opens a real VS Code with it on a copy of the sample workspace.
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { runCommand } from "./command.ts";
import { findDesktopCode, openDesktopCode, openInBrowser } from "./desktop.ts";
import { type Rig, startEngine } from "./engine.ts";
import { describeFoundEngine } from "./foundEngine.ts";
import { stayUntilInterrupted } from "./lifetime.ts";
import { projectFolder } from "./project.ts";
import { openSample, sampleArchive, sampleImage } from "./sample.ts";
import { dockerArchive, loadImage } from "./tinyImage.ts";
import { startWorkbench } from "./workbench.ts";

const usage = `npm start -- [--no-open] [--port N] [--folder PATH] [--engine]
  --no-open      print the address of the workbench and open nothing
  --port N       the workbench's port, instead of a free one
  --folder PATH  open this folder itself, instead of a copy of test/sample
  --engine       start a Docker Engine of its own, with a sample image in it`;

const options = readOptions();
await runCommand(process.execPath, ["esbuild.mjs"], { cwd: projectFolder, timeoutMs: 120_000, output: "inherit" });
const engine = options.engine ? await startSampleEngine() : undefined;
if (engine !== undefined) process.env["DOCKER_HOST"] = engine.host;
console.log(`\n${await describeFoundEngine()}`);
const sample = options.folder === undefined ? await openSample() : undefined;
const folder = sample?.path ?? resolve(options.folder ?? "");
if (sample !== undefined) console.log(`Without an engine too: "Imagewright: Open Image Archive" on ${sampleArchive}`);

const code = options.open && options.port === undefined ? await findDesktopCode() : undefined;
if (code === undefined) await openWorkbench(folder);
else await openDesktop(code, folder);

async function openDesktop(code: string, folder: string): Promise<void> {
  console.log(`Opening ${code} on ${folder}; close its window to end`);
  await openDesktopCode(code, folder);
  await sample?.remove();
  await engine?.stop();
  process.exit(0);
}

async function openWorkbench(folder: string): Promise<void> {
  const workbench = await startWorkbench({ extensionPath: projectFolder, folder, ...(options.port === undefined ? {} : { port: options.port }) });
  console.log(`\nVS Code with Imagewright, on ${folder}:\n\n  ${workbench.url}\n\nCtrl-C ends it`);
  if (options.open) await openInBrowser(workbench.url);
  await stayUntilInterrupted();
}

async function startSampleEngine(): Promise<Rig> {
  const rig = await startEngine();
  await loadImage(rig, await dockerArchive(sampleImage, "imagewright/sample:1"));
  return rig;
}

function readOptions(): { open: boolean; engine: boolean; port: number | undefined; folder: string | undefined } {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: { open: { type: "boolean", default: true }, engine: { type: "boolean", default: false }, port: { type: "string" }, folder: { type: "string" } },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) throw new Error(`--port ${values.port} is not a port`);
    return { open: values.open, engine: values.engine, port, folder: values.folder };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
