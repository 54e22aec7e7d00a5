// Sizes of the packages of a lock file, from a registry that is a function.
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { createTextCache, noCache, type TextCache } from "../../../../../dockerfile/facts/fetch/apt/cache.ts";
import type { Fetch } from "../../../../../dockerfile/facts/fetch/apt/download.ts";
import { fetchNodePackages } from "../../../../../dockerfile/facts/fetch/node/nodePackages.ts";
import type { FactKeyOf } from "../../../../../dockerfile/facts/fact.ts";
import type { FactMachine } from "../../../../../dockerfile/facts/machine.ts";
import { layerTar, type FixtureLayer } from "../../../../rig/images/layerTar.ts";
import { contextFolder, type Entry } from "../../../../support/dockerfile/contextFolder.ts";
import { unusedRegistrySource } from "../../../../support/dockerfile/factStore.ts";

const { signal } = new AbortController();
const key: FactKeyOf<"nodePackages"> = {
  kind: "nodePackages",
  lock: "package-lock.json",
  manifest: "package.json",
  configs: [],
  omit: [],
  cpu: "x64",
  libc: "glibc",
};

function lockOf(packages: Readonly<Record<string, object>>): string {
  return JSON.stringify({ name: "app", version: "1.0.0", lockfileVersion: 3, requires: true, packages }, undefined, 2);
}

const one = lockOf({
  "": { dependencies: { a: "1" } },
  "node_modules/a": { version: "1.0.0", resolved: "https://npm.example/a/-/a-1.0.0.tgz", integrity: "sha512-a" },
});

interface Registry {
  readonly documents?: Readonly<Record<string, object>>;
  readonly archives?: Readonly<Record<string, Buffer>>;
}

/** Answers as npm's registry does, and notes what it was asked. */
function registryOf({ documents = {}, archives = {} }: Registry, asked: string[] = []): Fetch {
  return (url, { method = "GET", headers }) => {
    asked.push(`${method} ${url}`);
    const [archive, document] = [
      new Map(Object.entries(archives)).get(url),
      new Map(Object.entries(documents)).get(url),
    ];
    if (document) return Promise.resolve(Response.json(document));
    if (!archive) return Promise.resolve(new Response("", { status: 404 }));
    const length = { "content-length": String(archive.length) };
    if (method === "HEAD") return Promise.resolve(new Response(null, { headers: length }));
    const isEnd = headers?.["range"] === "bytes=-4";
    const bytes = new Uint8Array(isEnd ? archive.subarray(-4) : archive);
    return Promise.resolve(new Response(bytes, { status: isEnd ? 206 : 200 }));
  };
}

interface Sources {
  readonly files?: Readonly<Record<string, Entry>>;
  readonly registry?: FactMachine["registries"] | Fetch;
  readonly cache?: TextCache;
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
}

async function installIn(
  t: TestContext,
  { files = {}, registry = registryOf({}), cache = noCache, config, env = {} }: Sources,
) {
  const folder = await contextFolder({ "package.json": "{}", "package-lock.json": one, ...files });
  t.after(() => folder.remove());
  const source = unusedRegistrySource;
  const registries = typeof registry === "function" ? { fetch: registry, whyNot: () => undefined, source } : registry;
  const machine = {
    engine: { refusal: "no engine" },
    registries,
    packageCache: cache,
    configPlaces: { env, homedir: folder.path },
  };
  return fetchNodePackages(
    { ...key, configs: config === undefined ? [] : [config] },
    { contextRoot: folder.path },
    machine,
    signal,
  );
}

async function sizesIn(t: TestContext, sources: Sources) {
  const fact = await installIn(t, sources);
  assert.equal(fact.state, "known");
  return fact.state === "known"
    ? { sizes: fact.value.packages.map(({ size }) => size), missing: fact.value.missing }
    : {};
}

async function archiveOf(files: FixtureLayer): Promise<Buffer> {
  return gzipSync(await layerTar(files));
}

const url = "https://npm.example/a/-/a-1.0.0.tgz";
const document = "https://npm.example/a/1.0.0";

