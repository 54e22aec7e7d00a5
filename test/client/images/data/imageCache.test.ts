import assert from "node:assert/strict";
import { test } from "node:test";
import { cacheReads, type TreeSource } from "../../../../client/src/images/data/imageCache.ts";
import { failure, success } from "../../../../oci/core/error.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { createImageCatalog } from "../../../../oci/catalog/catalog.ts";
import { never } from "../fakeTree.ts";
import { digest, image, summary } from "../../../support/images/literalImages.ts";

const [one, two] = [summary({ id: digest("1"), tags: ["one:1"] }), summary({ id: digest("2"), tags: ["two:1"] })];

test("concurrent requests are shared, and cached data is not requested again", async () => {
  const { source, asked } = counting([one]);
  const kept = cacheReads({ state: noState, source: () => source });
  const lists = await Promise.all([list(kept), list(kept)]);
  assert.equal(lists[0], lists[1], "the same list is the same value");
  await Promise.all([read(kept, one.id), read(kept, one.id)]);
  await list(kept);
  assert.deepEqual(asked, ["list", `image ${one.id}`]);
});

test("only changed data is read again", async () => {
  const { source, asked } = counting([one, two]);
  const kept = cacheReads({ state: noState, source: () => source });
  const readBoth = async (): Promise<void> => {
    await list(kept);
    await Promise.all([read(kept, one.id), read(kept, two.id)]);
  };
  await readBoth();
  for (const [what, again] of [
    [[one.id], ["list", `image ${one.id}`]],
    [["two:1"], ["list", `image ${two.id}`]],
    [{ imageId: one.id }, [`image ${one.id}`]],
    ["all", ["list", `image ${one.id}`, `image ${two.id}`]],
  ] as const) {
    asked.length = 0;
    kept.invalidate("engine", what);
    await readBoth();
    assert.deepEqual(asked, again);
  }
});

test("an image that was renamed is read again, by the new list", async () => {
  const images = [one, two];
  const { source, asked } = counting(images);
  const kept = cacheReads({ state: noState, source: () => source });
  await list(kept);
  await Promise.all([read(kept, one.id), read(kept, two.id)]);
  images[0] = { ...one, tags: ["one:1", "one:2"] };
  kept.invalidate("engine", ["sha256:of-no-image"]);
  await list(kept);
  asked.length = 0;
  await Promise.all([read(kept, one.id), read(kept, two.id)]);
  assert.deepEqual(asked, [`image ${one.id}`]);
});

test("a failed list is requested again, a failed image only after it is invalidated", async () => {
  let isBroken = true;
  const { source, asked } = counting([one]);
  const broken = failure({ kind: "rateLimited", endpoint: "e", message: "m" });
  const moody: TreeSource = {
    ...source,
    list: (signal) => (isBroken ? Promise.resolve(broken) : source.list(signal)),
    image: (id, options, signal) =>
      isBroken ? (asked.push("in vain"), Promise.resolve(broken)) : source.image(id, options, signal),
  };
  const kept = cacheReads({ state: noState, source: () => moody });
  assert.deepEqual(
    [(await list(kept))?.ok, (await read(kept, one.id))?.ok, (await read(kept, one.id))?.ok],
    [false, false, false],
  );
  assert.deepEqual(asked, ["in vain"]);
  isBroken = false;
  assert.deepEqual([(await list(kept))?.ok, (await read(kept, one.id))?.ok], [true, false]);
  kept.invalidate(undefined, "all");
  assert.equal((await read(kept, one.id))?.ok, true);
});

test("an image is requested again if nothing was contacted before", async () => {
  const { source, asked } = counting([one]);
  const untrusted: TreeSource = {
    ...source,
    image: (id) => (asked.push(id), Promise.resolve(failure({ kind: "notAsked", what: id, message: "m" }))),
  };
  const kept = cacheReads({ state: noState, source: () => untrusted });
  await read(kept, one.id);
  await read(kept, one.id);
  assert.deepEqual(asked, [one.id, one.id]);
});

test("another engine under the same ID is read again", async () => {
  let source = counting([one]).source;
  const kept = cacheReads({ state: noState, source: () => source });
  const before = await list(kept);
  source = counting([two]).source;
  assert.notDeepEqual(await list(kept), before);
});

type Kept = ReturnType<typeof cacheReads>;
const list = async (kept: Kept) => kept.source("engine")?.list(never);
const read = async (kept: Kept, id: string) => kept.source("engine")?.image(id, {}, never);
const noState = () => Promise.reject(new Error("nobody asks"));

/** A source and the list of requests to it. */
function counting(images: readonly ImageSummary[]): { readonly source: TreeSource; readonly asked: string[] } {
  const asked: string[] = [];
  const source: TreeSource = {
    kind: "engine",
    list: () => (asked.push("list"), Promise.resolve(success([...images]))),
    image: (id) => (
      asked.push(`image ${id}`),
      Promise.resolve(success(image({ id, tags: images.find((each) => each.id === id)?.tags ?? [] })))
    ),
    catalog: createImageCatalog({ image: () => Promise.reject(new Error("nobody asks")) }),
  };
  return { source, asked };
}
