import assert from "node:assert/strict";
import { test } from "node:test";
import type { BaseImageFact, FactKey, FactState } from "../../../dockerfile/facts/fact.ts";
import { FactStore, type FactFetchers } from "../../../dockerfile/facts/store.ts";

const key: FactKey = { kind: "baseImage", reference: "a" };

function known(bytes: number): FactState<BaseImageFact> {
  return { state: "known", value: { bytes, id: "", user: "", env: [], workingDir: "" } };
}

function storeOf(fetch: FactFetchers["baseImage"], onChange = () => {}): FactStore {
  const notAskedFor = () => Promise.reject(new Error("not asked for"));
  return new FactStore({ baseImage: fetch, contextFiles: notAskedFor, contextRoot: notAskedFor, shellCheck: notAskedFor, lintConfigFile: notAskedFor }, onChange);
}

test("a fact is pending, then known, fetched once and announced once", async () => {
  let fetches = 0;
  let announcements = 0;
  const store = storeOf(() => (fetches++, Promise.resolve(known(1))), () => announcements++);
  assert.equal(store.view({}).get(key).state, "pending");
  assert.equal(store.view({}).get(key).state, "pending");
  await store.settled();
  assert.deepEqual(store.view({}).get(key), known(1));
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.deepEqual([fetches, announcements], [1, 1]);
});

test("an outdated fact stands until the new one is there", async () => {
  let bytes = 1;
  const store = storeOf(() => Promise.resolve(known(bytes)));
  store.view({}).get(key);
  await store.settled();
  bytes = 2;
  store.invalidate(() => true);
  assert.deepEqual(store.view({}).get(key), known(1));
  await store.settled();
  assert.deepEqual(store.view({}).get(key), known(2));
  store.dispose();
});

test("what a fetch throws is why the fact can't be had", async () => {
  const store = storeOf(() => Promise.reject(new Error("the disk is on fire")));
  store.view({}).get(key);
  await store.settled();
  assert.deepEqual(store.view({}).get(key), { state: "unavailable", reason: "the disk is on fire" });
  store.dispose();
});

test("an answer that was overtaken by an invalidation is dropped", async () => {
  const answers: ((state: FactState<BaseImageFact>) => void)[] = [];
  const store = storeOf(() => new Promise((resolve) => answers.push(resolve)));
  store.view({}).get(key);
  store.invalidate(() => true);
  store.view({}).get(key);
  answers[1]?.(known(2));
  answers[0]?.(known(1));
  await store.settled();
  assert.deepEqual(store.view({}).get(key), known(2));
  store.dispose();
});
