import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { bunzip2 } from "../../../oci/tar/bzip2.ts";
import { CompressedDataError } from "../../../oci/tar/compressedData.ts";
import { unxz } from "../../../oci/tar/xz.ts";

const text = Array.from({ length: 300 }, (_, line) => `line ${line} of the text\n`).join("") + "a".repeat(1000);
const packed = {
  xz: Buffer.from(
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4BwVAVpdADYaSh8IoCYDTQad+LKKIkUYs3IS1S1x72Wfti/hVx3CTxD+GW/qXJgNnwbYiq8dreVh7rjJv3jF5Fs36gUBzxY7MNrS0lfe7k8hp5DnjrTDu+6UDfjjpGTr6se26jvy8M1h19GQum6hPet90zR4k5/2GHUPB6B2q3z+NPWj7/UPBk6d3a6untxcnHTn5TIAyfGsET2vBuqN/qSqfCJECci7JBwWbkVg7dKilexjXIHmxWAHaGRYf/HEmGp9pPFc7LNrlU7yD4tOWoUhNvECo2/iBY/v5/tzLpDsJEYDd0BDnEV5vVulSuu43vMLjl6gheOXENryR98klNMKam0l6AbYcaw0i8Yg8FQmwtK+UteRvAug8Q9WuR7osM6CZifaOJSymVzDncVy/axs4KqXTOZarOW4cVqkc8sGWsC2uDyUlhsDgaRkm/+4f+YYdc36Y3tOVk5G86aEzQAAAABSxnoEh27+pwAB9gKWOAAA6XcNyLHEZ/sCAAAAAARZWg==",
    "base64",
  ),
  bzip2: Buffer.from(
    "QlpoOTFBWSZTWSl0hUcACAVZgYAQQAB/4CNlhEAAgAAIQAL9gqAACg0aNBkBoZT/1Bo/1VJNDAQoNGjQZAaDJ6pR7VP8qVBGmT0/aTaaX4SbTS+/vFnd+S+fb7/JkkkkmyEkgoXAyGAYBkLgULANEANuAA04WAbQA0WAULgZDAMAyFwKFgGiAG3AAULgZDAMAyFwKFgGiCSSfIpJJJJKk2ml+Um00vx54vPPPPPPPtPiAKqqqq3uSSSSSSSSRbiwDnnmq222973ve9sgmjDE0YYmjDE0YYmjDE0YYmjDE0YYmjDE1ecy222z5FJJJLu7u7s+TE0YYmgG0A2gG0A2gG0A2gG0A2rzlLbbZsmSSSbd3d3ZPgAAAAAAAAF5y3lttnZISSTdu7u7JoAAAAAAAAF5y2+rbZ7kk5JJu7d3dk6AAAAAAAABectt922epJJ6km7u3d2T2AAAAAAAABecttvbZySST3Ju7u3dk9AAAAAAAAAXnLbbdsJJJJ2bu7u3ZOAAAAAAAAAczL69W227ISSSTve973u7QAAAAAAAMw+n+f8Sf7SbTS/STaaX6SbTS/iTaaWJNppfxJtNL61tNNL/0m00vEm00vpJtNLEk2ml9JNppeJf0XckU4UJApdIVHA=",
    "base64",
  ),
};

async function decoded(bytes: Buffer, decode: typeof unxz, chunkBytes = 1000): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of decode(chunks(bytes, chunkBytes))) parts.push(part);
  return Buffer.concat(parts).toString("latin1");
}

async function* chunks(bytes: Buffer, chunkBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += chunkBytes)
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
}

for (const [name, decode] of [
  ["xz", unxz],
  ["bzip2", bunzip2],
] as const) {
  describe(name, () => {
    const bytes = packed[name];
    test("text survives compression and decompression, however the bytes arrive", async () => {
      for (const chunkBytes of [1, 7, 100_000]) assert.equal(await decoded(bytes, decode, chunkBytes), text);
    });
    test("consecutive streams are joined", async () =>
      assert.equal(await decoded(Buffer.concat([bytes, bytes]), decode), text + text));
    test("truncated data is refused", async () => {
      await assert.rejects(decoded(bytes.subarray(0, bytes.length - 40), decode), CompressedDataError);
    });
    test("damaged bytes cause an error or other text, but always an end", async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
          const damaged = Buffer.from(bytes);
          damaged[at] = (damaged[at] ?? 0) ^ change;
          await decoded(damaged, decode).catch((error: unknown) =>
            assert.ok(error instanceof CompressedDataError, String(error)),
          );
        }),
        { numRuns: 300 },
      );
    });
  });
}
