import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Memento } from "vscode";
import { BuildRecords } from "../../../client/src/builds/buildRecords.ts";
import { BuildWatch, type Rebuilt } from "../../../client/src/builds/buildWatch.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import type { DiffId } from "../../../oci/core/digest.ts";
import { digest, image, layer, step, summary } from "../../support/images/literalImages.ts";
import { mementoInMemory } from "./memento.ts";

describe("following builds", () => {
  test("a tag that moves is reported with both images, and remembered", async () => {
    const { watch, tag, told, records } = following();
    tag({ "shop:dev": "a" });
    await watch.look("engine");
    assert.deepEqual(told, [], "the first look only learns what tags point to");
    tag({ "shop:dev": "b" });
    await watch.look("engine");
    assert.deepEqual(told, ["shop:dev: a → b"]);
    const [record] = records.all;
    assert.deepEqual(
      [record?.name, record?.engine, record?.previous.id, record?.previous.layers?.[0]?.diffId, record?.current.id],
      ["shop:dev", "unix:///d.sock", digest("a"), digest("a"), digest("b")],
    );
    await watch.look("engine");
    assert.deepEqual(told.length, 1, "a look without a change reports nothing");
  });

  test("the layers of the previous build are known although the engine has removed it", async () => {
    const { watch, tag, records, remove } = following();
    tag({ "shop:dev": "a" });
    await watch.look("engine");
    tag({ "shop:dev": "b" });
    await watch.look("engine");
    remove("b");
    tag({ "shop:dev": "c" });
    await watch.look("engine");
    assert.equal(records.all[0]?.previous.layers?.[0]?.diffId, digest("b"));
  });

  test("an image that was never read and is gone has no layers, not made-up ones", async () => {
    const { watch, tag, records, remove, told } = following();
    tag({ "shop:dev": "a" });
    await watch.look("engine");
    remove("a");
    tag({ "shop:dev": "b" });
    await watch.look("engine");
    assert.deepEqual(records.all[0]?.previous, { id: digest("a") });
    assert.deepEqual(told, ["shop:dev: a → b"]);
  });

  test("where a build removes the image that it replaces, its layers were read before", async () => {
    const { watch, tag, records, remove } = following();
    tag({ "shop:dev": "a" }, { target: "index" });
    await watch.look("engine");
    remove("a");
    tag({ "shop:dev": "b" }, { target: "index" });
    await watch.look("engine");
    assert.equal(records.all[0]?.previous.layers?.[0]?.diffId, digest("a"));
  });

  test("several tags that move together are one build", async () => {
    const { watch, tag, told, records } = following();
    tag({ "shop:dev": "a", "shop:latest": "a", "other:1": "c" });
    await watch.look("engine");
    tag({ "shop:dev": "b", "shop:latest": "b", "other:1": "c" });
    await watch.look("engine");
    assert.deepEqual(told, ["shop:dev shop:latest: a → b"]);
    assert.deepEqual(records.all.map(({ name }) => name).sort(), ["shop:dev", "shop:latest"]);
  });

  test("a tag that is removed before the build moves all the same", async () => {
    const { watch, tag, told } = following();
    for (const tags of [{ "shop:dev": "a" }, { "other:1": "c" }, { "shop:dev": "b" }] as const) {
      tag(tags);
      await watch.look("engine");
    }
    assert.deepEqual(told, ["shop:dev: a → b"]);
  });

  test("a build while no window was open is remembered, and not announced", async () => {
    const memento = mementoInMemory();
    const first = following(memento);
    for (const id of ["a", "b"]) {
      first.tag({ "shop:dev": id });
      await first.watch.look("engine");
    }
    const later = following(memento);
    later.tag({ "shop:dev": "c" });
    await later.watch.look("engine");
    assert.deepEqual(later.told, []);
    assert.deepEqual(
      later.records.all.map(({ previous }) => previous.id),
      [digest("b")],
    );
  });

  test("only the last 20 tags are remembered, and damaged records are left out", async () => {
    const memento = mementoInMemory();
    const { watch, tag, records } = following(memento);
    for (let index = 0; index < 25; index++) {
      for (const id of ["a", "b"]) {
        tag({ [`shop:${index}`]: id });
        await watch.look("engine");
      }
    }
    assert.deepEqual([records.all.length, records.all[0]?.name], [20, "shop:24"]);
    await memento.update("imagewright.builds", [{ engine: 1 }, null, { ...records.all[0], current: { id: "x" } }]);
    assert.deepEqual(
      records.all.map(({ current }) => current),
      [{ id: "x" }],
    );
    await memento.update("imagewright.builds", "broken");
    assert.deepEqual(records.all, []);
  });
});

function following(memento: Memento = mementoInMemory()) {
  let tags: Readonly<Record<string, string>> = {};
  let more: Partial<ImageSummary> = {};
  const removed = new Set<string>();
  const told: string[] = [];
  const records = new BuildRecords(memento);
  const short = (id: string): string => id.slice("sha256:".length, "sha256:".length + 1);
  const list = () => {
    const ids = new Map<string, string[]>();
    for (const [name, id] of Object.entries(tags)) ids.set(id, [...(ids.get(id) ?? []), name]);
    return Promise.resolve(success([...ids].map(([id, names]) => summary({ id: digest(id), tags: names, ...more }))));
  };
  const read = (id: string) =>
    Promise.resolve(
      removed.has(id)
        ? failure({ kind: "notFound", what: id, message: "no such image" } as const)
        : success(image({ id, layers: [layer(0, { diffId: id as DiffId, step: step("RUN x"), engineBytes: 5 })] })),
    );
  const watch = new BuildWatch({
    records,
    engine: () => ({ endpoint: "unix:///d.sock", list, image: read }),
    onRebuilt: ({ names, previous, current }: Rebuilt) =>
      told.push(`${names.join(" ")}: ${short(previous.id)} → ${short(current.id)}`),
    onFailure: (error) => assert.fail(String(error)),
  });
  return {
    watch,
    records,
    told,
    tag: (next: Readonly<Record<string, string>>, about: Partial<ImageSummary> = {}) => ([tags, more] = [next, about]),
    remove: (id: string) => removed.add(digest(id)),
  };
}
