import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { childrenOf } from "../../../../client/src/images/children.ts";
import type { RowContext } from "../../../../client/src/images/rows/context.ts";
import type { ImageTreeNode, SectionNode } from "../../../../client/src/images/node.ts";
import { blobBytes } from "../../../../oci/core/bytes.ts";
import type { ManifestDigest } from "../../../../oci/core/digest.ts";
import type { Image, ImageSummary, ManifestSummary } from "../../../../oci/core/image.ts";
import { archiveNode, draw, context, imageNode, never, readers, rowOf } from "../fakeTree.ts";
import { digest, image, layer, step, summary, config } from "../../../support/images/literalImages.ts";

/** A base, an image built on it, and one that shares nothing with them; sizes in bytes. */
const base = image({
  id: digest("1"),
  engineSizeKind: "content",
  layers: [layer(0, { engineBytes: 1000 })],
  config: config({ history: [step("ADD base")] }),
});
const built = image({
  id: digest("2"),
  engineSizeKind: "content",
  layers: [layer(0, { engineBytes: 1000 }), layer(1, { engineBytes: 200 })],
  config: config({ history: [step("ADD base"), step("RUN make")] }),
});
const other = image({
  id: digest("3"),
  engineSizeKind: "content",
  layers: [layer(0, { diffId: layer(7).diffId, engineBytes: 50 })],
});
const images: readonly ImageSummary[] = [
  summary({ id: base.id, tags: ["base:1"], engineBytes: 1000, containers: 0 }),
  summary({ id: built.id, tags: ["app:1"], engineBytes: 1200, containers: 2 }),
  summary({ id: other.id, tags: [], engineBytes: 50, containers: 0 }),
];
const byId = (id: string): Image => [base, built, other].find((each) => each.id === id) ?? image();
const on = (): RowContext => context(readers({}, images, byId));
const rowFor = (name: string, drawn: RowContext): Promise<ImageTreeNode> => rowOf(name, undefined, drawn);

