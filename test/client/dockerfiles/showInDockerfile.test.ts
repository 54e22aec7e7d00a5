import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { ImageTreeNode, LayerNode } from "../../../client/src/images/node.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { LayerDigest } from "../../../oci/core/digest.ts";
import type { Image } from "../../../oci/core/image.ts";
import type { OriginFile, OriginLine } from "../../../server/protocol/protocol.ts";
import type { AttestationReader, AttestedStatement, ImageAttestation } from "../../../oci/source/source.ts";
import { digest, image, layer, step } from "../../support/images/literalImages.ts";
import { dockerfilesOf, type World } from "./dockerfilesOf.ts";

const cmd = step('CMD ["bash"]');
const run = step("RUN /bin/sh -c make # buildkit");
const copy = step("COPY . . # buildkit");
const shown = image({
  tags: ["app:1"],
  layers: [layer(0), layer(1, { step: run, emptyStepsBefore: [cmd] }), layer(2, { step: copy })],
});
const layerNode = (index: number): LayerNode => ({
  kind: "layer",
  id: `l${index}`,
  sourceId: "engine",
  imageId: shown.id,
  image: shown,
  layer: shown.layers[index] ?? layer(index),
});

const line = (number: number, doubt?: string): OriginLine => ({
  range: { start: { line: number - 1, character: 0 }, end: { line: number - 1, character: 9 } },
  ...(doubt === undefined ? { confidence: "exact" } : { confidence: "likely", doubt }),
});
const file = (path: string, score: number, ...lines: readonly (OriginLine | null)[]): OriginFile => ({
  uri: `file:///w/${path}`,
  score,
  isWhole: true,
  base: "debian:12",
  lines,
});

async function show(node: ImageTreeNode | undefined, world: World): Promise<readonly string[]> {
  const { actions, dialogs } = dockerfilesOf(world);
  await actions.show(node);
  dialogs.end();
  return dialogs.transcript;
}

describe("showing a layer in its Dockerfile", () => {
  test("the line of the file that explains most is opened, from the steps in order with their layers", async () => {
    const { actions, dialogs, asked } = dockerfilesOf({
      files: ["a/Dockerfile", "b/Dockerfile"],
      origins: {
        files: [file("b/Dockerfile", 9, null, line(4), line(5)), file("a/Dockerfile", 3, null, line(2), null)],
      },
    });
    await actions.show(layerNode(1));
    assert.deepEqual(dialogs.transcript, ["open: b/Dockerfile:4"]);
    assert.deepEqual(asked.origins, [
      {
        uris: ["file:///w/a/Dockerfile", "file:///w/b/Dockerfile"],
        steps: [
          { createdBy: cmd.createdBy },
          { createdBy: run.createdBy, layerIndex: 1 },
          { createdBy: copy.createdBy, layerIndex: 2 },
        ],
      },
    ]);
  });
  test("the line of a step without a layer is opened", async () => {
    assert.deepEqual(
      await show(
        { kind: "step", id: "s", sourceId: "engine", image: shown, step: cmd, layer: "none" },
        { origins: { files: [file("Dockerfile", 9, line(7), null, null)] } },
      ),
      ["open: Dockerfile:7"],
    );
  });
  test("an uncertain line is opened with a note", async () => {
    assert.deepEqual(
      await show(layerNode(1), { origins: { files: [file("Dockerfile", 9, null, line(4, "it has hashes"), null)] } }),
      ["open: Dockerfile:4", "note: Probably this line: it has hashes"],
    );
  });
  test("several files that explain a layer equally well cause a prompt", async () => {
    const files = [
      file("a/Dockerfile", 9, null, line(4), null),
      file("b/Dockerfile", 9, null, line(5, "it repeats"), null),
    ];
    assert.deepEqual(await show(layerNode(1), { origins: { files }, answers: ["b/Dockerfile:5"] }), [
      "Several Dockerfiles match app:1 equally well. Open which one? a/Dockerfile:4 | b/Dockerfile:5",
      "open: b/Dockerfile:5",
      "note: Probably this line: it repeats",
    ]);
    assert.equal((await show(layerNode(1), { origins: { files }, answers: ["back"] })).length, 1);
  });
  test("layers of a base image are shown in its own file", async () => {
    assert.deepEqual(
      await show(layerNode(1), {
        origins: {
          files: [file("app/Dockerfile", 9, null, null, line(3)), file("base/Dockerfile", 2, null, line(4), null)],
        },
      }),
      ["open: base/Dockerfile:4"],
    );
  });
  test("showing from the palette prompts for a layer", async () => {
    assert.deepEqual(
      await show(undefined, { picked: layerNode(2), origins: { files: [file("Dockerfile", 9, null, null, line(3))] } }),
      ["open: Dockerfile:3"],
    );
    assert.deepEqual(await show(undefined, {}), []);
  });
});

