import assert from "node:assert/strict";
import { test } from "node:test";
import { socketConnection } from "../../../oci/engine/endpoint/fromHost.ts";
import { watchEngine, type EngineEvents } from "../../../oci/engine/events.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";
import { startFakeHttpServer } from "../../support/fakeHttpServer.ts";

const fakes = useFakeEngines();
const id = (letter: string): string => `sha256:${letter.repeat(64)}`;

function watch(events: EngineEvents): void {
  const watching = watchEngine(socketConnection(fakes.socketPath()), events);
  fakes.beforeEnd(() => watching.dispose());
}

/** The changes announced for these events, all at once. */
async function announced(
  ...lines: readonly string[]
): Promise<{ readonly images: readonly string[] | "all"; readonly containers: number }> {
  await fakes.speaking((_, response) => {
    response.writeHead(200);
    for (const line of lines) response.write(line);
  });
  return new Promise((resolve) => {
    let [images, containers]: [readonly string[] | "all", number] = [[], 0];
    // Containers are announced last.
    watch({
      onImagesChanged: (changed) => (images = changed),
      onContainersChanged: () => setImmediate(() => resolve({ images, containers: ++containers })),
      debounceMs: 50,
    });
  });
}

const containerMade =
  '{"Type":"container","Action":"create","Actor":{"ID":"c","Attributes":{"image":"a:1","name":"tmp"}}}\n';

test("changes of images and containers are announced once in every version's format, but reads aren't", async () => {
  assert.deepEqual(
    await announced(
      '{"status":"save","id":"x"}\n',
      '{"Type":"image","Action":"tag","Actor":{"ID":"sha256:1"}}\n{"status":"untag","id":"sha2',
      '56:2"}\n',
      '\u001e{"Type":"image","Action":"delete","Actor":{"ID":"sha256:1"}}\n',
      "garbage\n",
      '{"Type":"container","Action":"exec_start: ls","Actor":{"ID":"c"}}\n',
      '{"Type":"container","Action":"start","Actor":{"ID":"c"}}\n',
      containerMade,
      containerMade,
      '{"Type":"container","Action":"remove","Actor":{"ID":"c"}}\n',
    ),
    { images: ["sha256:1", "sha256:2"], containers: 1 },
  );
});

test("a name that moved is announced with its new image", async () => {
  const tag = { Type: "image", Action: "tag", Actor: { ID: id("1"), Attributes: { name: "a:1" } }, scope: "local" };
  // Podman 4.3: without the algorithm, and with the whole name.
  const podmanTag = {
    Type: "image",
    Action: "tag",
    Actor: { ID: "2".repeat(64), Attributes: { image: "", name: "docker.io/library/b:1", podId: "" } },
  };
  const podmanPull = {
    Type: "image",
    Action: "pull",
    Actor: { ID: "", Attributes: { image: "", name: "docker.io/library/debian:12" } },
  };
  const commit = {
    Type: "container",
    Action: "commit",
    Actor: { ID: "c", Attributes: { comment: "", image: "a:1", imageID: id("3"), imageRef: "", name: "tmp" } },
  };
  const { images } = await announced(
    ...[tag, podmanTag, podmanPull, commit].map((event) => `${JSON.stringify(event)}\n`),
    containerMade,
  );
  assert.deepEqual(images, [id("1"), "a:1", id("2"), "b:1", "debian:12", id("3")]);
});

test("an event that doesn't name an image may concern any", async () => {
  const load = {
    Type: "image",
    Action: "loadfromarchive",
    Actor: { ID: "", Attributes: { image: "", name: "/var/tmp/api_load.tar2021191960" } },
  };
  const commit = { Type: "container", Action: "commit", Actor: { ID: "c", Attributes: { image: "a:1", name: "tmp" } } };
  for (const event of [load, commit]) {
    assert.equal(
      (await announced('{"status":"untag","id":"sha256:2"}\n', `${JSON.stringify(event)}\n`, containerMade)).images,
      "all",
    );
    await fakes.stop();
  }
});

test("only useful events are requested", async () => {
  const { server } = await fakes.speaking((_, response) => void response.end(containerMade));
  await new Promise<void>((resolve) =>
    watch({ onImagesChanged: () => undefined, onContainersChanged: resolve, debounceMs: 1 }),
  );
  const filters = JSON.parse(
    new URL(`http://x${server.requests[0]?.line.slice(4)}`).searchParams.get("filters") ?? "",
  ) as { type: string[]; event: string[] };
  assert.deepEqual(filters.type, ["image", "container"]);
  assert.ok(!filters.event.includes("save"));
});

test("after an engine comes back, everything may have changed", async () => {
  const states: boolean[] = [];
  const first = await startFakeHttpServer(
    (_, response) => void response.writeHead(200).flushHeaders(),
    fakes.socketPath(),
  );
  const changed = new Promise((resolve) => {
    watch({ onImagesChanged: resolve, onConnection: ({ isConnected }) => states.push(isConnected), debounceMs: 1 });
  });
  while (states.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await first.stop();
  await fakes.speaking((_, response) => void response.writeHead(200).flushHeaders());
  assert.equal(await changed, "all");
  assert.deepEqual([states[0], states[1], states.at(-1)], [true, false, true]);
});

test("a stream that ends at once is reopened with growing delays", async () => {
  const times: number[] = [];
  await fakes.speaking((_, response) => (times.push(Date.now()), void response.writeHead(200).end()));
  const states: boolean[] = [];
  watch({ onImagesChanged: () => undefined, onConnection: ({ isConnected }) => states.push(isConnected) });
  while (times.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(third - second > 1.5 * (second - first), times.join());
});

test("an endless event is aborted", async () => {
  const { server } = await fakes.speaking((_, response) => {
    const pour = (): void => {
      while (!response.destroyed && response.write("x".repeat(65_536))) continue;
      if (!response.destroyed) response.once("drain", pour);
    };
    pour();
  });
  await new Promise<void>((resolve) => {
    watch({ onImagesChanged: () => undefined, onConnection: ({ isConnected }) => isConnected || resolve() });
  });
  assert.ok(server.requests.length >= 1);
});
