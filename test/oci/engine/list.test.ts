import assert from "node:assert/strict";
import { test } from "node:test";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";

const signal = new AbortController().signal;
const id = (letter: string): string => `sha256:${letter.repeat(64)}`;
const fakes = useFakeEngines();

test("lists of old engines may have <none> and null, and are sorted newest first", async () => {
  const { engine } = await fakes.answering({
    "/images/json": [
      { Id: id("a"), RepoTags: null, Created: 1 },
      {
        Id: "d".repeat(64),
        RepoTags: ["<none>:<none>", "a:1"],
        RepoDigests: ["<none>@<none>"],
        Created: 2,
        Size: 3,
        Containers: -1,
      },
    ],
  });
  assert.deepEqual(await engine.list(signal), {
    ok: true,
    value: [
      { id: id("d"), tags: ["a:1"], repoDigests: [], created: 2, engineBytes: 3 },
      { id: id("a"), tags: [], repoDigests: [], created: 1 },
    ],
  });
});

// Docker 20.10.24, shortened.
const classic = [
  {
    Containers: -1,
    Created: 1704067200,
    Id: id("1"),
    Labels: { l: "m" },
    ParentId: "",
    RepoDigests: null,
    RepoTags: ["a:1"],
    SharedSize: -1,
    Size: 1000,
    VirtualSize: 1000,
  },
  { Containers: -1, Created: 1, Id: id("2"), Labels: null, RepoTags: ["b:1"] },
];

test("an engine that doesn't count containers is asked once for all of them", async () => {
  const { engine, server } = await fakes.answering({
    "/images/json": classic,
    "/containers/json": [{ ImageID: id("1") }, { ImageID: id("1") }, { ImageID: id("9") }],
  });
  const list = await engine.list(signal);
  assert.deepEqual(list.ok && list.value.map(({ containers, labels }) => [containers, labels]), [
    [2, { l: "m" }],
    [0, {}],
  ]);
  assert.deepEqual(server.requests.map(({ line }) => line).sort(), [
    "GET /_ping",
    "GET /v1.41/containers/json?all=1",
    "GET /v1.41/images/json",
  ]);
});

test("images are listed even if the containers can't be", async () => {
  for (const containers of [undefined, "{", [{ ImageID: 7 }], [{}]]) {
    const { engine } = await fakes.answering({ "/images/json": classic, "/containers/json": containers });
    const list = await engine.list(signal);
    assert.deepEqual(list.ok && list.value.map((image) => [image.id, image.containers]), [
      [id("1"), undefined],
      [id("2"), undefined],
    ]);
    await fakes.stop();
  }
});

test("a list of containers that never arrives delays the images only for seconds", async (context) => {
  const { engine } = await fakes.speaking(({ line }, response) => {
    if (line.endsWith("/_ping")) return void response.writeHead(200, { "api-version": "1.41" }).end("OK");
    if (line.includes("/images/json"))
      return void response.end("[]", () => setImmediate(() => context.mock.timers.tick(6000)));
  });
  await engine.ping(signal);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  assert.deepEqual(await engine.list(signal), { ok: true, value: [] });
});

test("the containerd store reports what an ID names, and counts containers from API 1.51 on", async () => {
  // Docker 28.5.2, shortened.
  const descriptor = (kind: string, digest: string): object => ({
    mediaType: `application/vnd.oci.image.${kind}.v1+json`,
    digest,
    size: 1245,
    annotations: { "io.containerd.image.name": "a:1" },
  });
  const images = [
    {
      Containers: 2,
      Created: 2,
      Id: id("1"),
      Labels: null,
      Descriptor: descriptor("index", id("1")),
      RepoDigests: [`a@${id("1")}`],
      RepoTags: ["a:1"],
      SharedSize: -1,
      Size: 45078,
    },
    {
      Containers: 0,
      Created: 1,
      Id: id("2"),
      Labels: null,
      Descriptor: descriptor("manifest", id("2")),
      RepoDigests: [],
      RepoTags: [],
      SharedSize: -1,
      Size: 5,
    },
    // An image that has lost its content.
    {
      Containers: -1,
      Created: 0,
      Id: id("3"),
      Labels: null,
      Descriptor: descriptor("manifest", id("3")),
      RepoDigests: [id("3")],
      RepoTags: ["b:1"],
      SharedSize: -1,
      Size: 666,
    },
  ];
  const { engine, server } = await fakes.answering({ "/images/json": images }, "1.51");
  const list = await engine.list(signal);
  assert.deepEqual(
    list.ok &&
      list.value.map(({ target, containers, created, repoDigests }) => [
        target,
        containers,
        created,
        repoDigests.length,
      ]),
    [
      ["index", 2, 2, 1],
      ["manifest", 0, 1, 0],
      ["manifest", undefined, undefined, 0],
    ],
  );
  assert.equal(server.requests.length, 2);
});

test("Podman's full names and bare IDs are converted to Docker's form", async () => {
  // Podman 4.3.1, shortened.
  const images = [
    {
      Id: "f".repeat(64),
      RepoTags: ["localhost/b:latest", "docker.io/library/ev:1", "docker.io/a/b:1", "<none>:<none>"],
      RepoDigests: [`docker.io/library/ev@${id("2")}`],
      Created: 1,
      Size: 8120,
      SharedSize: 0,
      VirtualSize: 8120,
      Labels: null,
      Containers: 1,
    },
  ];
  const { engine, server } = await fakes.answering(
    { "/images/json": images },
    { "api-version": "1.41", "libpod-api-version": "4.3.1" },
  );
  const list = await engine.list(signal);
  assert.deepEqual(list.ok && list.value, [
    {
      id: id("f"),
      tags: ["localhost/b:latest", "ev:1", "a/b:1"],
      repoDigests: [`ev@${id("2")}`],
      created: 1,
      engineBytes: 8120,
      containers: 1,
      labels: {},
    },
  ]);
  assert.equal(server.requests.length, 2);
});

test("a name that is listed twice is one", async () => {
  const { engine } = await fakes.answering({
    "/images/json": [
      { Id: id("a"), RepoTags: ["a:1", "docker.io/library/a:1"], RepoDigests: [`a@${id("2")}`, `a@${id("2")}`] },
    ],
  });
  const list = await engine.list(signal);
  assert.deepEqual(list.ok && list.value.map(({ tags, repoDigests }) => [tags, repoDigests]), [
    [["a:1"], [`a@${id("2")}`]],
  ]);
});
