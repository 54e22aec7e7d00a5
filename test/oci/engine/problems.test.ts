// Engines that break, lie or hang: each causes one clear error, and other requests continue.
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { describe, test } from "node:test";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { Engine } from "../../../oci/engine/engine.ts";
import { useFakeEngines } from "../../support/engines/fakeEngine.ts";

const signal = new AbortController().signal;
const id = (letter: string): string => `sha256:${letter.repeat(64)}`;
const fakes = useFakeEngines();

const inspect = {
  Id: id("a"),
  RepoTags: ["a:1"],
  Os: "linux",
  Architecture: "amd64",
  Size: 9,
  Config: { User: "ada" },
  RootFS: { Type: "layers", Layers: [id("1"), id("2")] },
};
const history = [
  { Created: 2, CreatedBy: "COPY b /", Size: 4 },
  { Created: 1, CreatedBy: "COPY a /", Size: 5 },
];
const answers = {
  "/images/a:1/json": inspect,
  [`/images/${id("a")}/history`]: history,
  "/images/json": [{ Id: id("a") }],
  "/containers/json": [],
};

function errorOf(result: Result<unknown>): OciError {
  assert.ok(!result.ok, "it succeeded");
  return result.error;
}

/** An engine whose responses differ for paths that contain `path`. */
async function engineBut(path: string, answer: (response: ServerResponse) => void): Promise<Engine> {
  const { engine } = await fakes.speaking(({ line }, response) => {
    const asked = decodeURIComponent(line.replace(/^GET (\/v[0-9.]+)?/, "").split("?")[0] ?? "");
    if (asked === "/_ping") return void response.writeHead(200, { "api-version": "1.41" }).end("OK");
    if (asked.includes(path)) return answer(response);
    response.end(JSON.stringify((answers as Readonly<Record<string, unknown>>)[asked]));
  });
  return engine;
}

function pour(response: ServerResponse): void {
  const fill = (): void => {
    while (!response.destroyed && response.write(Buffer.alloc(1024 * 1024, " "))) continue;
    if (!response.destroyed) response.once("drain", fill);
  };
  fill();
}

describe("an engine that is killed", () => {
  test("an engine killed during a list is unreachable, also for an image read on another connection", async () => {
    const engine = await engineBut("/images/json", (response) => {
      response.writeHead(200, { "content-length": 1000 }).write('[{"Id":"sha');
      setTimeout(() => response.destroy(), 10);
    });
    const [list, image] = await Promise.all([engine.list(signal), engine.image("a:1", {}, signal)]);
    const error = errorOf(list);
    assert.equal(error.kind, "engineUnreachable");
    assert.match(
      error.message,
      /closed the connection during the request for the list of images; the engine may have stopped/,
    );
    assert.ok(image.ok);
  });
  test("an engine killed between inspecting and the history is unreachable", async () => {
    const engine = await engineBut("/history", (response) => void response.destroy());
    assert.match(
      errorOf(await engine.image("a:1", {}, signal)).message,
      /closed the connection during the request for the history of a:1/,
    );
    assert.ok((await engine.list(signal)).ok);
  });
});

describe("an engine's invalid response is reported with its location", () => {
  const broken: Readonly<Record<string, readonly [path: string, answer: unknown, message: RegExp]>> = {
    "half a JSON text": ["/images/a:1/json", '{"Id":', /is not JSON/],
    "a list instead of an image": ["/images/a:1/json", [], /image: expected an object/],
    "an ID that is a number": ["/images/a:1/json", { ...inspect, Id: 7 }, /image\.Id: expected a string/],
    "a layer that is no digest": [
      "/images/a:1/json",
      { ...inspect, RootFS: { Layers: ["sha256:xyz"] } },
      /image\.RootFS\.Layers\[0\]: expected a digest/,
    ],
    "no word on layers": [
      "/images/a:1/json",
      { ...inspect, RootFS: null },
      /image\.RootFS: expected the list of layers/,
    ],
    "a size that is a text": ["/images/a:1/json", { ...inspect, Size: "9" }, /image\.Size: expected a count/],
    "a size that no number holds": [
      "/images/a:1/json",
      '{"Id":"a","RootFS":{},"Size":1e400}',
      /image\.Size: expected a count/,
    ],
    "an environment that is an object": [
      "/images/a:1/json",
      { ...inspect, Config: { Env: { A: "b" } } },
      /image\.Config\.Env: expected a list/,
    ],
    "a manifest without a digest": [
      "/images/a:1/json",
      { ...inspect, Manifests: [{ Descriptor: {} }] },
      /image\.Manifests\[0\]\.Descriptor\.digest: expected a string/,
    ],
    "a history that is an object": ["/history", {}, /history: expected a list/],
    "a step whose command is a list": [
      "/history",
      [{ CreatedBy: ["a"] }],
      /history\[0\]\.CreatedBy: expected a string/,
    ],
    "a step of negative size": ["/history", [{ Size: -5 }], /history\[0\]\.Size: expected a count/],
  };
  for (const [what, [path, answer, message]] of Object.entries(broken)) {
    test(what, async () => {
      const engine = await engineBut(
        path,
        (response) => void response.end(typeof answer === "string" ? answer : JSON.stringify(answer)),
      );
      const error = errorOf(await engine.image("a:1", {}, signal));
      assert.equal(error.kind, "badAnswer");
      assert.match(error.message, message);
      assert.ok((await engine.list(signal)).ok);
    });
  }
  test("an invalid list is a bad answer", async () => {
    for (const body of ["{", "{}", "[1]", '[{"Id":7}]', "null x", '[{"Id":"a","RepoTags":{}}]']) {
      const { engine } = await fakes.answering({ "/images/json": body });
      assert.equal(errorOf(await engine.list(signal)).kind, "badAnswer", body);
      await fakes.stop();
    }
  });
  test("an invalid time is reported as unknown", async () => {
    for (const Created of [-62135596800, 1e300, -1]) {
      const { engine } = await fakes.answering({ "/images/json": [{ Id: id("a"), Created }] });
      const list = await engine.list(signal);
      assert.deepEqual(list.ok && list.value.map(({ created }) => created), [undefined]);
      await fakes.stop();
    }
  });
});

