import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageTreeNode } from "../../../../client/src/images/node.ts";
import { DeferredRows } from "../../../../client/src/images/rows/deferredRows.ts";

const row: ImageTreeNode = { kind: "fact", id: "x", name: "x", value: "" };
const labels = async (rows: Promise<readonly ImageTreeNode[]>): Promise<readonly string[]> =>
  (await rows).map((node) => (node.kind === "notice" ? node.label : node.id));

/** Rows that arrive on command. */
function laterRows(): {
  readonly slow: DeferredRows;
  readonly ready: Promise<string>;
  ask(place: string): Promise<readonly ImageTreeNode[]>;
  come(): void;
  fail(): void;
  readonly reads: string[];
} {
  let [come, fail, isReady] = [(): void => undefined, (): void => undefined, (_: string): void => undefined];
  const ready = new Promise<string>((resolve) => (isReady = resolve));
  const slow = new DeferredRows((place) => isReady(place), 1);
  const reads: string[] = [];
  const ask = (place: string) =>
    slow.rows(place, () => {
      reads.push(place);
      return new Promise((resolve, reject) => ([come, fail] = [() => resolve([row]), () => reject(new Error("no"))]));
    });
  return { slow, ready, reads, ask, come: () => come(), fail: () => fail() };
}

test("rows that are ready are returned directly", async () => {
  const slow = new DeferredRows(assert.fail, 10_000);
  assert.deepEqual(await labels(slow.rows("a", () => Promise.resolve([row]))), ["x"]);
});

test("slow rows are replaced by a waiting row, and returned on the next request", async () => {
  const { ready, reads, ask, come } = laterRows();
  assert.deepEqual(await labels(ask("a")), ["Waiting for an answer…"]);
  assert.deepEqual(await labels(ask("a")), ["Waiting for an answer…"]);
  come();
  assert.equal(await ready, "a");
  assert.deepEqual(await labels(ask("a")), ["x"]);
  assert.deepEqual(reads, ["a"]);
});

test("a slow failure is reported on the next request", async () => {
  const { ready, ask, fail } = laterRows();
  await ask("a");
  fail();
  await ready;
  await assert.rejects(ask("a"), /no/);
});

test("forgotten rows are read again, and their old result is dropped", async () => {
  const { slow, reads, ready, ask, come } = laterRows();
  await ask("a");
  slow.forget();
  come();
  await ask("a");
  assert.deepEqual(reads, ["a", "a"]);
  come();
  await ready;
  assert.deepEqual(await labels(ask("a")), ["x"]);
});
