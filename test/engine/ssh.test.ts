import assert from "node:assert/strict";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { after, before, describe, test } from "node:test";
import type { OciError } from "../../oci/core/error.ts";
import { connectionOf } from "../../oci/engine/endpoint/fromHost.ts";
import { createEngine, type Engine } from "../../oci/engine/engine.ts";
import { noCredentials } from "../../oci/credentials/credentials.ts";
import { createEngineActions } from "../../oci/engine/actions/createActions.ts";
import { watchEngine } from "../../oci/engine/events.ts";
import { createLayerClient } from "../../oci/layers/client.ts";
import { unsupportedLayers } from "../../oci/engine/local.ts";
import { temporaryFolder } from "../rig/machine/folders.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { callEngine } from "../rig/engines/engineApi.ts";
import { sharedEngine } from "../rig/engines/sharedRigs.ts";
import { type SshServer, startSshServer } from "../rig/engines/sshServer.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { checkIdentity } from "../support/images/checkIdentity.ts";
import { checkSource } from "../support/images/sourceContract.ts";

const tiny: FixtureImage = {
  layers: [{ "etc/hello": "hello over ssh", "bin/x": { content: "x".repeat(200_000), mode: 0o755 } }],
};
const reference = "imagewright.test/ssh:1";
const signal = new AbortController().signal;

describe("an engine over ssh", () => {
  let rig: Rig;
  let server: SshServer;
  const path = process.env["PATH"];
  before(async () => {
    rig = await sharedEngine();
    server = await startSshServer();
    process.env["PATH"] = server.path;
    await loadImage(rig, await dockerArchive(tiny, reference));
  });
  after(async () => {
    process.env["PATH"] = path;
    await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${reference}?force=1` });
    await server.stop();
    await rig.stop();
  });

  test("an ssh engine reports changes, and its ssh ends with the last listener", async () => {
    const connection = await connectionTo(server.hosts.good);
    const changed = await new Promise<readonly string[] | "all">((resolve) => {
      const watch = watchEngine(connection, {
        onConnection: () =>
          void callEngine(rig.socketPath, {
            method: "POST",
            path: `/images/${reference}/tag?repo=imagewright.test/ssh&tag=2`,
          }),
        onImagesChanged: (images) => (watch.dispose(), resolve(images)),
        debounceMs: 10,
      });
    });
    assert.notDeepEqual(changed, []);
    await callEngine(rig.socketPath, { method: "DELETE", path: "/images/imagewright.test/ssh:2" });
    await whenThereAre(0);
  });

  test("cancelling ends the engine's ssh at once", async () => {
    const controller = new AbortController();
    const list = (await engineAt(server.hosts.good)).list(controller.signal);
    await whenThereAre(1);
    controller.abort();
    await assert.rejects(list, { name: "AbortError" });
    await whenThereAre(0);
  });

  test("an ssh engine returns the same lists, images and layers as at its socket", async () => {
    const client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
    try {
      const connection = await connectionTo(server.hosts.good);
      const { image, read } = await checkSource(createEngine(connection, client.layersOf(connection)), {
        reference,
        files: ["bin/x 200000", "etc/hello 14"],
      });
      const content = await imageContent(tiny, { compression: "none" });
      checkIdentity(image, content);
      checkIdentity(read.image, content);
    } finally {
      client.dispose();
    }
  });

  test("an ssh engine loads an archive and saves it again", async () => {
    const folder = await temporaryFolder("ssh-archive");
    try {
      const name = "imagewright.test/ssh:loaded";
      const [given, taken] = [join(folder.path, "given.tar"), join(folder.path, "taken.tar")];
      await writeFile(
        given,
        await dockerArchive({ layers: [{ big: Buffer.alloc(3_000_000, "0123456789abcdef") }] }, name),
      );
      const actions = createEngineActions(await connectionTo(server.hosts.good), noCredentials);
      assert.deepEqual(await actions.load(given, {}, signal), { ok: true, value: [name] });
      const saved = await actions.save([name], taken, {}, signal);
      assert.ok(saved.ok && saved.value.bytes > 3_000_000);
      assert.ok((await actions.remove(name, { force: false }, signal)).ok);
    } finally {
      await folder.remove();
    }
  });

  const failures: readonly (readonly [string, (server: SshServer) => string, OciError["kind"], RegExp])[] = [
    [
      "a login that requires a password is refused immediately",
      ({ hosts }) => hosts.unknownKey,
      "engineRefused",
      /Permission denied \(.*\); passwords can't be entered here/,
    ],
    [
      "an engine on a machine with an unknown key is refused",
      ({ hosts }) => hosts.unknownHost,
      "engineRefused",
      /Host key verification failed.*connect once with ssh/,
    ],
    [
      "an engine on a machine without an ssh server is unreachable",
      ({ hosts }) => hosts.closed,
      "engineUnreachable",
      /Connection refused/,
    ],
    [
      "an engine on a machine that doesn't exist is unreachable",
      () => "nowhere.invalid",
      "engineUnreachable",
      /Could not resolve hostname nowhere\.invalid/,
    ],
    [
      "an ssh engine whose socket is missing is unreachable",
      ({ hosts }) => `${hosts.good}/nowhere/docker.sock`,
      "engineUnreachable",
      /\/nowhere\/docker\.sock.*no such file.*start the engine on that host/,
    ],
  ];
  for (const [claim, host, kind, message] of failures) {
    test(claim, async () => {
      const listed = await (await engineAt(host(server))).list(signal);
      assert.ok(!listed.ok);
      assert.equal(listed.error.kind, kind, listed.error.message);
      assert.match(listed.error.message, message);
    });
  }

  async function engineAt(host: string): Promise<Engine> {
    return createEngine(await connectionTo(host), unsupportedLayers);
  }

  async function connectionTo(host: string): Promise<Engine["connection"]> {
    const connection = await connectionOf(`ssh://${host}${host.includes("/") ? "" : rig.socketPath}`);
    assert.ok(connection.ok);
    return connection.value;
  }
});

/** Waits for this number of processes. */
async function whenThereAre(count: number): Promise<void> {
  for (let tries = 0; tries < 200 && (await sshProcesses()) !== count; tries += 1) await sleep(20);
  assert.equal(await sshProcesses(), count);
}

/** Children of this process that run ssh. */
async function sshProcesses(): Promise<number> {
  const stats = await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")),
  );
  return stats.filter((stat) => /^\d+ \(ssh\) [^Z] (\d+) /.exec(stat)?.[1] === String(process.pid)).length;
}
