import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { DiffId, Digest } from "../../../oci/core/digest.ts";
import { freedBy, spaceOf, type ByteSum, type StoredImage } from "../../../oci/images/space.ts";

/** Parses one image per line: `id: layer=bytes layer=? …`, base first. */
function images(text: string): readonly StoredImage[] {
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [id = "", layers = ""] = line.trim().split(":");
      return {
        id,
        layers: layers
          .trim()
          .split(/\s+/)
          .filter((layer) => layer !== "")
          .map(layerOf),
      };
    });
}

function layerOf(text: string): StoredImage["layers"][number] {
  const [name = "", size = "?"] = text.split("=");
  const diffId = `sha256:${name}` as DiffId;
  return size === "?" ? { diffId } : { diffId, bytes: Number(size) };
}

function shown({ bytes, unknownLayers }: ByteSum): string {
  return unknownLayers === 0 ? String(bytes) : `${bytes}+${unknownLayers}?`;
}

/** All sums, one image per line: `total = alone + shared`, and the other images with each layer. */
function print(stored: readonly StoredImage[]): string {
  const space = spaceOf(stored);
  const lines = [...space.images].map(
    ([id, { total, alone, shared, sharedWith }]) =>
      `${id}: ${shown(total)} = ${shown(alone)} + ${shown(shared)} [${sharedWith.map((others) => others.join(" ")).join(", ")}]`,
  );
  return [`${shown(space.total)} of ${shown(space.unshared)}`, ...lines].join("\n");
}

function check(text: string, ...expected: readonly string[]): void {
  assert.equal(print(images(text)), expected.join("\n"));
}

test("a layer shared by images is counted once", () => {
  check("a: base=200 x=25\nb: base=200", "225 of 425", "a: 225 = 25 + 200 [b, ]", "b: 200 = 0 + 200 [a]");
});

test("the same layer on top of other layers is stored separately", () => {
  check("a: x=1 y=10\nb: z=100 y=10", "121 of 121", "a: 11 = 11 + 0 [, ]", "b: 110 = 110 + 0 [, ]");
});

test("a layer that an image has twice is stored twice", () => {
  check("a: x=5 x=5", "10 of 10", "a: 10 = 10 + 0 [, ]");
});

test("an unknown size is not counted as 0", () => {
  check("a: base=? x=25\nb: base=? y=?", "25+2? of 25+3?", "a: 25+1? = 25 + 0+1? [b, ]", "b: 0+2? = 0+1? + 0+1? [a, ]");
});

test("a size known for one image applies to all images with the layer", () => {
  check("a: base=?\nb: base=7", "7 of 14", "a: 7 = 0 + 7 [b]", "b: 7 = 0 + 7 [a]");
});

test("a layer of 0 bytes has a known size", () => {
  check("a: x=0", "0 of 0", "a: 0 = 0 + 0 []");
});

test("an image without layers takes no space", () => {
  check("a:\nb: x=1", "1 of 1", "a: 0 = 0 + 0 []", "b: 1 = 1 + 0 []");
});

test("a blob is stored once, however often it is used", () => {
  const stored = images("a: x=1 y=10 x=1\nb: z=100 y=10").map(({ id, layers }) => ({
    id,
    layers: layers.map((layer) => ({ ...layer, blob: layer.diffId })),
  }));
  assert.equal(print(stored), ["111 of 121", "a: 11 = 1 + 10 [, b, ]", "b: 110 = 100 + 10 [, a]"].join("\n"));
  assert.equal(shown(freedBy(stored, new Set(["a"]))), "1");
});

test("two blobs of one layer are counted separately", () => {
  const [gzip, zstd] = ["gzip", "zstd"].map((blob) => ({
    id: blob,
    layers: images(`i: x=${blob.length}`).flatMap(({ layers }) =>
      layers.map((layer) => ({ ...layer, blob: `sha256:${blob}` as Digest })),
    ),
  }));
  assert.ok(gzip && zstd);
  assert.equal(
    shown(spaceOf([gzip, { ...zstd, layers: zstd.layers.map((layer) => ({ ...layer, bytes: 3 })) }]).total),
    "7",
  );
});

