import assert from "node:assert/strict";
import { describe as suite, test } from "node:test";
import { age } from "../../../../client/src/images/labels/age.ts";
import { describe, hasAged } from "../../../../client/src/images/labels/describe.ts";
import { gaugeSvg } from "../../../../client/src/images/labels/gauge.ts";
import { tooltipMarkdown } from "../../../../client/src/images/labels/tooltip.ts";
import { blobBytes, contentBytes } from "../../../../oci/core/bytes.ts";
import type { LayerDigest } from "../../../../oci/core/digest.ts";
import { imageNode, now } from "../fakeTree.ts";
import { digest, image, layer, step } from "../../../support/images/literalImages.ts";

suite("rows of images", () => {
  test("an image with several tags is one row", () => {
    const { label, description, contextValue } = describe(imageNode({ tags: ["app:latest", "app:1"] }), now);
    assert.deepEqual(
      [label, description, contextValue],
      ["app:1", "117 MB · 3 days ago · also app:latest", "image tagged engine"],
    );
  });

  test("an untagged image is marked as dangling and named by repository or ID", () => {
    assert.equal(describe(imageNode({ tags: [] }), now).label, "aaaaaaaaaaaa");
    const pulled = describe(imageNode({ tags: [], repoDigests: [`debian@${digest("b")}`] }), now);
    assert.deepEqual(
      [pulled.label, pulled.description, pulled.contextValue],
      ["debian@bbbbbbbbbbbb", "dangling · 117 MB · 3 days ago", "image dangling engine"],
    );
  });
});

test("a row has aged only when the text for its time changes", () => {
  const node = imageNode();
  const hours = (count: number): number => now + count * 3_600_000;
  assert.deepEqual([hasAged(node, now, hours(1)), hasAged(node, now, hours(25))], [false, true]);
});

suite("images that containers use", () => {
  test("a used image is marked with the number of its containers", () => {
    const about = describe(imageNode({ containers: 2 }), now);
    assert.deepEqual(
      [about.description, about.iconColor, about.contextValue],
      ["117 MB · 3 days ago · 2 containers", "charts.green", "image tagged engine inUse"],
    );
    assert.equal(about.accessibilityLabel, "Image debian:12, 117 MB, 3 days ago, 2 containers");
  });
  test("an image whose containers weren't counted is not marked as used", () =>
    assert.equal(describe(imageNode(), now).iconColor, undefined));
});

test("under its repository an image is named by tag, except for screen readers", () => {
  const about = describe({ ...imageNode({ tags: ["app:1", "app:latest", "other:2"] }), underRepository: "app" }, now);
  assert.deepEqual([about.label, about.description], ["1", "117 MB · 3 days ago · also latest, other:2"]);
  assert.match(about.accessibilityLabel ?? "", /^Image app:1, /);
  assert.equal(describe({ ...imageNode({ tags: ["app:1", "other:2"] }), repository: "other" }, now).label, "other:2");
});

test("an unknown size is described in words", () => {
  const { description, accessibilityLabel } = describe(imageNode({ engineBytes: undefined as never }), now);
  assert.deepEqual([description, accessibilityLabel], ["3 days ago", "Image debian:12, 3 days ago, size unknown"]);
});

test("a size that was added up from the layers is described as such in the row and tooltip", () => {
  const about = describe(
    { ...imageNode({ engineBytes: undefined as never }), layerTotal: { bytes: 700, unknownLayers: 1 } },
    now,
  );
  assert.equal(about.description, "≥ 700 B stored · 3 days ago");
  assert.equal(
    about.tooltip().facts.find(({ name }) => name === "Size")?.value,
    "layers as stored: ≥ 700 B, 1 layer of unknown size",
  );
});

suite("rows of layers", () => {
  const node = (more: object) =>
    describe(
      {
        kind: "layer",
        id: "x",
        sourceId: "engine",
        imageId: digest("a"),
        image: image({ layers: [layer(0)] }),
        layer: layer(0, { engineBytes: 5 }),
        ...more,
      },
      now,
    );
  test("a layer's gauge shows its share, coloured by who has it", () => {
    assert.deepEqual(
      [
        node({ share: 1 }).gauge,
        node({ share: 1, sharedCount: 0 }).gauge?.tone,
        node({ share: 1, sharedCount: 2 }).gauge?.tone,
      ],
      [{ share: 1, tone: "unknown" }, "own", "shared"],
    );
    assert.match(node({ share: 0.999, sharedCount: 1 }).accessibilityLabel ?? "", />99 % of the image/);
    assert.equal(
      node({ share: 0.001, sharedCount: 1 }).accessibilityLabel,
      "Layer 1 of 1, 5 B, <1 % of the image, no history recorded, shared with 1 image",
    );
    assert.equal(node({}).gauge, undefined);
  });
  test("the tooltip of a gauge explains the colour", () => {
    const share = (sharedCount?: number) =>
      node({ share: 0.5, ...(sharedCount === undefined ? {} : { sharedCount }) })
        .tooltip()
        .facts.find(({ name }) => name === "Share")?.value;
    assert.deepEqual(
      [share(), share(0), share(2)],
      [
        "50 % of the image's layers (grey bar: not known whether it is shared)",
        "50 % of the image's layers (orange bar: only in this image)",
        "50 % of the image's layers (blue bar: shared)",
      ],
    );
  });
  test("a layer that was imported from standard input is an imported file system", () => {
    const imported = (comment: string) => node({ layer: layer(0, { step: { ...step(""), comment } }) }).label;
    assert.deepEqual(
      [imported("Imported from -"), imported("Imported from base.tar")],
      ["Imported file system", "Imported from base.tar"],
    );
  });
  test("a layer of another platform can't be compared", () => {
    assert.equal(node({ platform: { os: "linux", architecture: "arm64" } }).contextValue, "foreign");
  });
  test("a share above zero is visible", () => {
    const heights = (share: number) =>
      [...gaugeSvg({ share, tone: "own" }, "light").matchAll(/height="(\d+)" rx/g)].map(([, height]) => Number(height));
    assert.deepEqual([heights(0), heights(0.001), heights(0.5), heights(1)], [[14], [14, 1], [14, 7], [14, 14]]);
  });
});