describe("a history that doesn't match the layers", () => {
  for (const [what, steps] of Object.entries({
    fewer: [history[0]],
    more: [...history, { CreatedBy: "COPY c /" }],
    none: [],
  })) {
    test(`steps that don't match aren't paired with layers: ${what}`, async () => {
      const { engine } = await fakes.answering({ ...answers, [`/images/${id("a")}/history`]: steps });
      const image = await engine.image("a:1", {}, signal);
      assert.ok(image.ok);
      assert.deepEqual([image.value.historyPairing, image.value.config.history.length], ["none", steps.length]);
      assert.deepEqual(
        image.value.layers.map(({ diffId, step, engineBytes }) => [diffId, step, engineBytes]),
        [
          [id("1"), undefined, undefined],
          [id("2"), undefined, undefined],
        ],
      );
    });
  }
});

describe("an engine that sends too much", () => {
  test("a history of 10 MB is read", async () => {
    const steps = Array.from({ length: 10_000 }, (_, index) => ({
      Created: 1,
      CreatedBy: `ENV ${String(index).padStart(1000, "x")}`,
      Size: 0,
    }));
    const { engine } = await fakes.answering({ ...answers, [`/images/${id("a")}/history`]: [...steps, ...history] });
    const image = await engine.image("a:1", {}, signal);
    assert.ok(image.ok);
    assert.deepEqual([image.value.emptyStepsAfter.length, image.value.historyPairing], [10_000, "inferred"]);
  });
  test("an endless body is cut off", async () => {
    const engine = await engineBut("/images/a:1/json", pour);
    assert.equal(errorOf(await engine.image("a:1", {}, signal)).kind, "tooLarge");
  });
  test("an endless error is cut off", async () => {
    const engine = await engineBut("/images/json", (response) => pour(response.writeHead(500)));
    const error = errorOf(await engine.list(signal));
    assert.equal(error.kind === "badAnswer" && error.status, 500);
    assert.ok(error.message.length < 1000);
  });
});

test("an engine that hangs during a response times out without blocking others", async (context) => {
  let started = (): void => undefined;
  const hanging = new Promise<void>((resolve) => (started = resolve));
  const engine = await engineBut("/images/json", (response) => response.writeHead(200).write("[", () => started()));
  await engine.ping(signal);
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const list = engine.list(signal);
  await hanging;
  assert.ok((await engine.image("a:1", {}, signal)).ok);
  context.mock.timers.tick(30_000);
  assert.match(
    errorOf(await list).message,
    /did not respond to the request for the list of images within 30 s; check whether the engine hangs/,
  );
});

test("an image listed once per name is one image", async () => {
  const { engine } = await fakes.answering(
    {
      "/images/json": [
        { Id: id("a"), RepoTags: ["a:1"], RepoDigests: [`a@${id("b")}`], Created: 1 },
        { Id: id("a"), RepoTags: ["a:2", "a:1"], RepoDigests: [`a@${id("b")}`], Created: 1 },
      ],
    },
    "1.51",
  );
  assert.deepEqual(await engine.list(signal), {
    ok: true,
    value: [{ id: id("a"), tags: ["a:1", "a:2"], repoDigests: [`a@${id("b")}`], created: 1 }],
  });
});
