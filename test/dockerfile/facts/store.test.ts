import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { ContextFilesFact, ContextRootFact } from "../../../dockerfile/facts/fact.ts";
import type { FactScope } from "../../../dockerfile/facts/scope.ts";
import { createMemo } from "../../../dockerfile/context/memo.ts";
import type { FactStore } from "../../../dockerfile/facts/store.ts";
import { factStore, type FactFetchers } from "../../support/dockerfile/factStore.ts";

let store: FactStore | undefined;
afterEach(() => store?.dispose());

function storeOf(fetchers: Partial<FactFetchers>, onChange?: () => void): FactStore {
  store = factStore(fetchers, onChange);
  return store;
}

const contextOf = (root: string): ContextFilesFact => ({
  root,
  files: [{ path: "a", kind: "file", bytes: 1, isIgnored: false }],
  isTruncated: false,
});

test("files are listed in the folder that the sources choose; the last choice is used during the next", async () => {
  const walked: (string | undefined)[] = [];
  const facts = storeOf({
    contextRoot: ({ sources = [] }) =>
      Promise.resolve({
        state: "known",
        value: { root: sources.includes("package.json") ? "/w" : "/w/docker" } satisfies ContextRootFact,
      }),
    contextFiles: (_key, { contextRoot = "" }) => {
      walked.push(contextRoot);
      return Promise.resolve({ state: "known", value: contextOf(contextRoot) });
    },
  });
  const rootWith = (...sources: string[]): string => {
    const state = facts
      .view({ dockerfilePath: "/w/docker/Dockerfile", candidateRoots: ["/w/docker", "/w"], sources: () => sources })
      .get({ kind: "contextFiles" });
    return state.state === "known" ? state.value.root : state.state;
  };
  assert.equal(rootWith("package.json"), "pending");
  await facts.idle();
  assert.equal(rootWith("package.json"), "pending");
  await facts.idle();
  assert.equal(rootWith("package.json"), "/w");
  assert.equal(rootWith("package.json", "s"), "/w");
  await facts.idle();
  assert.deepEqual(walked, ["/w"]);
  assert.equal(rootWith("entry.sh"), "/w");
  await facts.idle();
  assert.equal(rootWith("entry.sh"), "pending");
  await facts.idle();
  assert.equal(rootWith("entry.sh"), "/w/docker");
});

test("a single candidate needs no choice", async () => {
  const facts = storeOf({
    contextFiles: (_key, { contextRoot = "" }) => Promise.resolve({ state: "known", value: contextOf(contextRoot) }),
  });
  const view = facts.view({ candidateRoots: ["/w"] });
  view.get({ kind: "contextFiles" });
  await facts.idle();
  assert.deepEqual(view.get({ kind: "contextFiles" }), { state: "known", value: contextOf("/w") });
});

test("an equal value stays the same object after a refetch", async () => {
  const look = (): ContextFilesFact => ({ ...contextOf("/w"), memo: createMemo() });
  const facts = storeOf({ contextFiles: () => Promise.resolve({ state: "known", value: look() }) });
  const view = facts.view({ contextRoot: "/w" });
  view.get({ kind: "contextFiles" });
  await facts.idle();
  const before = view.get({ kind: "contextFiles" });
  facts.invalidate({ kind: "settings" });
  view.get({ kind: "contextFiles" });
  await facts.idle();
  assert.equal(view.get({ kind: "contextFiles" }), before);
});

test("files that change constantly don't prevent their listing", async () => {
  let walks = 0;
  let finish: (() => void) | undefined;
  const facts = storeOf({
    contextFiles: (_key, _scope: FactScope, signal) => {
      walks++;
      return new Promise((resolve) => {
        finish = () =>
          resolve(
            signal.aborted ? { state: "unavailable", reason: "aborted" } : { state: "known", value: contextOf("/w") },
          );
      });
    },
  });
  const view = facts.view({ contextRoot: "/w" });
  view.get({ kind: "contextFiles" });
  for (let i = 0; i < 3; i++) {
    facts.invalidate({ kind: "workspaceFolders" });
    view.get({ kind: "contextFiles" });
  }
  assert.equal(walks, 1);
  finish?.();
  await facts.idle();
  assert.equal(view.get({ kind: "contextFiles" }).state, "known");
  // The list was already outdated when it arrived, so it is made again.
  assert.equal(walks, 2);
});