describe("a layer without a matching line says why and offers the instruction", () => {
  const cases: readonly (readonly [string, World, string])[] = [
    ["no Dockerfile", { files: [] }, "This workspace has no Dockerfile"],
    ["one that is another's", {}, "app:1 wasn't built from the Dockerfile in this workspace"],
    [
      "one that was not read",
      { files: ["a", "b"], origins: { leftOut: ["b could not be read: permission denied"] } },
      "app:1 wasn't built from any of the 2 Dockerfiles in this workspace; not read: b could not be read: permission denied",
    ],
    [
      "several that are others'",
      { files: ["a", "b"] },
      "app:1 wasn't built from any of the 2 Dockerfiles in this workspace",
    ],
    [
      "a layer of the base image",
      { origins: { files: [file("Dockerfile", 9, null, null, line(3))] } },
      "Layer 2 of app:1 comes from the base image debian:12, not from a line of Dockerfile",
    ],
    [
      "a file that only has lines in common with the right one",
      { origins: { files: [{ ...file("Dockerfile", 9, null, null, line(3)), isWhole: false }] } },
      "app:1 wasn't built from the Dockerfile in this workspace",
    ],
    [
      "a line that was rewritten",
      { origins: { files: [file("Dockerfile", 9, line(2), null, line(3))] } },
      "No line of Dockerfile matches Layer 2 of app:1: the file changed, or another tool created the step",
    ],
    ["a server that refuses", { origins: { refusal: "It refuses" } }, "It refuses"],
  ];
  for (const [what, world, message] of cases) {
    test(what, async () =>
      assert.deepEqual(await show(layerNode(1), { ...world, takes: "Show Instruction" }), [
        `tell: ${message} [Show Instruction]`,
        "text: Layer 2 of app:1: RUN make",
      ]),
    );
  }
  test("a layer without history can't be shown", async () =>
    assert.deepEqual(await show(layerNode(0), {}), [
      "tell: Can't find the line for Layer 1 of app:1: the history doesn't say which step created it",
    ]));
});

describe("provenance of an image", () => {
  const statement: AttestedStatement = {
    digest: digest("e"),
    mediaType: "application/vnd.in-toto+json",
    predicateType: "https://slsa.dev/provenance/v1",
    blobBytes: 10 as AttestedStatement["blobBytes"],
  };
  const attested = (text: string, more: Partial<AttestedStatement> = {}): AttestationReader => ({
    attestations: () =>
      Promise.resolve(
        success([
          {
            digest: digest("d") as ImageAttestation["digest"],
            statements: success([
              { ...statement, predicateType: "https://spdx.dev/Document" },
              { ...statement, ...more },
            ]),
          },
        ]),
      ),
    statement: (_, { predicateType }) =>
      Promise.resolve(success(predicateType === statement.predicateType ? text : "not asked for")),
  });
  const stored: Image = {
    ...shown,
    layers: shown.layers.map((each) => ({ ...each, digest: digest("7") as LayerDigest })),
  };

  async function sent(reader: AttestationReader | undefined, of = stored): Promise<unknown> {
    const { actions, asked } = dockerfilesOf({
      source: reader ? { attested: reader } : {},
      origins: { files: [file("Dockerfile", 9, null, line(4), null)] },
    });
    await actions.show({ ...layerNode(1), image: of, layer: of.layers[1] ?? layer(1) });
    const [{ provenance, layerDigests } = { provenance: "nothing was asked" }] = asked.origins;
    return [provenance, layerDigests];
  }

  test("provenance goes to the server with the digests of the layers", async () =>
    assert.deepEqual(await sent(attested('{"a":1}')), [{ a: 1 }, [digest("7"), digest("7"), digest("7")]]));
  test("provenance is left out if there is none or it can't be used", async () => {
    const none = [undefined, undefined];
    assert.deepEqual(await sent(undefined), none);
    assert.deepEqual(await sent(attested("{")), none);
    assert.deepEqual(await sent(attested("{}", { blobBytes: 1e9 as AttestedStatement["blobBytes"] })), none);
    assert.deepEqual(await sent(attested("{}"), shown), none);
    assert.deepEqual(
      await sent({
        ...attested("{}"),
        attestations: () => Promise.resolve(failure({ kind: "notFound", what: "x", message: "gone" })),
      }),
      none,
    );
  });
});
