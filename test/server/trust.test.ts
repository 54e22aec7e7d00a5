import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import type { PinAnswer } from "../../server/protocol/protocol.ts";
import { pinCommand, trustGranted } from "../../server/protocol/protocol.ts";
import { startLspClient } from "../support/lspClient.ts";

let folder: string;
let engine: Server;
let connections = 0;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "trust-"));
  engine = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await new Promise<void>((resolve) => engine.listen(join(folder, "engine.sock"), resolve));
});
after(async () => {
  engine.close();
  await rm(folder, { recursive: true });
});

test("in an untrusted workspace, engines and registries aren't contacted, until trust is granted", async () => {
  const client = await startLspClient({
    folder,
    trusted: false,
    env: { DOCKER_HOST: `unix://${join(folder, "engine.sock")}` },
  });
  try {
    const uri = "file:///work/Dockerfile";
    client.open(uri, "FROM debian:12\n");
    await until(async () => String((await client.hints(uri))[0]?.label) === "?");
    assert.match(String((await client.hints(uri))[0]?.tooltip), /not trusted/);
    const answer = (await client.command(pinCommand, { uri, mode: "pin" })) as PinAnswer;
    assert.match(answer.refusal ?? "", /not trusted/);
    assert.equal(connections, 0);

    await client.connection.sendNotification(trustGranted, undefined);
    await until(async () => {
      await client.hints(uri);
      return connections > 0;
    });
  } finally {
    await client.stop();
  }
});

test(
  "in an untrusted workspace, no ssh is started for an engine, until trust is granted",
  { skip: process.platform === "win32" },
  async () => {
    const started = join(folder, "ssh-was-started");
    await writeFile(join(folder, "ssh"), `#!/bin/sh\ntouch ${started}\n`, { mode: 0o755 });
    const client = await startLspClient({
      folder,
      trusted: false,
      env: { DOCKER_HOST: "ssh://build.invalid", PATH: `${folder}${delimiter}${process.env["PATH"] ?? ""}` },
    });
    try {
      const uri = "file:///work/Dockerfile";
      client.open(uri, "FROM debian:12\n");
      await until(async () => String((await client.hints(uri))[0]?.label) === "?");
      assert.equal(existsSync(started), false);

      await client.connection.sendNotification(trustGranted, undefined);
      await until(async () => {
        await client.hints(uri);
        return existsSync(started);
      });
    } finally {
      await client.stop();
    }
  },
);

async function until(isDone: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    if (await isDone()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("not within 10 s");
}
