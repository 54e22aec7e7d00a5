import assert from "node:assert/strict";
import { test } from "node:test";
import { dockerfilesOf, type World } from "./dockerfilesOf.ts";

const stage = { uri: "file:///w/My Shop/Dockerfile", target: "tests", context: "/w/My Shop" };

async function transcript(given: unknown, world: World): Promise<readonly string[]> {
  const { actions, dialogs } = dockerfilesOf(world);
  await actions.build(given);
  dialogs.end();
  return dialogs.transcript;
}

const question = "Tag for the image. Leave it empty to build without one.";

test("a stage is built by docker, each argument in one piece", async () =>
  assert.deepEqual(await transcript(stage, { answers: ["shop:tests"] }), [
    question,
    "remember: shop:tests",
    "run: Build stage tests: /bin/docker build --file=/w/My Shop/Dockerfile --target=tests --tag=shop:tests /w/My Shop in /w/My Shop",
  ]));

test("the last stage has no target, a build without a tag no --tag, and an unknown context is the file's folder", async () =>
  assert.deepEqual(
    (await transcript({ uri: "file:///w/app/Dockerfile" }, { answers: [""] })).at(-1),
    ["run: Build Dockerfile: /bin/docker build --file=/w/app/Dockerfile /w/app in /w/app"].join(""),
  ));

test("the engine of the settings is the one that builds", async () => {
  const run = async (engineHost: string) =>
    (await transcript(stage, { answers: [""], engineHost })).at(-1)?.match(/docker (\S+) build/)?.[1];
  assert.equal(await run("ssh://me@host"), "--host=ssh://me@host");
  assert.equal(await run("context:--evil"), "--context=--evil");
});

test("podman builds if docker is not installed, unless the settings name an engine", async () => {
  const programs = ["podman"];
  assert.match((await transcript(stage, { answers: [""], programs })).at(-1) ?? "", /\/bin\/podman build --file=/);
  assert.deepEqual(await transcript(stage, { programs, engineHost: "tcp://h:1" }), [
    "tell: Building needs the docker command on the PATH",
  ]);
  assert.deepEqual(await transcript(stage, { programs: [] }), [
    "tell: Building needs the docker command, or podman, on the PATH",
  ]);
});

test("nothing runs without trust, without a file, or once the question is cancelled", async () => {
  assert.deepEqual(await transcript(stage, { isTrusted: false }), [
    "tell: Restricted Mode: trust this workspace to build its Dockerfiles",
  ]);
  assert.deepEqual(await transcript({ uri: "untitled:a" }, {}), ["tell: Save this Dockerfile to build it"]);
  assert.deepEqual(await transcript(stage, { answers: ["back"] }), [question]);
  assert.deepEqual(await transcript({ target: "x" }, {}), []);
});
