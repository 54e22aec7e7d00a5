// npm start: builds the extension and opens a real VS Code with it on a copy of the sample workspace.
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { baseImage, importBaseImage } from "../engines/baseImage.ts";
import { runCommand } from "../machine/command.ts";
import { findDesktopCode, openDesktopCode, openInBrowser } from "./desktop.ts";
import { type Rig, startEngine } from "../engines/engine.ts";
import { describeFoundEngine } from "../engines/foundEngine.ts";
import { stayUntilInterrupted } from "../machine/lifetime.ts";
import { projectFolder } from "../machine/project.ts";
import { loadSampleImages, openSample, sampleArchive, sampleDockerfile } from "./sample.ts";
import { startWorkbench } from "./workbench.ts";

const usage = `npm start -- [--no-open] [--port N] [--folder PATH] [--engine]
  --no-open      print the address of the workbench and open nothing
  --port N       the workbench's port, instead of a free one
  --folder PATH  open this folder itself, instead of a copy of test/sample
  --engine       start a Docker Engine of its own, with sample images in it`;

const options = readOptions();
await runCommand(process.execPath, ["esbuild.mjs"], { cwd: projectFolder, timeoutMs: 120_000, output: "inherit" });
const engine = options.engine ? await startSampleEngine() : undefined;
if (engine !== undefined) process.env["DOCKER_HOST"] = engine.host;
console.log(`\n${await describeFoundEngine()}`);
const sample = options.folder === undefined ? await openSample() : undefined;
const folder = sample?.path ?? resolve(options.folder ?? "");
const first = sample === undefined ? undefined : join(folder, sampleDockerfile);

const code = options.open && options.port === undefined ? await findDesktopCode() : undefined;
if (code === undefined) await openWorkbench();
else await openDesktop(code);

async function openDesktop(code: string): Promise<void> {
  console.log(`Opening ${code} on ${folder}; close its window to end`);
  sayWhatToSee();
  await openDesktopCode(code, [folder, ...(first === undefined ? [] : [first])]);
  await sample?.remove();
  await engine?.stop();
  process.exit(0);
}

async function openWorkbench(): Promise<void> {
  const workbench = await startWorkbench({
    extensionPath: projectFolder,
    folder,
    loading: "installed",
    ...(first === undefined ? {} : { openFile: first }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  console.log(`\nVS Code with Imagewright, on ${folder}:\n\n  ${workbench.url}\n`);
  sayWhatToSee();
  console.log("Ctrl-C ends it");
  if (options.open) await openInBrowser(workbench.url);
  await stayUntilInterrupted();
}

function sayWhatToSee(): void {
  if (sample === undefined) return;
  console.log("See the findings and sizes in the Dockerfile, and the images behind the Imagewright icon at the left.");
  if (engine === undefined)
    console.log(
      `Without an engine too: right-click ${sampleArchive}, "Open Image Archive…"; or npm start -- --engine.`,
    );
}

/**
 * An engine with two small images immediately, and later the base image of the sample's Dockerfile, which takes a
 * minute to create the first time.
 */
async function startSampleEngine(): Promise<Rig> {
  const rig = await startEngine();
  await loadSampleImages(rig);
  importBaseImage(rig).then(
    () => console.log(`${baseImage} is in the engine too, for the sample's FROM line`),
    (error: unknown) =>
      console.log(`without ${baseImage} in the engine: ${error instanceof Error ? error.message : String(error)}`),
  );
  return rig;
}

function readOptions(): { open: boolean; engine: boolean; port: number | undefined; folder: string | undefined } {
  try {
    const { values } = parseArgs({
      allowNegative: true,
      options: {
        open: { type: "boolean", default: true },
        engine: { type: "boolean", default: false },
        port: { type: "string" },
        folder: { type: "string" },
      },
    });
    const port = values.port === undefined ? undefined : Number(values.port);
    if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
      throw new Error(`--port ${values.port} is not a port`);
    return { open: values.open, engine: values.engine, port, folder: values.folder };
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exit(2);
  }
}
