import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { startLspClient, type LspClient } from "../../support/lspClient.ts";
import { printFigure } from "../figures.ts";
import type { Build } from "./builds.ts";

const most = 1024 * 1024 - 10;

/**
 * Ignore files of just under 1 MiB, the limit for reading. The last kinds stay within all limits and are as slow as
 * those allow.
 */
const texts: ReadonlyMap<string, string> = new Map([
  ["one pattern of folders", `${"**/".repeat(most / 3)}x`],
  ["350,000 patterns", "*a\n".repeat(most / 3)],
  ["one pattern of stars", "*?".repeat(most / 2)],
  ["exceptions", "*a\n!*a\n".repeat(most / 7)],
  ["one class", `[${"a-b".repeat(most / 3 - 2)}]*\n`],
  ["1,162 patterns of folders", `${"**/".repeat(300)}x\n`.repeat(most / 902)],
  ["1,023 patterns of stars", `${"*?".repeat(511)}b\n`.repeat(most / 1024)],
  ["1,023 classes", `[${"a-b".repeat(340)}]\n`.repeat(most / 1024)],
  ["9,999 exceptions", Array.from({ length: 9_999 }, (_, at) => `${at % 2 ? "!" : ""}*${at}*\n`).join("")],
]);

/** The longest of many delays of another request while a server reads a context with a hostile ignore file. */
export async function measureIgnoreFiles(build: Build): Promise<void> {
  for (const [kind, text] of texts) {
    const folder = mkdtempSync(join(tmpdir(), "imagewright-bench-"));
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCOPY . /\n");
    writeFileSync(join(folder, ".dockerignore"), text);
    for (let at = 0; at < 300; at++)
      writeFileSync(join(folder, `f${at}-${String.fromCharCode(97 + (at % 26))}.txt`), "x");
    const client = await startLspClient({ folder, serverPath: join(build.dist, "server.js") });
    try {
      printFigure(
        `${build.name}: ${kind}`,
        `${(await longestWait(client, folder)).toFixed(0)} ms`,
        "longest wait of another request",
      );
    } finally {
      await client.stop();
      rmSync(folder, { recursive: true });
    }
  }
}

const measuredMs = 3_000;

async function longestWait(client: LspClient, folder: string): Promise<number> {
  const uri = (name: string): string => pathToFileURL(join(folder, name)).href;
  client.open(uri("Other"), "FROM scratch\n");
  for (let at = 0; at < 20; at++) await client.diagnostics(uri("Other"));
  client.open(uri("Dockerfile"), "FROM scratch\nCOPY . /\n");
  const hints = client.hints(uri("Dockerfile"));
  let longest = 0;
  const end = performance.now() + measuredMs;
  while (performance.now() < end) {
    const start = performance.now();
    await client.connection.sendRequest("textDocument/foldingRange", { textDocument: { uri: uri("Other") } });
    longest = Math.max(longest, performance.now() - start);
  }
  await hints;
  return longest;
}