test("an image that is listed twice is counted once", () => {
  check("a: x=1\nb: y=2\na: x=1", "3 of 3", "a: 1 = 1 + 0 []", "b: 2 = 2 + 0 []");
});

test("an empty list takes no space", () => {
  assert.equal(print([]), "0 of 0");
});

test("layers that only the removed images share are freed", () => {
  const stored = images("a: base=100 mid=10 x=1\nb: base=100 mid=10 y=2\nc: base=100 z=?");
  assert.equal(shown(freedBy(stored, new Set(["a"]))), "1");
  assert.equal(shown(freedBy(stored, new Set(["a", "b"]))), "13");
  assert.equal(shown(freedBy(stored, new Set(["c"]))), "0+1?");
  assert.equal(shown(freedBy(stored, new Set(["a", "b", "c"]))), "113+1?");
  assert.equal(shown(freedBy(stored, new Set(["not here"]))), "0");
});

/** Few layers and short stacks, so that many begin alike; a size belongs to a chain and is known to some images. */
const randomImages: fc.Arbitrary<readonly StoredImage[]> = fc
  .array(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.boolean()), { maxLength: 5 }), { maxLength: 12 })
  .map((stacks) =>
    stacks.map((stack, index) => ({
      id: `i${index}`,
      layers: stack.map(([layer, isKnown], depth) => {
        const below = stack.slice(0, depth + 1).reduce((hash, [name]) => hash * 3 + name + 1, 0);
        return layerOf(`${layer}=${isKnown ? below : "?"}`);
      }),
    })),
  );

/** The definition, taken literally: by the text of the whole chain. */
function naive(stored: readonly StoredImage[]): {
  readonly sizes: ReadonlyMap<string, number | undefined>;
  readonly owners: ReadonlyMap<string, readonly string[]>;
  readonly chains: ReadonlyMap<string, readonly string[]>;
} {
  const sizes = new Map<string, number | undefined>();
  const owners = new Map<string, string[]>();
  const chains = new Map<string, readonly string[]>();
  for (const { id, layers } of stored) {
    const own = layers.map((_, index) =>
      layers
        .slice(0, index + 1)
        .map(({ diffId }) => diffId)
        .join(" "),
    );
    chains.set(id, own);
    for (const [index, chain] of own.entries()) {
      sizes.set(chain, sizes.get(chain) ?? layers[index]?.bytes);
      owners.set(chain, [...(owners.get(chain) ?? []), id]);
    }
  }
  return { sizes, owners, chains };
}

function naiveSum(sizes: readonly (number | undefined)[]): ByteSum {
  return {
    bytes: sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    unknownLayers: sizes.filter((size) => size === undefined).length,
  };
}

test("all sums of space match the definition", () => {
  fc.assert(
    fc.property(randomImages, (stored) => {
      const space = spaceOf(stored);
      const { sizes, owners, chains } = naive(stored);
      const sum = (some: readonly string[]): ByteSum => naiveSum(some.map((chain) => sizes.get(chain)));
      assert.deepEqual(space.total, naiveSum([...sizes.values()]));
      assert.deepEqual(space.unshared, sum([...chains.values()].flat()));
      for (const [id, own] of chains) {
        const isAlone = (chain: string): boolean => owners.get(chain)?.length === 1;
        const sharedWith = own.map((chain) => owners.get(chain)?.filter((owner) => owner !== id) ?? []);
        assert.deepEqual(
          { ...space.images.get(id) },
          {
            total: sum(own),
            alone: sum(own.filter(isAlone)),
            shared: sum(own.filter((chain) => !isAlone(chain))),
            sharedWith,
            sharedCounts: sharedWith.map((others) => others.length),
          },
        );
      }
    }),
  );
});

test("the freed space is the difference of the totals", () => {
  fc.assert(
    fc.property(randomImages, fc.uniqueArray(fc.integer({ min: 0, max: 11 })), (stored, picked) => {
      const removed = new Set(picked.map((index) => `i${index}`));
      const { sizes, owners } = naive(stored);
      const freed = [...owners]
        .filter(([, ids]) => ids.every((id) => removed.has(id)))
        .map(([chain]) => sizes.get(chain));
      assert.deepEqual(freedBy(stored, removed), naiveSum(freed));
    }),
  );
});
