import assert from "node:assert/strict";
import { test } from "node:test";
import type { FactKey } from "../../../dockerfile/facts/fact.ts";
import { factStore } from "../../support/dockerfile/factStore.ts";

const scope = { dockerfilePath: "/a/Dockerfile" };
const script = (text: string): FactKey => ({ kind: "shellCheck", script: text });

test("scripts that the latest reader of a file didn't request are ended, but not those of other files", async () => {
  const ended: string[] = [];
  const store = factStore({
    shellCheck: ({ script: text }, { dockerfilePath }, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          ended.push(`${dockerfilePath} ${text}`);
          resolve({ state: "unavailable", reason: "ended" });
        });
      }),
  });
  store.view({ dockerfilePath: "/b/Dockerfile" }).get(script("one"));
  const first = store.view(scope);
  for (const text of ["one", "two"]) first.get(script(text));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ended, []);
  const second = store.view(scope);
  for (const text of ["one", "two!"]) second.get(script(text));
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(ended, ["/a/Dockerfile two"]);
  store.dispose();
});

test("waitFor waits until a fact is known, but not forever", async () => {
  const store = factStore({
    baseImage: () => new Promise(() => undefined),
    lintConfigFile: () =>
      new Promise((resolve) => setTimeout(() => resolve({ state: "known", value: { kind: "none" } }), 20)),
  });
  await store.waitFor({ kind: "lintConfigFile" }, scope, 10_000);
  assert.deepEqual(store.view(scope).get({ kind: "lintConfigFile" }), { state: "known", value: { kind: "none" } });
  await store.waitFor({ kind: "baseImage", reference: "a" }, scope, 30);
  assert.deepEqual(store.view(scope).get({ kind: "baseImage", reference: "a" }), { state: "pending" });
  store.dispose();
});
