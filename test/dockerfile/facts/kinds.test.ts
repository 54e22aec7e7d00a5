import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import type { FactKind, FactKinds } from "../../../dockerfile/facts/kind.ts";
import { factKinds } from "../../../dockerfile/facts/kinds/index.ts";
import { FactStore } from "../../../dockerfile/facts/store.ts";
import { bareMachine } from "../../support/dockerfile/factStore.ts";

declare module "../../../dockerfile/facts/fact.ts" {
  interface FactTable {
    /** The number of folders above a path; a kind that exists only in this test. */
    readonly depth: { readonly key: { readonly path: string }; readonly value: number };
  }
}

const depth: FactKind<"depth"> = {
  kind: "depth",
  scopedBy: () => [],
  fetch: ({ path }) => Promise.resolve({ state: "known", value: path.split("/").length - 1 }),
  isOutdatedBy: () => false,
};

test("a kind of fact is fetched and read once it is in the table, without other changes", async () => {
  const kinds: FactKinds = { ...factKinds, depth };
  const store = new FactStore({ kinds, machine: () => bareMachine, onChange: () => undefined });
  const view = store.view({});
  assert.equal(view.get({ kind: "depth", path: "a/b/c" }).state, "pending");
  await store.idle();
  assert.deepEqual(view.get({ kind: "depth", path: "a/b/c" }), { state: "known", value: 2 });
  store.dispose();
});

test("each kind of fact is named by its file, and by no other file of the fact store", async () => {
  const folder = join(import.meta.dirname, "../../../dockerfile/facts");
  const names = Object.keys(factKinds);
  assert.deepEqual(
    Object.entries(factKinds).map(([name, { kind }]) => [name, kind]),
    names.map((name) => [name, name]),
  );
  const files = (await readdir(folder)).filter((file) => file.endsWith(".ts"));
  const naming = files.filter((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return names.some((name) => text.includes(`"${name}"`));
  });
  assert.deepEqual(naming, []);
});
