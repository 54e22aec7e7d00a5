import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { printFigure } from "../figures.ts";
import type { Build } from "./builds.ts";

const edits = 10_000;
const files = 1_000;
const contextFiles = 30_000;

/**
 * Heap of the server after garbage collection: after edits that each name another image, and after opening and closing
 * files of one context.
 */
export async function measureServerMemory(build: Build): Promise<void> {
  mkdirSync(meterFolder, { recursive: true });
  await measureEdits(build);
  await measureFiles(build);
}

async function measureEdits(build: Build): Promise<void> {
  const client = await start(build);
  const uri = "file:///work/Dockerfile";
  const rest = "RUN apt-get update && apt-get install -y curl\n".repeat(480); // 22 kB
  client.open(uri, `FROM a0\n${rest}`);
  for (let at = 1; at <= edits; at++) {
    client.change(uri, at + 1, `FROM a${at}\n${rest}`);
    if (at % 20 === 0) await client.hints(uri);
    else void client.connection.sendRequest("textDocument/inlayHint", { textDocument: { uri }, range: firstLine });
  }
  await client.hints(uri);
  print(build, `${edits} edits, each with another FROM`, await heap(), "of heap after GC");
  await client.stop();
}

const firstLine = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };

async function measureFiles(build: Build): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
  try {
    for (let at = 0; at < contextFiles; at++) {
      if (at % 300 === 0) mkdirSync(join(folder, `d${at / 300}`));
      writeFileSync(join(folder, `d${Math.floor(at / 300)}`, `f${at}`), "x");
    }
    const client = await start(build, folder);
    const before = await heap();
    for (let at = 0; at < files; at++) await openAndClose(client, pathToFileURL(join(folder, `${at}.Dockerfile`)).href);
    print(build, `${files} files opened and closed`, (await heap()) - before, "of heap more than at the start");
    await client.stop();
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(meterFolder, { recursive: true, force: true });
  }
}

async function openAndClose(client: LspClient, uri: string): Promise<void> {
  client.open(uri, "FROM debian:12\nCOPY . /app\n");
  await client.hints(uri);
  await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
}

const meterFolder = join(tmpdir(), `imagewright-heap-${process.pid}`);

function start(build: Build, folder?: string): Promise<LspClient> {
  return startLspClient({
    serverPath: join(build.dist, "server.js"),
    env: {
      NODE_OPTIONS: `--require ${join(import.meta.dirname, "heapMeter.cjs")}`,
      IMAGEWRIGHT_HEAP: meterFolder,
    },
    ...(folder !== undefined && { folder }),
  });
}

async function heap(): Promise<number> {
  writeFileSync(join(meterFolder, "question"), "");
  while (!existsSync(join(meterFolder, "answer"))) await setTimeout(20);
  const bytes = Number(readFileSync(join(meterFolder, "answer"), "utf8"));
  rmSync(join(meterFolder, "answer"));
  return bytes;
}

function print(build: Build, label: string, bytes: number, note: string): void {
  printFigure(`${build.name}: ${label}`, `${(bytes / 1e6).toFixed(0)} MB`, note);
}
