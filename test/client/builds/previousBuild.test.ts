import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { announceBuild } from "../../../client/src/builds/announceBuild.ts";
import type { BuildLayer, BuildRecord } from "../../../client/src/builds/build.ts";
import type { BuildNews } from "../../../client/src/builds/buildStatus.ts";
import { BuildRecords } from "../../../client/src/builds/buildRecords.ts";
import { previousBuildRequest } from "../../../client/src/builds/previousBuild.ts";
import type { ImageTreeNode, SourcesState } from "../../../client/src/images/node.ts";
import type { ImageSource } from "../../../client/src/sources/source.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { WorkerLayers } from "../../../oci/layers/client.ts";
import type { OriginFile } from "../../../server/protocol/protocol.ts";
import { digest, image, layer, step, summary } from "../../support/images/literalImages.ts";
import { type Script, scriptedDialogs } from "../actions/scriptedDialogs.ts";
import { engineNode, imageNode } from "../images/fakeTree.ts";
import { mementoInMemory } from "./memento.ts";

const layers = (bytes: number): readonly BuildLayer[] => [
  { diffId: "sha256:0", createdBy: "ADD rootfs.tar /", bytes: 100 },
  { diffId: `sha256:${bytes}`, createdBy: "COPY app /app # buildkit", bytes },
];
const record: BuildRecord = {
  engine: "unix:///d.sock",
  name: "debian:12",
  previous: { id: digest("b"), layers: layers(5_000) },
  current: { id: digest("a"), layers: layers(3_105_000) },
};

describe("comparing with the previous build", () => {
  test("the image of a row is compared with the one that its tag pointed to before", async () => {
    const { request, transcript } = await requested(imageNode(), { records: [record] });
    assert.deepEqual(request, {
      before: { sourceId: "engine", image: digest("b"), name: "debian:12 (previous build)" },
      after: { sourceId: "engine", image: digest("a"), name: "debian:12" },
    });
    assert.deepEqual(transcript, []);
  });

  test("without a row the images that were built again are offered", async () => {
    const answers = ["debian:12"];
    const { request, transcript } = await requested(undefined, { records: [record], script: { answers } });
    assert.equal(request?.before.image, digest("b"));
    assert.deepEqual(transcript, ["Compare which image with its previous build? debian:12"]);
    const nothing = await requested(undefined, { records: [] });
    assert.deepEqual(nothing.transcript, ["tell: No image has been rebuilt since this window was opened"]);
  });

  test("an image without a known earlier build says how one becomes known", async () => {
    for (const records of [[], [{ ...record, engine: "unix:///other.sock" }], [{ ...record, name: "other:1" }]]) {
      const { request, transcript } = await requested(imageNode(), { records });
      assert.equal(request, undefined);
      assert.deepEqual(transcript, [
        "tell: No earlier build of debian:12 is known. Rebuild it while this window is open, then compare",
      ]);
    }
  });

  test("if the engine no longer has the previous build, the lists of layers are compared", async () => {
    const { request, transcript } = await requested(imageNode(), {
      records: [record],
      isRemoved: true,
      script: { takes: "Compare Layer Lists" },
    });
    assert.equal(request, undefined);
    assert.deepEqual(transcript, [
      "tell: The engine no longer has the previous build of debian:12, and not all of its layers were read, so its files can't be compared [Compare Layer Lists]",
      `layers of debian:12
# debian:12: bbbbbbbbbbbb → aaaaaaaaaaaa, +3.10 MB

# layer 1, same, 100 B
ADD rootfs.tar /

# layer 2, changed, 5.00 kB → 3.10 MB
COPY app /app
`,
    ]);
  });

  test("an image that the engine no longer has is compared by its layers, if all of them were read before", async () => {
    const { request, transcript } = await requested(imageNode(), { records: [record], isRemoved: true, isKept: true });
    assert.equal(request?.before.image, digest("b"));
    assert.deepEqual(transcript, []);
  });

  test("without known layers no list is offered", async () => {
    const records = [{ ...record, previous: { id: digest("b") } }];
    const { transcript } = await requested(imageNode(), { records, isRemoved: true });
    assert.deepEqual(transcript, [
      "tell: The engine no longer has the previous build of debian:12, and not all of its layers were read, so its files can't be compared",
    ]);
  });
});