suite("the size of a layer", () => {
  const described = (more: Parameters<typeof layer>[1]) => {
    const about = describe(
      {
        kind: "layer",
        id: "x",
        sourceId: "engine",
        imageId: digest("a"),
        image: image({ layers: [layer(0)], engineSizeKind: "content" }),
        layer: layer(0, { step: step("RUN x"), ...more }),
      },
      now,
    );
    return [about.description, about.tooltip().facts.find(({ name }) => name === "Size")?.value];
  };
  test("the most exact size of a layer is shown, with its kind in the tooltip", () => {
    assert.deepEqual(described({ contentBytes: contentBytes(1500), engineBytes: 3000, blobBytes: blobBytes(700) }), [
      "1.50 kB · x",
      "1.50 kB (1,500 bytes), file content, uncompressed",
    ]);
    assert.deepEqual(described({ engineBytes: 3000, blobBytes: blobBytes(700) }), [
      "3.00 kB · x",
      "3.00 kB (3,000 bytes), file content, as reported by the engine",
    ]);
    assert.deepEqual(described({ blobBytes: blobBytes(700) }), [
      "700 B stored · x",
      "700 B, the blob as stored, usually compressed",
    ]);
  });
  test("an unknown layer size is not 0", () => {
    assert.deepEqual(described({}), ["size unknown · x", "Not available from this source"]);
    assert.deepEqual(described({ engineBytes: 0 }), ["0 B · x", "0 B, file content, as reported by the engine"]);
  });
});

test("a layer shows its DiffID, and its digest if the source reports it", () => {
  const facts = (more: Parameters<typeof layer>[1]) =>
    describe(
      {
        kind: "layer",
        id: "x",
        sourceId: "e",
        imageId: digest("a"),
        image: image({ layers: [layer(0)] }),
        layer: layer(0, more),
      },
      now,
    );
  const about = facts({ digest: digest("d") as LayerDigest, step: step("RUN x") });
  assert.equal(about.contextValue, "layer base digest step");
  assert.deepEqual(
    about
      .tooltip()
      .facts.slice(1)
      .map(({ name, value }) => [name, value]),
    [
      ["DiffID", digest("0")],
      ["Layer digest", digest("d")],
    ],
  );
  assert.match(
    facts({})
      .tooltip()
      .facts.find(({ name }) => name === "Layer digest")?.value ?? "",
    /^Not available from this source/,
  );
  assert.equal(facts({}).contextValue, "layer base");
});

test("a long instruction is cut in the row but not in the tooltip", () => {
  const about = describe(
    {
      kind: "step",
      id: "x",
      sourceId: "engine",
      image: image(),
      step: step(`ENV A=${"b".repeat(5000)}`),
      layer: "none",
    },
    now,
  );
  assert.ok(about.description.length < 250);
  assert.equal(about.tooltip().code?.length, 5006);
  assert.ok(tooltipMarkdown(about.tooltip()).length < 5000);
});

suite("Markdown in tooltips", () => {
  const hostile = "[click](command:evil) <img src=x> `code` | **bold** \n# head";
  test("text from an image isn't interpreted as Markdown", () => {
    const markdown = tooltipMarkdown({ title: hostile, facts: [{ name: "Author", value: hostile }], note: hostile });
    assert.ok(!/[^\\][[\]<>`*#]/.test(markdown.replace(/^\*\*|\*\*$/gm, "").replace(/\\./g, "")), markdown);
  });
  test("literal values and code keep their backticks inside longer fences", () => {
    const markdown = tooltipMarkdown({
      title: "x",
      facts: [{ name: "Path", value: "a``b|c", isLiteral: true }],
      code: "```\nRUN x",
    });
    assert.match(markdown, /``` a``b\\\|c ```/);
    assert.match(markdown, /````dockerfile\n```\nRUN x\n````/);
  });
});

test("ages use the largest whole unit, and the epoch is not a date", () => {
  const day = 86_400_000;
  assert.deepEqual(
    [
      age(now - 1000, now),
      age(now - 90_000, now),
      age(now - 3 * day, now),
      age(now - 400 * day, now),
      age(0, now),
      age(now + day, now),
    ],
    ["just now", "1 minute ago", "3 days ago", "1 year ago", "undated", "just now"],
  );
});
