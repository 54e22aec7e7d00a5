import { execFile } from "node:child_process";
import { promisify } from "node:util";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { createEngineTransport } from "../../../oci/engine/http/transport.ts";

const signal = new AbortController().signal;
let folder = "";
let server: Server | undefined;
before(async () => void (folder = await mkdtemp(join(tmpdir(), "imagewright-transport-"))));
after(() => rm(folder, { recursive: true }));
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** An engine that responds to the first request and disconnects after reading a second one on the same connection. */
async function forgetful(asked: string[]): Promise<string> {
  const known = new Set<unknown>();
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    if (known.has(request.socket)) return void request.socket.destroy();
    known.add(request.socket);
    response.end("{}");
  };
  const path = join(folder, `${asked.length}-${process.hrtime.bigint()}.sock`);
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(path, resolve));
  return path;
}

test("a read is repeated if a kept connection had ended", { skip: process.platform === "win32" }, async () => {
  const asked: string[] = [];
  const transport = createEngineTransport(socketConnection(await forgetful(asked)));
  for (const path of ["/a", "/b"]) {
    const answer = await transport({ path }, signal);
    await new Promise((resolve) => answer.resume().once("close", resolve));
  }
  assert.deepEqual(asked, ["GET /a", "GET /b", "GET /b"]);
});

test("a command is never sent twice", { skip: process.platform === "win32" }, async () => {
  const asked: string[] = [];
  const transport = createEngineTransport(socketConnection(await forgetful(asked)));
  const first = await transport({ path: "/a" }, signal);
  await new Promise((resolve) => first.resume().once("close", resolve));
  await transport({ method: "POST", path: "/commit", body: {} }, signal).then(
    (answer) => answer.resume(),
    () => undefined,
  );
  assert.deepEqual(asked, ["GET /a", "POST /commit"]);
});

test("dockerode is not loaded before the first request", async () => {
  const loaded = `
    const { createRequire } = await import("node:module");
    const { createEngine } = await import(process.argv[1]);
    createEngine({ endpoint: "unix:///e.sock", protocol: "http", socketPath: "/e.sock" }, {});
    const names = Object.keys(createRequire(process.argv[1]).cache);
    process.stdout.write(String(names.filter((name) => name.includes("dockerode")).length));`;
  const engine = new URL("../../../oci/engine/engine.ts", import.meta.url).href;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", loaded, engine]);
  assert.equal(stdout, "0");
});