describe("the status after a build", () => {
  const line = {
    range: { start: { line: 13, character: 0 }, end: { line: 13, character: 9 } },
    confidence: "exact",
  } as const;
  const file = (name: string, score: number): OriginFile => ({
    uri: `file:///w/${name}`,
    score,
    isWhole: true,
    lines: [null, line],
  });

  test("the difference is shown at once, and the Dockerfile line once it is found", async () => {
    const news = await announced([file("Dockerfile", 9), file("old/Dockerfile", 3)]);
    assert.deepEqual(
      news.map(({ text }) => text),
      ["debian:12 +3.10 MB", "debian:12 +3.10 MB (line 14)"],
    );
    assert.ok(news[1]?.tooltip.includes("Most of it: Dockerfile:14"));
    assert.equal(news[1]?.command.command, "imagewright.compare.previousBuild");
  });

  test("a line is not named if two Dockerfiles explain the image equally well, or none does", async () => {
    for (const files of [[file("a/Dockerfile", 9), file("b/Dockerfile", 9)], [], [{ ...file("c", 9), isWhole: false }]])
      assert.deepEqual(
        (await announced(files)).map(({ text }) => text),
        ["debian:12 +3.10 MB"],
      );
  });

  test("a build that was followed by another doesn't take its place with a late line", async () => {
    const news = await announced([file("Dockerfile", 9)], { isOutdated: true });
    assert.deepEqual(
      news.map(({ text }) => text),
      ["debian:12 +3.10 MB"],
    );
  });

  async function announced(
    files: readonly OriginFile[],
    { isOutdated = false }: { readonly isOutdated?: boolean } = {},
  ): Promise<readonly BuildNews[]> {
    const news: BuildNews[] = [];
    const built = image({
      layers: [layer(0, { step: step("ADD rootfs.tar /") }), layer(1, { step: step("COPY app /app # buildkit") })],
    });
    const rebuilt = { sourceId: "engine", names: ["debian:12"], summary: summary(), image: built, ...record } as const;
    const finder = {
      sources: { state: () => Promise.reject(new Error("not asked")), source: () => undefined },
      dockerfiles: {
        find: () => Promise.resolve(["file:///w/Dockerfile"]),
        name: (uri: string) => uri.slice("file:///w/".length),
        open: () => Promise.resolve(),
        showText: () => Promise.resolve(),
      },
      server: { origins: () => Promise.resolve({ files, comparedCount: 1, leftOut: [] }) },
    };
    const parts = { finder, show: (each: BuildNews) => news.push(each), isOutdated: () => isOutdated };
    await announceBuild(rebuilt, parts, new AbortController().signal);
    return news;
  }
});

interface Given {
  readonly records: readonly BuildRecord[];
  readonly isRemoved?: boolean;
  /** True if the cache has the layers of the removed image. */
  readonly isKept?: boolean;
  readonly script?: Script;
}

async function requested(node: ImageTreeNode | undefined, options: Given) {
  const { records: given, isRemoved = false, isKept = false, script } = options;
  const records = new BuildRecords(mementoInMemory());
  for (const each of given) await records.put(each);
  const dialogs = scriptedDialogs(script);
  const transcript = [...dialogs.transcript];
  const read: ImageSource["image"] = (id) =>
    Promise.resolve(
      isRemoved ? failure({ kind: "notFound", what: id, message: "no such image" }) : success(image({ id })),
    );
  const source = {
    id: "engine",
    label: "Engine",
    address: "",
    actions: {},
    image: read,
    layerSource: { kind: "engine", connection: { endpoint: "unix:///d.sock" } },
  } as unknown as ImageSource;
  const state: SourcesState = { engines: [{ kind: "ready", source: engineNode }], archives: [], isTrusted: true };
  const request = await previousBuildRequest(node, {
    records,
    dialogs,
    sources: { state: () => Promise.resolve(state), source: () => source },
    layers: { layersOf: () => layersKept(isKept) },
    showText: (title, text) => Promise.resolve(void transcript.push(`${title}\n${text}`)),
  });
  return { request, transcript: [...dialogs.transcript, ...transcript] };
}

function layersKept(isKept: boolean): WorkerLayers {
  const layersOf: WorkerLayers["layers"] = ({ layers: wanted, id, ...rest }) =>
    Promise.resolve(
      isKept && wanted.length === 2
        ? success({ image: { layers: wanted, id, ...rest }, contents: new Map(), unreadable: new Map() })
        : failure({ kind: "notFound", what: id, message: "no such image" }),
    );
  return { layers: layersOf } as unknown as WorkerLayers;
}
