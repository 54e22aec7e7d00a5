import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { childrenOf } from "../../../../client/src/images/children.ts";
import { describe as describeRow } from "../../../../client/src/images/labels/describe.ts";
import type { RowContext } from "../../../../client/src/images/rows/context.ts";
import type { ImageTreeNode } from "../../../../client/src/images/node.ts";
import { blobBytes, contentBytes } from "../../../../oci/core/bytes.ts";
import type { ManifestDigest } from "../../../../oci/core/digest.ts";
import type { Layer } from "../../../../oci/core/image.ts";
import type { OciError } from "../../../../oci/core/error.ts";
import { archiveNode, draw, context, engineNode, imageNode, never, now, readers, rowOf } from "../fakeTree.ts";
import { digest, image, layer, step, summary } from "../../../support/images/literalImages.ts";

const unreachable: OciError = {
  kind: "engineUnreachable",
  endpoint: "unix:///a.sock",
  tried: ["unix:///a.sock", "unix:///b.sock"],
  message: "nothing there",
};

describe("rows of the root", () => {
  test("the images of a single engine are at the root, newest first", async () => {
    const images = [
      summary({ id: digest("1"), tags: ["old:1"], created: 1 }),
      summary({ id: digest("2"), tags: ["undated:1"], created: undefined as never }),
      summary({ id: digest("3"), tags: ["new:1"] }),
    ];
    assert.equal(
      await draw(undefined, context(readers({}, images))),
      `
Disk Space |
new:1 | 117 MB · 3 days ago
old:1 | 117 MB · 54 years ago
undated:1 | 117 MB`,
    );
  });

  test("each source is a row if an archive is open", async () => {
    const on = context(readers({ archives: [archiveNode] }, [summary()]));
    assert.equal(
      await draw(undefined, on),
      `
Container engine | unix:///d.sock
x.tar | archive`,
    );
    assert.equal(
      await draw(archiveNode, on),
      `
Size of the Layers |
debian:12 | 117 MB · 3 days ago`,
    );
  });

  test("an empty source with a row says so", async () => {
    assert.equal(
      await draw(engineNode, context(readers({}, []))),
      `
No images here |`,
    );
  });

  test("a missing engine is reported with actions and the list of what was tried", async () => {
    const on = context(readers({ engines: [{ kind: "absent", source: engineNode, error: unreachable }] }, []));
    assert.equal(
      await draw(undefined, on),
      `
No container engine is responding |
Try Again |
Open an Image Archive… |
Switch Engine… |
Checked 2 sockets | unix:///a.sock, unix:///b.sock`,
    );
    assert.equal(
      await draw(await rowOf("Checked 2 sockets", undefined, on), on),
      `
unix:///a.sock |
unix:///b.sock |`,
    );
  });

  test("a configured engine that doesn't respond is named", async () => {
    const on = context(
      readers(
        { engines: [{ kind: "absent", source: engineNode, error: { ...unreachable, tried: ["tcp://build:2376"] } }] },
        [],
      ),
    );
    assert.match(await draw(undefined, on), /\nChecked tcp:\/\/build:2376 \| nothing there$/);
  });

  test("a refused connection says what to do, with commands to copy", async () => {
    const on = context(
      readers(
        {
          engines: [
            {
              kind: "absent",
              source: engineNode,
              error: { kind: "engineRefused", endpoint: "unix:///a.sock", message: "join the group" },
            },
          ],
        },
        [],
      ),
    );
    assert.match(await draw(undefined, on), /Permission denied: unix:\/\/\/a.sock \| join the group/);
    assert.equal(
      await draw(await rowOf("How to get access", undefined, on), on),
      `
Join the docker group | sudo usermod -aG docker $USER
Run your own rootless engine | dockerd-rootless-setuptool.sh install`,
    );
  });

  test("a lookup in progress is shown", async () => {
    assert.equal(
      await draw(
        undefined,
        context(readers({ engines: [{ kind: "looking", source: { ...engineNode, address: "" } }] }, [])),
      ),
      `
Connecting to a container engine… |`,
    );
  });

  test("an archive can be used without an engine", async () => {
    const on = context(
      readers({ engines: [{ kind: "absent", source: engineNode, error: unreachable }], archives: [archiveNode] }, []),
    );
    assert.equal(
      await draw(undefined, on),
      `
x.tar | archive
No container engine is responding |`,
    );
    assert.equal((await childrenOf((await childrenOf(undefined, on, never)).at(-1), on, never)).length, 4);
  });

  test("an empty root is left to the welcome text", async () => {
    assert.deepEqual(await childrenOf(undefined, context(readers({}, [])), never), []);
    assert.deepEqual(await childrenOf(undefined, context(readers({ isTrusted: false }, [summary()])), never), []);
  });

  test("an additional engine that is gone can be retried or removed", async () => {
    const gone = { ...engineNode, id: "engine:tcp://b", sourceId: "engine:tcp://b", label: "b" };
    const on = context(
      readers(
        {
          engines: [
            { kind: "ready", source: engineNode },
            { kind: "absent", source: gone, error: { ...unreachable, tried: ["tcp://b"] } },
          ],
        },
        [],
      ),
    );
    assert.match(
      await draw(await rowOf("b: No container engine is responding", undefined, on), on),
      /\nTry Again \|\n.*\nHide Engine \|\nChecked tcp:\/\/b \| nothing there$/s,
    );
  });

  test("an engine whose connection was lost is named by its endpoint", async () => {
    const lost = { kind: "absent", source: engineNode, error: unreachable, lostEndpoint: "unix:///a.sock" } as const;
    assert.match(
      await draw(undefined, context(readers({ engines: [lost] }, []))),
      /^\nLost connection to unix:\/\/\/a\.sock \|\nTry Again/,
    );
    const other = { ...lost, source: { ...engineNode, id: "engine:b", sourceId: "engine:b", label: "b.sock" } };
    assert.match(
      await draw(undefined, context(readers({ engines: [{ kind: "ready", source: engineNode }, other] }, []))),
      /\nb\.sock: Lost connection \|/,
    );
  });

  test("references of registries are listed without trust too", async () => {
    const registry = {
      ...archiveNode,
      id: "registry",
      sourceId: "registry",
      sourceKind: "registry",
      label: "Registries",
      address: "not contacted in Restricted Mode",
    } as const;
    assert.equal(
      await draw(undefined, context(readers({ isTrusted: false, registry }, [summary()]))),
      `
Registries | not contacted in Restricted Mode`,
    );
  });

  test("a failing list is shown as a row", async () => {
    const rows = await childrenOf(
      undefined,
      context(readers({}, { kind: "badAnswer", endpoint: "unix:///d.sock", message: "no JSON" })),
      never,
    );
    assert.deepEqual(
      rows.map((row) => [row.kind, "severity" in row && row.severity]),
      [["notice", "error"]],
    );
  });
});

