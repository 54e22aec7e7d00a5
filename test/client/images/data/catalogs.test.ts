import assert from "node:assert/strict";
import { test } from "node:test";
import { Catalogs } from "../../../../client/src/images/data/catalogs.ts";
import type { TreeReaders } from "../../../../client/src/images/data/imageCache.ts";
import { success } from "../../../../oci/core/error.ts";
import type { Image, ImageSummary } from "../../../../oci/core/image.ts";
import { never, readers } from "../fakeTree.ts";
import { digest, image, layer, summary } from "../../../support/images/literalImages.ts";

const images = [summary({ id: digest("1") }), summary({ id: digest("2") })];
const readImage = (id: string): Image =>
  image({ id, engineSizeKind: "content", layers: [layer(0, { engineBytes: 100 })] });

test("catalogs read nothing before they are needed", async () => {
  const { catalogs } = watched(readers({}, images, readImage));
  assert.equal(await catalogs.peek("engine", never), undefined);
  const state = await catalogs.load("engine", never);
  assert.equal(state.kind === "ready" && state.view.space.total.bytes, 100);
  assert.ok(await catalogs.peek("engine", never));
});

test("a slow catalog reports its progress and when it is ready", async () => {
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const tree = readers({}, images, readImage);
  const slow = withSource(tree, (source) => ({
    ...source,
    catalog: {
      known: () => undefined,
      complete: async (list, onProgress, signal) => {
        onProgress?.(1, 2);
        await gate;
        return source.catalog.complete(list, undefined, signal);
      },
    },
  }));
  const { catalogs, ready } = watched(slow, 0);
  assert.deepEqual(await catalogs.load("engine", never), { kind: "reading", readCount: 1, totalCount: 2 });
  const told = ready();
  open();
  assert.equal(await told, "engine");
  assert.equal((await catalogs.load("engine", never)).kind, "ready");
});

test("after a catalog was loaded, a new image is read in the background", async () => {
  const tree = readers({}, images, readImage);
  let list: readonly ImageSummary[] = images;
  const { catalogs, ready } = watched(
    withSource(tree, (source) => ({ ...source, list: () => Promise.resolve(success(list)) })),
  );
  await catalogs.load("engine", never);
  list = [...images, summary({ id: digest("3") })];
  const told = ready();
  assert.equal(await catalogs.peek("engine", never), undefined);
  await told;
  const view = await catalogs.peek("engine", never);
  assert.equal(view?.images.size, 3);
});

test("a catalog that can't be read is reported once, without a loop", async () => {
  const tree = withSource(readers({}, images, readImage), (source) => ({
    ...source,
    catalog: { known: () => undefined, complete: () => Promise.reject(new Error("broken")) },
  }));
  const { catalogs, failures } = watched(tree);
  assert.equal((await catalogs.load("engine", never)).kind, "absent");
  assert.equal((await catalogs.load("engine", never)).kind, "absent");
  assert.deepEqual(failures.map(String), ["Error: broken"]);
});

test("a source that can't be listed has no catalog", async () => {
  const { catalogs } = watched(readers({}, { kind: "badAnswer", endpoint: "e", message: "m" }));
  assert.deepEqual(await catalogs.load("engine", never), { kind: "absent" });
});

interface Watched {
  readonly catalogs: Catalogs;
  /** Resolves with the next source that is ready. */
  ready(): Promise<string>;
  readonly failures: readonly unknown[];
}

function watched(tree: TreeReaders, momentMs = 60_000): Watched {
  const failures: unknown[] = [];
  let onReady = (_: string): void => undefined;
  const catalogs = new Catalogs(tree, {
    onProgress: () => undefined,
    onReady: (sourceId) => onReady(sourceId),
    onFailure: (error) => void failures.push(error),
    momentMs,
  });
  return { catalogs, ready: () => new Promise((resolve) => (onReady = resolve)), failures };
}

type Source = NonNullable<ReturnType<TreeReaders["source"]>>;

function withSource(tree: TreeReaders, change: (source: Source) => Source): TreeReaders {
  const source = tree.source("engine");
  const changed = source && change(source);
  return { ...tree, source: () => changed };
}