test("a file that requests more facts than are kept gets a reason, and keeps those it has", async () => {
  let fetches = 0;
  const facts = storeOf({
    baseImage: () => {
      fetches++;
      return Promise.resolve({ state: "unavailable", reason: "no engine" });
    },
  });
  const look = () => {
    const view = facts.view({});
    return Array.from({ length: 2500 }, (_, index) => view.get({ kind: "baseImage", reference: `image${index}` }));
  };
  look();
  await facts.idle();
  const fetched = fetches;
  assert.deepEqual(
    look().filter(({ state }) => state === "pending"),
    [],
  );
  assert.equal(fetches, fetched);
});

test("files that change repeatedly between reads are announced once", async () => {
  let announcements = 0;
  const facts = storeOf(
    { contextFiles: () => Promise.resolve({ state: "known", value: contextOf("/w") }) },
    () => void announcements++,
  );
  const announced = () => new Promise((resolve) => setTimeout(resolve, 60));
  facts.view({ contextRoot: "/w" }).get({ kind: "contextFiles" });
  await facts.idle();
  await announced();
  announcements = 0;
  for (let change = 0; change < 3; change++) {
    facts.invalidate({ kind: "settings" });
    await announced();
  }
  assert.equal(announcements, 1);
});

test("a fact fetched for a version of a document doesn't retain its text", async () => {
  const scopes: FactScope[] = [];
  const facts = storeOf({
    baseImage: (_key, scope) => {
      scopes.push(scope);
      return Promise.resolve({ state: "unavailable", reason: "none" });
    },
  });
  facts.view({ dockerfilePath: "/w/Dockerfile", sources: () => [] }).get({ kind: "baseImage", reference: "a" });
  await facts.idle();
  assert.deepEqual(scopes, [{ dockerfilePath: "/w/Dockerfile" }]);
});

test("equal lists of a context are shared by all of its Dockerfiles", async () => {
  const facts = storeOf({
    contextFiles: (_key, { contextRoot = "" }) =>
      Promise.resolve({ state: "known", value: { ...contextOf(contextRoot), memo: createMemo() } }),
  });
  const listOf = (dockerfilePath: string): unknown => {
    const state = facts.view({ contextRoot: "/w", dockerfilePath }).get({ kind: "contextFiles" });
    return state.state === "known" ? state.value : undefined;
  };
  listOf("/w/a.Dockerfile");
  listOf("/w/b.Dockerfile");
  await facts.idle();
  assert.notEqual(listOf("/w/a.Dockerfile"), undefined);
  assert.equal(listOf("/w/a.Dockerfile"), listOf("/w/b.Dockerfile"));
});

test("facts that belong to one Dockerfile are forgotten with it, and others stay", async () => {
  const fetched: string[] = [];
  const facts = storeOf({
    contextFiles: (_key, { contextRoot = "" }) => {
      fetched.push("context");
      return Promise.resolve({ state: "known", value: contextOf(contextRoot) });
    },
    baseImage: () => {
      fetched.push("image");
      return Promise.resolve({ state: "unavailable", reason: "none" });
    },
  });
  const read = async (): Promise<void> => {
    const view = facts.view({ contextRoot: "/w", dockerfilePath: "/w/Dockerfile" });
    view.get({ kind: "contextFiles" });
    view.get({ kind: "baseImage", reference: "a" });
    await facts.idle();
  };
  await read();
  facts.forget("/w/Dockerfile");
  await read();
  assert.deepEqual(fetched, ["context", "image", "context"]);
});