describe("rows of an image", () => {
  const built = image({
    layers: [
      layer(0, { step: step("/bin/sh -c #(nop) ADD file:abc in / "), engineBytes: 117_000_000 }),
      layer(1, {
        step: step("RUN /bin/sh -c make # buildkit"),
        engineBytes: 39_000_000,
        emptyStepsBefore: [step('/bin/sh -c #(nop)  CMD ["bash"]'), step("ENV A=b")],
      }),
    ],
    emptyStepsAfter: [step("USER app")],
    configDigest: digest("a"),
  });

  test("an image opens into its sections", async () => {
    assert.equal(
      await draw(imageNode(), context(readers({}, [summary()], built))),
      `
Layers | 2
History | 5 steps
Configuration | no default command as root
Tags and Digests | image ID aaaaaaaaaaaa
Built from |
Derived Images |
Space |`,
    );
  });

  test("an image's layers are listed base first, with their share of its size", async () => {
    const on = context(readers({}, [summary()], built));
    const section = await rowOf("Layers", imageNode(), on);
    assert.equal(
      await draw(section, on),
      `
ADD | 117 MB · file:abc in /
RUN | 39.0 MB · make`,
    );
    const gauges = (await childrenOf(section, on, never)).map((row) => describeRow(row, now).gauge);
    assert.deepEqual(gauges, [
      { share: 0.75, tone: "unknown" },
      { share: 0.25, tone: "unknown" },
    ]);
  });

  test("an image's history is listed oldest first, with the layer of each step", async () => {
    const on = context(readers({}, [summary()], built));
    assert.equal(
      await draw(await rowOf("History", imageNode(), on), on),
      `
ADD | layer 1, 117 MB · file:abc in /
CMD | ["bash"]
ENV | A=b
RUN | layer 2, 39.0 MB · make
USER | app`,
    );
  });

  test("layers of unknown size have no share", async () => {
    const on = context(readers({}, [], image({ layers: [layer(0, { engineBytes: 5 }), layer(1)] })));
    assert.equal(
      await draw(await rowOf("Layers", imageNode(), on), on),
      `
Layer 1 of 2 | 5 B · no history recorded
Layer 2 of 2 | size unknown · no history recorded`,
    );
  });

  test("shares are of one kind of size, known for all layers", async () => {
    const shares = async (...layers: readonly Layer[]) =>
      (await childrenOf(await rowOf("Layers", imageNode(), one(layers)), one(layers), never)).map(
        (row) => row.kind === "layer" && row.share,
      );
    const one = (layers: readonly Layer[]): RowContext => context(readers({}, [], image({ layers })));
    assert.deepEqual(
      await shares(
        layer(0, { contentBytes: contentBytes(9), blobBytes: blobBytes(1) }),
        layer(1, { blobBytes: blobBytes(3) }),
      ),
      [0.25, 0.75],
    );
    assert.deepEqual(await shares(layer(0, { contentBytes: contentBytes(9) }), layer(1, { blobBytes: blobBytes(3) })), [
      undefined,
      undefined,
    ]);
  });

  test("history that doesn't match is reported and remains readable", async () => {
    const history = [step("one"), step("two")];
    const on = context(
      readers({}, [], image({ layers: [layer(0)], historyPairing: "none", config: { ...image().config, history } })),
    );
    assert.match(
      await draw(imageNode(), on),
      /^\nHistory does not match the layers \| 2 steps, 1 layer\nLayers \| 1\n/,
    );
    const section = await rowOf("History", imageNode(), on);
    assert.equal(
      await draw(section, on),
      `
one |
two |`,
    );
    assert.equal(
      await draw((await childrenOf(section, on, never))[0], on),
      `
Layer | layer not recorded
Command | one`,
    );
  });

  test("an image that is gone meanwhile is shown as a row, not as an empty list", async () => {
    const rows = await childrenOf(
      imageNode(),
      context(readers({}, [], { kind: "notFound", what: "debian:12", message: "no such image" })),
      never,
    );
    assert.deepEqual(
      rows.map((row) => row.kind === "notice" && row.label),
      ["Not found: debian:12"],
    );
  });

  test("an image without layers says so", async () => {
    const on = context(readers({}, [], image()));
    assert.equal(
      await draw(await rowOf("Layers", imageNode(), on), on),
      `
No layers | the file system is empty`,
    );
    assert.equal(
      await draw(await rowOf("History", imageNode(), on), on),
      `
No history | the image doesn't record its build steps`,
    );
  });
});

