import assert from "node:assert/strict";
import { test } from "node:test";
import type { Snapshot } from "../../../server/src/documents/dockerfileSnapshot.ts";
import { imageDefinition } from "../../../server/src/workspace/imageDefinition.ts";
import type { IndexedBuild, WorkspaceView } from "../../../server/src/workspace/workspaceView.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

function at(line: number) {
  const position = { line, character: 0 };
  return { start: position, end: position };
}

const baseText = "FROM scratch AS tools\nCOPY a /\nFROM scratch\nCOPY b /\nRUN make\n";
const stages = [
  { name: "tools", range: at(0) },
  { name: "scratch", range: at(2) },
];

function view(...builds: readonly IndexedBuild[]): WorkspaceView {
  return {
    builds,
    dockerfiles: [
      { path: "/w/base/Dockerfile", text: baseText, stages },
      { path: "/w/app/Dockerfile", text: "FROM x\nRUN other\n", stages: [{ name: "x", range: at(0) }] },
    ],
  };
}

function build(images: readonly string[], target?: string, dockerfile = "/w/base/Dockerfile"): IndexedBuild {
  return { dockerfile, images, ...(target !== undefined && { target }) };
}

/** The places for the image at the `|` of a text. */
function places(marked: string, workspace: WorkspaceView, facts: KnownFacts = []): readonly string[] | undefined {
  const offset = marked.indexOf("|");
  const file = buildOf(marked.replace("|", ""), facts);
  const snapshot = { file: file.file, facts: file.facts, workspace: () => workspace } as Snapshot;
  return imageDefinition(snapshot, offset)?.map(({ file: path, range }) => `${path}:${range.start.line + 1}`);
}

test("an image leads to the stage that a build of its name builds, wherever the file names it", () => {
  const known = view(
    build(["docker.io/shop/base:1"], "tools"),
    build(["shop/other:1"], undefined, "/w/app/Dockerfile"),
  );
  for (const marked of [
    "FROM shop/ba|se:1",
    "FROM scratch\nCOPY --from=shop/base:1| a b",
    "FROM scratch\nRUN --mount=type=bind,from=shop/b|ase:1 a",
    `FROM shop/base:1@sha256:${"0".repeat(63)}|0`,
  ])
    assert.deepEqual(places(marked, known), ["/w/base/Dockerfile:1"], marked);
});

test("the build of the tag wins over builds of other tags; without one all of them are shown", () => {
  const known = view(build(["shop/base:1"], "tools"), build(["shop/base:2"]), build(["shop/base:2"], "1"));
  assert.deepEqual(places("FROM shop/base:2|", known), ["/w/base/Dockerfile:3"]);
  assert.deepEqual(places("FROM shop/base:3|", known), ["/w/base/Dockerfile:1", "/w/base/Dockerfile:3"]);
});

test("other repositories, other registries and missing Dockerfiles lead nowhere", () => {
  const known = view(build(["ghcr.io/shop/base:1"]), build(["shop/gone:1"], undefined, "/w/gone/Dockerfile"));
  assert.equal(places("FROM shop/base:1|", known), undefined);
  assert.equal(places("FROM shop/gone:1|", known), undefined);
  assert.equal(places("FROM ghcr.io/shop/base:1 AS a|", known), undefined);
});

test("without such a build, the history of the local image leads to its Dockerfile", () => {
  const createdBy = ["COPY b / # buildkit", "RUN /bin/sh -c make # buildkit"];
  const image = { name: "mine:dev", layers: [], steps: createdBy.map((step) => ({ createdBy: step, bytes: 0 })) };
  const facts: KnownFacts = [[{ kind: "lastBuild" }, { images: [image] }]];
  assert.deepEqual(places("FROM mine:dev|", view(), facts), ["/w/base/Dockerfile:3"]);
  assert.equal(places("FROM mine:other|", view(), facts), undefined);
});
