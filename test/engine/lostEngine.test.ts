import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import type { OciError, Result } from "../../oci/core/error.ts";
import type { Image } from "../../oci/core/image.ts";
import { createCredentials } from "../../oci/credentials/credentials.ts";
import { createEngineActions } from "../../oci/engine/actions/createActions.ts";
import { socketConnection } from "../../oci/engine/endpoint/fromHost.ts";
import { createEngine, type Engine } from "../../oci/engine/engine.ts";
import { watchEngine } from "../../oci/engine/events.ts";
import { createEngineLayers } from "../../oci/engine/layers.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
import { callEngine } from "../rig/engines/engineApi.ts";
import { startKillableEngine, type KillableEngine } from "../rig/engines/killableEngine.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive } from "../rig/images/imageContent.ts";

const signal = new AbortController().signal;
const megabyte = 1024 * 1024;
const large = (megabytes: number): Promise<Buffer> =>
  dockerArchive(
    { layers: [{ "data/random": randomBytes(megabytes * megabyte) }] },
    `imagewright.test/large:${megabytes}`,
  );

function errorOf(result: Result<unknown>): OciError {
  assert.ok(!result.ok, "it should have failed");
  return result.error;
}

function engineOf({ socketPath }: KillableEngine): Engine {
  const connection = socketConnection(socketPath);
  return createEngine(connection, createEngineLayers({}).of(connection));
}

async function imageOf(engine: Engine, reference: string): Promise<Image> {
  const image = await engine.image(reference, {}, signal);
  assert.ok(image.ok, image.ok ? "" : image.error.message);
  return image.value;
}

/** A test that is skipped without root's rights. */
function testOn(
  engine: () => KillableEngine | undefined,
  claim: string,
  run: (rig: KillableEngine) => Promise<void>,
): void {
  test(claim, (context) => {
    const rig = engine();
    return rig ? run(rig) : context.skip("only root on Linux can start an engine");
  });
}

describe("an engine that is killed", { timeout: 300_000 }, () => {
  let started: KillableEngine | undefined;
  before(async () => {
    started = await startKillableEngine();
    if (started) await loadImage(started, await large(40));
  });
  after(() => started?.stop());

  testOn(
    () => started,
    "while it sends an image gives a named failure, and the image once it runs again",
    async (rig) => {
      const engine = engineOf(rig);
      const image = await imageOf(engine, "imagewright.test/large:40");
      let isKilled = false;
      const onProgress = ({ readBytes }: { readonly readBytes: number }): void => {
        if (readBytes === 0 || isKilled) return;
        isKilled = true;
        rig.kill();
      };
      const error = errorOf(await engine.layers(image, { onProgress }, signal));
      assert.ok(isKilled);
      assert.match(error.message, /connection was closed|closed the connection|stopped sending|truncated/);
      const list = errorOf(await engine.list(signal));
      assert.deepEqual([list.kind, /start it/.test(list.message)], ["engineUnreachable", true], list.message);
      await rig.restart();
      const read = await engine.layers(await imageOf(engine, image.reference), {}, signal);
      assert.deepEqual(read.ok && [read.value.contents.size, read.value.problems?.size], [1, 0]);
    },
  );

  testOn(
    () => started,
    "is reported as lost, and as there again after its restart",
    async (rig) => {
      const states: boolean[] = [];
      let wake: () => void = () => undefined;
      const watch = watchEngine(socketConnection(rig.socketPath), {
        onImagesChanged: () => undefined,
        onConnection: ({ isConnected }) => {
          if (states.at(-1) !== isConnected) states.push(isConnected);
          wake();
        },
        debounceMs: 20,
      });
      const until = async (expected: readonly boolean[]): Promise<void> => {
        while (states.join() !== expected.join()) await new Promise<void>((resolve) => (wake = resolve));
      };
      try {
        await until([true]);
        rig.kill();
        await until([true, false]);
        await rig.restart();
        await until([true, false, true]);
      } finally {
        watch.dispose();
      }
    },
  );
});

describe("an engine whose disk is full", { timeout: 300_000 }, () => {
  let started: KillableEngine | undefined;
  let folder = "";
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "imagewright-full-"));
    started = await startKillableEngine({ diskMb: 70 });
    if (started) for (const megabytes of [30, 15]) await loadImage(started, await large(megabytes));
  });
  after(async () => {
    await started?.stop();
    await rm(folder, { recursive: true });
  });

  testOn(
    () => started,
    "loads nothing, and says why",
    async (rig) => {
      const file = join(folder, "image.tar");
      await writeFile(file, await large(60));
      const actions = createEngineActions(socketConnection(rig.socketPath), createCredentials(machineEnvironment()));
      const error = errorOf(await actions.load(file, {}, signal));
      assert.match(error.message, /no space left on device/);
      assert.equal((await callEngine(rig.socketPath, { path: "/_ping" })).status, 200);
    },
  );

  testOn(
    () => started,
    "that can't send an image is quoted, and the image isn't shown as empty",
    async (rig) => {
      const engine = engineOf(rig);
      const error = errorOf(await engine.layers(await imageOf(engine, "imagewright.test/large:30"), {}, signal));
      assert.match(error.message, /no space left on device/);
    },
  );
});