describe("rows of a layer", () => {
  const on = context(
    readers(
      {},
      [summary()],
      image({
        id: digest("a"),
        engineSizeKind: "content",
        layers: [
          layer(0),
          layer(1, {
            engineBytes: 1500,
            step: step("RUN |1 A=b /bin/sh -c make", {
              created: "2024-01-01T00:00:00Z",
              comment: "buildkit.dockerfile.v0",
            }),
          }),
        ],
      }),
    ),
  );
  const layers = async (): Promise<readonly ImageTreeNode[]> =>
    childrenOf(await rowOf("Layers", imageNode(), on), on, never);

  test("a layer opens into every identity by kind, sizes by what they count, and its step", async () => {
    assert.equal(
      await draw((await layers())[1], on),
      `
Engine size | 1.50 kB (1,500 bytes)
DiffID | ${digest("1")}
Layer digest | Not available from this source
ChainID | sha256:f94b891e05f6e37c90d87edfd5bb98a02d618a437c35f3a94b3b00e48e894631
Command | RUN |1 A=b /bin/sh -c make
Build arguments | A=b
Created | 2024-01-01 00:00:00 UTC
Comment | buildkit.dockerfile.v0`,
    );
  });

  test("the ChainID of the lowest layer is its DiffID", async () => {
    assert.match(await draw((await layers())[0], on), new RegExp(`\nChainID \\| ${digest("0")}`));
  });
});

describe("IDs of rows", () => {
  test("row IDs are unique in the whole tree and stay the same", async () => {
    const one = image({
      layers: [layer(0, { emptyStepsBefore: [step("A"), step("A")] }), layer(1, { diffId: layer(0).diffId })],
      emptyStepsAfter: [step("A")],
      config: { ...image().config, env: ["A=1", "A=2"] },
    });
    const images = [
      summary({ tags: ["a:1", "a:2", "b:1"] }),
      summary({ id: digest("b"), tags: ["a:3"] }),
      summary({ id: digest("c"), tags: [] }),
    ];
    const on = context(readers({}, images, (id) => ({ ...one, id })));
    // Rows that turn out to be empty disappear once all images are read.
    await allIds(undefined, on, 6);
    const ids = await allIds(undefined, on, 6);
    assert.equal(new Set(ids).size, ids.length);
    assert.ok(ids.length > 200, String(ids.length));
    assert.deepEqual(await allIds(undefined, on, 6), ids);
  });

  test("row IDs are unique whatever names images, manifests and annotations have", async () => {
    const manifest = { digest: digest("d") as ManifestDigest, mediaType: "x", kind: "image", annotations: {} } as const;
    const attestation = {
      ...manifest,
      kind: "attestation",
      annotations: { "Manifest digest": "a", "Media type": "b", About: "c" },
    } as const;
    const one = image({ layers: [layer(0)], manifests: [manifest, manifest, attestation, attestation] });
    const names = ["space", "nameless", "more", "x", "x/layers", "x%2Flayers"];
    const images = [...names.map((id) => summary({ id, tags: ["app:1", "b:2"] })), summary({ id: "y", tags: [] })];
    for (const groupBy of ["repository", "base"] as const) {
      const ids = await allIds(
        undefined,
        context(
          readers({}, images, (id) => ({ ...one, id })),
          { groupBy },
        ),
        6,
      );
      assert.deepEqual(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        [],
      );
    }
  });

  async function allIds(parent: ImageTreeNode | undefined, on: RowContext, depth: number): Promise<readonly string[]> {
    if (depth === 0) return [];
    const rows = await childrenOf(parent, on, never);
    const inside = await Promise.all(rows.map((row) => allIds(row, on, depth - 1)));
    return [...rows.map(({ id }) => id), ...inside.flat()];
  }
});