describe("disk space of a source", () => {
  test("disk space counts every layer once and lists the images that would free space", async () => {
    const drawn = on();
    const space = await rowFor("Disk Space", drawn);
    assert.equal(
      await draw(space, drawn),
      `
On disk, shared layers once | 1.25 kB
Without sharing | 2.25 kB
Dangling Images | 50 B reclaimable · 1 image
Unused Images | 50 B reclaimable · 2 images
Largest Savings | 2 images`,
    );
    assert.equal(
      await draw(await rowOf("Largest Savings", space, drawn), drawn),
      `
app:1 | 200 B reclaimable · 1.20 kB · 3 days ago · 2 containers
333333333333 | 50 B reclaimable · dangling · 50 B · 3 days ago`,
    );
  });

  test("disk space is a lower bound if the store also has blobs and other platforms", async () => {
    const drawn = context(
      readers({}, images, (id) => ({ ...byId(id), engineSizeKind: "disk" })),
      { groupBy: "source" },
    );
    const source = await rowFor("Container engine", drawn);
    const rows = await draw(await rowOf("Disk Space", source, drawn), drawn);
    assert.match(
      rows,
      /^\nOn disk, shared layers once \| ≥ 1\.25 kB\nWithout sharing \| ≥ 2\.25 kB\nDangling Images \| ≥ 50 B reclaimable · 1 image\n/,
    );
    assert.match(await draw(undefined, drawn), /^\nContainer engine \| ≥ 1\.25 kB/);
    assert.match(
      await draw(await rowOf("Space", await rowOf("app:1", source, drawn), drawn), drawn),
      /^\nUnique \| 200 B\n.*\nTotal, unpacked \| 1\.20 kB\nFreed by removing it \| ≥ 200 B$/ms,
    );
  });

  test("disk space is on its own row and the source's once it is known", async () => {
    const drawn = context(readers({}, images, byId), { groupBy: "source" });
    const source = await rowFor("Container engine", drawn);
    await childrenOf(await rowOf("Disk Space", source, drawn), drawn, never);
    assert.equal(
      await draw(undefined, drawn),
      `
Container engine | 1.25 kB · unix:///d.sock`,
    );
    assert.match(await draw(source, drawn), /^\nDisk Space \| 1\.25 kB\n/);
  });

  test("disk space reports unknown sizes", async () => {
    const drawn = context(
      readers({}, [summary({ id: base.id }), summary({ id: other.id }), summary({ id: built.id })], (id) =>
        id === other.id
          ? image({ ...other, layers: [layer(0, { diffId: layer(7).diffId })] })
          : id === built.id
            ? ({ kind: "notFound", what: "app:1", message: "gone" } as never)
            : byId(id),
      ),
    );
    const rows = await draw(await rowFor("Disk Space", drawn), drawn);
    assert.match(rows, /\nOn disk, shared layers once \| ≥ 1\.00 kB, 1 layer of unknown size\n/);
    assert.match(rows, /\n1 image couldn't be read \| not counted$/);
    assert.doesNotMatch(rows, /Unused/, "without counted containers nobody knows what is unused");
    const one = { ...imageNode(), summary: summary({ id: base.id }) };
    const space = await rowOf("Space", one, drawn);
    assert.match(await draw(space, drawn), /\n1 image couldn't be read \| and may share these layers$/);
    const [lowest] = await childrenOf(await rowOf("Layers", one, drawn), drawn, never);
    assert.equal(
      lowest?.kind === "layer" && lowest.sharedCount,
      undefined,
      "an image that could not be read may have it too",
    );
    assert.match(await draw(one, drawn), /\nDerived Images \| ≥ 0\n/);
    assert.equal(
      await draw(await rowOf("Derived Images", one, drawn), drawn),
      "\nNo images here are built on this one |\n1 image couldn't be read | and may be built on this one",
    );
    assert.equal(
      await draw(await rowOf("Built from", one, drawn), drawn),
      "\n1 image couldn't be read | and may be the base\nBase image not found | not recorded, no match by layers",
    );
  });
});

describe("rows that compare an image with others", () => {
  test("an image names its base and the confidence in it", async () => {
    const drawn = on();
    const section = await rowOf("Built from", await rowFor("app:1", drawn), drawn);
    assert.equal(
      await draw(section, drawn),
      `
base:1 | 1.00 kB · 3 days ago
Evidence | shares the lowest layers, not recorded
Base layers | 1 of 2`,
    );
    assert.equal(
      ((await rowOf("Built from", await rowFor("app:1", drawn), drawn)) as SectionNode).summary,
      "base:1 — shares the lowest layers, not recorded",
    );
  });

  test("a recorded base is shown before anything else is read", async () => {
    const labels = {
      "org.opencontainers.image.base.name": "docker.io/library/debian:12",
      "org.opencontainers.image.base.digest": digest("d"),
    };
    const drawn = context(readers({}, images, () => image({ config: config({ labels }) })));
    assert.match(await draw(imageNode(), drawn), /\nBuilt from \| docker\.io\/library\/debian:12 — recorded\n/);
  });

  test("an image without a base says so", async () => {
    const drawn = on();
    assert.equal(
      await draw(await rowOf("Built from", await rowFor("base:1", drawn), drawn), drawn),
      `
Base image not found | not recorded, no match by layers`,
    );
  });

  test("an image lists the images built on it", async () => {
    const drawn = on();
    assert.equal(
      await draw(await rowOf("Derived Images", await rowFor("base:1", drawn), drawn), drawn),
      `
app:1 | 1.20 kB · 3 days ago · 2 containers`,
    );
    assert.match(await draw(await rowFor("base:1", drawn), drawn), /\nDerived Images \| 1\n/);
  });

  test("an image without derived images has no row for them once all images are read", async () => {
    const drawn = on();
    assert.match(await draw(await rowFor("app:1", drawn), drawn), /\nDerived Images \|\n/);
    await childrenOf(await rowFor("Disk Space", drawn), drawn, never);
    assert.doesNotMatch(await draw(await rowFor("app:1", drawn), drawn), /Derived Images/);
  });

  test("an image shows its exclusive space, its shared space, and the space that a removal frees", async () => {
    const drawn = on();
    assert.equal(
      await draw(await rowOf("Space", await rowFor("app:1", drawn), drawn), drawn),
      `
Unique | 200 B
Shared | 1.00 kB · with 1 image
Total | 1.20 kB
Freed by removing it | 200 B
2 containers use it | remove these first`,
    );
    assert.match(await draw(await rowFor("app:1", drawn), drawn), /\nSpace \| unique 200 B · shared 1\.00 kB$/);
  });

  test("layers show which other images have them, once that is known", async () => {
    const drawn = on();
    await childrenOf(await rowFor("Disk Space", drawn), drawn, never);
    const layers = await rowOf("Layers", await rowFor("app:1", drawn), drawn);
    assert.match(
      await draw(layers, drawn),
      /^\nLayer 1 of 2 \| 1\.00 kB · no history recorded · shared with 1 image\n/,
    );
    const [lowest] = await childrenOf(layers, drawn, never);
    assert.equal(
      await draw(await rowOf("Shared with", lowest, drawn), drawn),
      `
base:1 | 1.00 kB · 3 days ago`,
    );
  });

  test("images are grouped by base, those with unknown bases last", async () => {
    const drawn = context(readers({}, images, byId), { groupBy: "base" });
    assert.equal(
      await draw(undefined, drawn),
      `
Disk Space |
Likely built from base:1 | 1 image · 1.20 kB · 3 days ago
Base image not found | 2 images · 1.05 kB · 3 days ago`,
    );
    assert.equal(
      await draw(await rowFor("Base image not found", drawn), drawn),
      `
base:1 | 1.00 kB · 3 days ago
333333333333 | dangling · 50 B · 3 days ago`,
    );
  });
});

test("an image without a listed size has the size of its layers once they are read", async () => {
  const stored = image({ layers: [layer(0, { blobBytes: blobBytes(700) })] });
  const drawn = context(readers({ archives: [archiveNode] }, [summary({ engineBytes: undefined as never })], stored));
  assert.equal(await draw(archiveNode, drawn), "\nSize of the Layers |\ndebian:12 | 3 days ago");
  assert.equal(
    await draw(await rowOf("Size of the Layers", archiveNode, drawn), drawn),
    "\nIn the archive, shared layers once | 700 B\nWithout sharing | 700 B",
  );
  assert.equal(await draw(archiveNode, drawn), "\nSize of the Layers | 700 B\ndebian:12 | 700 B stored · 3 days ago");
});

test("an archive with images of several platforms has a lower bound as its size", async () => {
  const manifests = ["a", "b"].map((digit): ManifestSummary => ({
    digest: digest(digit) as ManifestDigest,
    mediaType: "x",
    kind: "image",
    annotations: {},
  }));
  const drawn = context(
    readers(
      { archives: [archiveNode] },
      [summary({ engineBytes: undefined as never })],
      image({ layers: [layer(0, { blobBytes: blobBytes(700) })], manifests }),
    ),
  );
  assert.match(
    await draw(await rowOf("Size of the Layers", archiveNode, drawn), drawn),
    /^\nIn the archive, shared layers once \| ≥ 700 B\n/,
  );
});

test("a source that is slow to list doesn't delay the rows of the others", async () => {
  const tree = readers({ archives: [archiveNode] }, []);
  const slow = new Promise<never>(() => undefined);
  assert.equal(
    await draw(
      undefined,
      context({
        ...tree,
        source: () => ({
          kind: "engine",
          list: () => slow,
          image: () => slow,
          catalog: { known: () => undefined, complete: () => slow },
        }),
      }),
    ),
    "\nContainer engine | unix:///d.sock\nx.tar | archive",
  );
});

test("the layout of images never causes requests to a registry", async () => {
  const registry = { ...archiveNode, id: "registry", sourceId: "registry", sourceKind: "registry" } as const;
  const asked: string[] = [];
  const tree = readers({ archives: [], registry }, [summary()], (id) => (asked.push(id), image()));
  assert.equal(await draw(registry, context(tree, { groupBy: "base" })), "\ndebian:12 | 117 MB · 3 days ago");
  assert.deepEqual(asked, []);
});

describe("long lists", () => {
  test("a repository with one image has no row of its own, and under one its name isn't repeated", async () => {
    const drawn = context(
      readers({}, [
        summary({ id: digest("1"), tags: ["a:1", "a:2", "b:1"] }),
        summary({ id: digest("2"), tags: ["a:3"] }),
      ]),
    );
    assert.equal(
      await draw(undefined, drawn),
      `
Disk Space |
a | 2 images · 3 days ago
b:1 | 117 MB · 3 days ago · also a:1, a:2`,
    );
    assert.equal(
      await draw(await rowOf("a", undefined, drawn), drawn),
      `
1 | 117 MB · 3 days ago · also 2, b:1
3 | 117 MB · 3 days ago`,
    );
  });

  test("long names are cut to their end, and the rest comes after everything else", async () => {
    const drawn = context(
      readers({}, [
        summary({ id: digest("1"), tags: ["registry.example.com/team/a:1"] }),
        summary({ id: digest("2"), tags: ["registry.example.com/a/project:1"] }),
        summary({ id: digest("3"), tags: ["registry.example.com/a/project:2"] }),
      ]),
    );
    assert.equal(
      await draw(undefined, drawn),
      `
Disk Space |
a:1 | 117 MB · 3 days ago · registry.example.com/team
project | 2 images · 3 days ago · registry.example.com/a`,
    );
  });

  test("a filter keeps matching images and says if there are none", async () => {
    const tree = readers({}, [
      summary({ id: digest("1"), tags: ["a:1"] }),
      summary({ id: digest("2"), tags: ["b:1"] }),
    ]);
    assert.equal(await draw(undefined, context(tree, { filter: "b" })), "\nb:1 | 117 MB · 3 days ago");
    assert.equal(await draw(undefined, context(tree, { filter: "c" })), "\nNo images match | “c”");
  });

  test("hidden dangling images are counted", async () => {
    const drawn = context(
      readers({}, [summary({ id: digest("1"), tags: ["a:1"] }), summary({ id: digest("2"), tags: [] })]),
      { showsDangling: false },
    );
    assert.match(await draw(undefined, drawn), /\n1 dangling image hidden \|$/);
  });

  test("more than 1,000 rows are folded into one", async () => {
    const many = Array.from({ length: 2500 }, (_, index) =>
      summary({ id: `sha256:${String(index).padStart(64, "0")}`, tags: [`r${index}:1`] }),
    );
    const drawn = context(readers({}, many));
    const rows = await childrenOf(undefined, drawn, never);
    assert.equal(rows.length, 1002);
    const more = await childrenOf(rows.at(-1), drawn, never);
    assert.deepEqual([more.length, (await childrenOf(more.at(-1), drawn, never)).length], [1001, 500]);
  });
});