suite("the size of a package", () => {
  test("the size of a package is what the registry says of the version", async (t) => {
    const dist = { integrity: "sha512-a", unpackedSize: 12_345, fileCount: 3 };
    const registry = registryOf({ documents: { [document]: { dist } }, archives: { [url]: Buffer.alloc(99) } });
    const { sizes } = await sizesIn(t, { registry });
    assert.deepEqual(sizes, [{ bytes: 12_345, files: 3, packedBytes: 99 }]);
  });

  test("the size of a package is counted in the archive if the registry doesn't say it", async (t) => {
    const archive = await archiveOf({
      "package/a.js": "x".repeat(5000),
      "package/lib/b.js": "1",
      "package/c": { link: "a.js" },
    });
    const { sizes } = await sizesIn(t, { registry: registryOf({ archives: { [url]: archive } }) });
    assert.deepEqual(sizes, [{ bytes: 5001, files: 2, packedBytes: archive.length, diskBytes: 3 * 4096 + 2 * 4096 }]);
  });

  test("the size of a package is not that of a version with another content", async (t) => {
    const archive = await archiveOf({ "package/a.js": "12" });
    const dist = { integrity: "sha512-other", unpackedSize: 12_345, fileCount: 3 };
    const registry = registryOf({ documents: { [document]: { dist } }, archives: { [url]: archive } });
    const { sizes } = await sizesIn(t, { registry });
    assert.equal(sizes?.[0]?.bytes, 2);
  });

  test("the size of a package is kept: the registry is asked once", async (t) => {
    const folder = await contextFolder({});
    t.after(() => folder.remove());
    const [cache, asked] = [createTextCache(folder.path), [] as string[]];
    const registry = registryOf({ archives: { [url]: await archiveOf({ "package/a.js": "12" }) } }, asked);
    const first = await sizesIn(t, { registry, cache });
    const count = asked.length;
    assert.deepEqual(await sizesIn(t, { registry: { refusal: "no network" }, cache }), first);
    assert.ok(count > 0 && asked.length === count);
  });

  for (const [why, archive] of [
    ["cut", gzipSync(Buffer.alloc(2048, 1)).subarray(0, 20)],
    ["not an archive", Buffer.from("<html>")],
  ] as const)
    test(`the size of a package is missing with a reason if its archive is ${why}`, async (t) => {
      const { sizes, missing } = await sizesIn(t, { registry: registryOf({ archives: { [url]: archive } }) });
      assert.deepEqual(sizes, [undefined]);
      assert.match(missing ?? "", /a-1\.0\.0\.tgz/);
    });

  test("the size of a package is missing if the registry doesn't have it", async (t) => {
    const { missing } = await sizesIn(t, {});
    assert.match(missing ?? "", /https:\/\/npm\.example\/a\/-\/a-1\.0\.0\.tgz doesn't exist/);
  });
});

suite("a registry of packages", () => {
  const source = unusedRegistrySource;

  test("a registry of packages that the user doesn't allow is not contacted", async (t) => {
    const registries = { fetch: assert.fail, whyNot: (host: string) => `${host} isn't allowed`, source };
    const { sizes, missing } = await sizesIn(t, { registry: registries });
    assert.deepEqual([sizes, missing], [[undefined], "npm.example isn't allowed"]);
  });

  const unnamed = { "package-lock.json": lockOf({ "": {}, "node_modules/@s/a": { version: "1.0.0" } }) };

  for (const [from, files, env] of [
    ["the environment", unnamed, { npm_config_registry: "https://npm.example/" }],
    ["the user's .npmrc", { ...unnamed, ".npmrc": "fund=false\nregistry = https://npm.example/\n" }, {}],
  ] as const)
    test(`a registry of packages is that of npm's configuration in ${from} if the lock file names none`, async (t) => {
      const asked: string[] = [];
      await sizesIn(t, { files, env, registry: registryOf({}, asked) });
      assert.ok(asked.includes("GET https://npm.example/@s/a/-/a-1.0.0.tgz"), asked.join("\n"));
    });

  test("the size of a package is missing if neither the lock file nor npm's configuration names a registry", async (t) => {
    const env = { npm_config_registry: "" };
    const { missing } = await sizesIn(t, {
      files: { ...unnamed, ".npmrc": "registry=\n" },
      env,
      registry: assert.fail,
    });
    assert.match(missing ?? "", /the lock file has no address for @s\/a@1\.0\.0, and npm's configuration no registry/);
  });

  test("a registry of packages is not asked for what comes from elsewhere", async (t) => {
    const lock = lockOf({
      "": {},
      "node_modules/a": { version: "1.0.0", resolved: "git+ssh://git@h.example/a.git#1" },
    });
    const { missing } = await sizesIn(t, {
      files: { "package-lock.json": lock },
      registry: { fetch: assert.fail, whyNot: assert.fail, source },
    });
    assert.match(missing ?? "", /git\+ssh:\/\/h\.example\/a\.git#1 isn't an address of a registry/);
  });
});

suite("an install is unknown", () => {
  for (const [why, files, reason] of [
    ["if its lock file is cut", { "package-lock.json": '{ "lockfileVersion": 3, ' }, /^package-lock\.json is not JSON/],
    ["if its lock file is old", { "package-lock.json": '{ "lockfileVersion": 1 }' }, /version 1/],
    ["if its lock file leads out of the context", { "package-lock.json": { link: "/etc/hostname" } }, /leads out of/],
    ["if its package.json is cut", { "package.json": "{" }, /^package\.json is not JSON/],
  ] as const)
    test(`an install is unknown ${why}`, async (t) => {
      const fact = await installIn(t, { files });
      assert.match(fact.state === "unavailable" ? fact.reason : "", reason);
    });

  test("an install is unknown if a .npmrc says what is left out", async (t) => {
    const files = { ".npmrc": "//npm.example/:_authToken=secret\nomit=dev\n" };
    const fact = await installIn(t, { files, config: ".npmrc" });
    assert.match(fact.state === "unavailable" ? fact.reason : "", /^\.npmrc sets `omit`/);
  });
});

test("the project's own scripts are named", async (t) => {
  const fact = await installIn(t, { files: { "package.json": '{ "scripts": { "build": "x", "prepare": "husky" } }' } });
  assert.deepEqual(fact.state === "known" && fact.value.scripts, ["prepare"]);
});
