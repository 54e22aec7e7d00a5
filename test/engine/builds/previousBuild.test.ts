import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BuildRecords } from "../../../client/src/builds/buildRecords.ts";
import { BuildWatch, type Rebuilt } from "../../../client/src/builds/buildWatch.ts";
import { compareBuilds } from "../../../client/src/builds/rebuild.ts";
import { EngineConnector } from "../../../client/src/sources/engineConnector.ts";
import type { Engine } from "../../../oci/engine/engine.ts";
import { mementoInMemory } from "../../client/builds/memento.ts";
import { buildByApi, buildByBuildKit, type BuildRequest } from "../../rig/engines/build.ts";
import type { Rig } from "../../rig/engines/engine.ts";
import { callEngine } from "../../rig/engines/engineApi.ts";
import { sharedContainerdEngine, sharedEngine, sharedPodman } from "../../rig/engines/sharedRigs.ts";

const tag = "imagewright.test/rebuilt:dev";
const dockerfile = `FROM scratch\nCOPY base.txt /\nCOPY app.txt /app/\n`;
const never = new AbortController().signal;

/** Builds the image with an application of this many bytes. */
const request = (bytes: number): BuildRequest => ({
  tag,
  dockerfile,
  files: { "base.txt": "base", "app.txt": "x".repeat(bytes) },
});

describe("an engine's events about a build", () => {
  for (const [name, start, build] of [
    ["Docker's classic store", sharedEngine, buildByApi],
    ["BuildKit in Docker's containerd store", sharedContainerdEngine, buildByBuildKit],
    ["Podman", sharedPodman, buildByApi],
  ] as const) {
    test(`${name}: the second build is compared with the first, by layers that were read before`, async (context) => {
      const rig = await start();
      if (!rig) return context.skip("the engine is not set up");
      try {
        await build(rig, request(10));
        const followed = await follow(rig);
        await build(rig, request(200_010));
        const { previous, current } = await followed.rebuilt;
        followed.dispose();
        const { deltaBytes = 0, layerIndex } = compareBuilds(previous, current) ?? {};
        // One store counts blocks, another tars with their padding.
        assert.ok(deltaBytes >= 196_000 && deltaBytes <= 211_000, `${deltaBytes} bytes more`);
        assert.equal(layerIndex, 1);
        const read = await followed.engine.image(previous.id, {}, never);
        // BuildKit doesn't keep an image whose only tag moves in a containerd store.
        assert.equal(read.ok, build !== buildByBuildKit, "whether the former image is kept");
        if (read.ok) assert.deepEqual(read.value.layers.map(diffIdOf), previous.layers?.map(diffIdOf));
        assert.deepEqual(
          followed.records.all.map(({ name: known, current: { id } }) => [known, id]),
          [[tag, current.id]],
        );
      } finally {
        await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${tag}?force=1` });
        await rig.stop();
      }
    });
  }
});

function diffIdOf({ diffId }: { readonly diffId: string }): string {
  return diffId;
}

interface Followed {
  readonly engine: Engine;
  readonly records: BuildRecords;
  readonly rebuilt: Promise<Rebuilt>;
  dispose(): void;
}

/** Follows an engine by its own events, once it is known what its tags point to. */
async function follow(rig: Rig): Promise<Followed> {
  const records = new BuildRecords(mementoInMemory());
  let resolve: (rebuilt: Rebuilt) => void = () => undefined;
  const rebuilt = new Promise<Rebuilt>((settle) => (resolve = settle));
  let found: (engine: Engine) => void = () => undefined;
  const ready = new Promise<Engine>((settle) => (found = settle));
  const watch = new BuildWatch({
    records,
    engine: () => ({ endpoint: rig.host, list: (signal) => engine.list(signal), image: engine.image.bind(engine) }),
    onRebuilt: (each) => each.names.includes(tag) && resolve(each),
    onFailure: (error) => assert.fail(String(error)),
  });
  const connector = new EngineConnector({
    host: () => rig.host,
    onState: (state) => state.kind === "ready" && found(state.engine),
    onImagesChanged: (changed) => void (changed.length > 0 && watch.look("engine")),
    onNotice: (text) => assert.fail(text),
  });
  await connector.connect();
  const engine = await ready;
  await watch.look("engine");
  return { engine, records, rebuilt, dispose: () => (watch.dispose(), connector.dispose()) };
}
