// What pip installs, from an index on the other side of a function.
import assert from "node:assert/strict";
import { suite, test, type TestContext } from "node:test";
import { createTextCache, noCache, type TextCache } from "../../../../../dockerfile/facts/fetch/apt/cache.ts";
import type { Fetch } from "../../../../../dockerfile/facts/fetch/apt/download.ts";
import { fetchPipPackages } from "../../../../../dockerfile/facts/fetch/python/pipPackages.ts";
import type { FactKeyOf } from "../../../../../dockerfile/facts/fact.ts";
import type { FactMachine } from "../../../../../dockerfile/facts/machine.ts";
import { contextFolder, type Entry } from "../../../../support/dockerfile/contextFolder.ts";
import { unusedRegistrySource } from "../../../../support/dockerfile/factStore.ts";
import { wheelOf, type WheelText } from "./wheelBytes.ts";

const { signal } = new AbortController();
const index = "https://index.example/simple";
const key: FactKeyOf<"pipPackages"> = {
  kind: "pipPackages",
  target: { version: [3, 12], machine: "x86_64", libc: ["glibc", [2, 36]] },
  requests: [],
  requirementFiles: [],
  constraintFiles: [],
  defaultIndex: index,
  extraIndexes: [],
  installed: [],
  upgrades: false,
  takesPrereleases: false,
  ignoresDependencies: false,
};

/** Files of the index by name, such as `a-1.0-py3-none-any.whl`; a text is a file that isn't opened. */
type Files = Readonly<Record<string, WheelText | string>>;

interface IndexOptions {
  readonly asHtml?: boolean;
  readonly withoutRanges?: boolean;
  readonly yanked?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers as an index does, and notes what it was asked. */
function indexOf(
  files: Files,
  { asHtml, withoutRanges, yanked, headers = {} }: IndexOptions = {},
  asked: string[] = [],
): Fetch {
  const bytes = new Map(
    Object.entries(files).map(([file, content]) => {
      const [name = "", version = ""] = file.split("-");
      return [file, typeof content === "string" ? Buffer.from(content) : wheelOf(name, version, content)] as const;
    }),
  );
  return (url, { headers: sent = {} }) => {
    const range = sent["range"];
    asked.push(`${url} ${range ?? ""}`.trim());
    const file = bytes.get(url.slice(url.lastIndexOf("/") + 1));
    if (file && range !== undefined && !withoutRanges) return Promise.resolve(partOf(file, range, headers));
    if (file) return Promise.resolve(new Response(new Uint8Array(file), { headers }));
    const project = /\/simple\/([^/]+)\/$/.exec(url)?.[1];
    const names = [...bytes.keys()].filter((name) => name.startsWith(`${project}-`));
    if (names.length === 0) return Promise.resolve(new Response("", { status: 404 }));
    return Promise.resolve(new Response(asHtml ? htmlOf(names) : jsonOf(names, yanked), { headers }));
  };
}

function htmlOf(names: readonly string[]): string {
  const links = names.map((name) => `<a href="../../files/${name}#sha256=${"a".repeat(64)}">${name}</a>`);
  return `<!DOCTYPE html><html><body>${links.join("\n")}</body></html>`;
}

function jsonOf(names: readonly string[], yanked: string | undefined): string {
  return JSON.stringify({
    files: names.map((name) => ({ filename: name, url: `../../files/${name}`, yanked: name === yanked })),
  });
}

function partOf(file: Buffer, range: string, headers: Readonly<Record<string, string>>): Response {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d+)$/.exec(range) ?? [];
  const start = from === "" ? Math.max(0, file.length - Number(to)) : Number(from);
  const end = from === "" ? file.length - 1 : Math.min(Number(to), file.length - 1);
  return new Response(new Uint8Array(file.subarray(start, end + 1)), {
    status: 206,
    headers: { ...headers, "content-range": `bytes ${start}-${end}/${file.length}` },
  });
}

interface Case {
  readonly key?: Partial<FactKeyOf<"pipPackages">>;
  readonly files?: Readonly<Record<string, Entry>>;
  readonly index: Fetch | FactMachine["registries"];
  readonly cache?: TextCache;
}

async function installOf(t: TestContext, { key: changes = {}, files = {}, index: from, cache = noCache }: Case) {
  const folder = await contextFolder(files);
  t.after(() => folder.remove());
  const registries =
    typeof from === "function" ? { fetch: from, whyNot: () => undefined, source: unusedRegistrySource } : from;
  const machine = { registries, packageCache: cache };
  const fact = await fetchPipPackages({ ...key, ...changes }, { contextRoot: folder.path }, machine, signal);
  if (fact.state !== "known") return { reason: fact.state === "unavailable" ? fact.reason : fact.state };
  const { packages, missing, pageBytes } = fact.value;
  return { names: packages.map(({ name, version }) => `${name} ${version}`).sort(), missing, packages, pageBytes };
}

const plain: Files = {
  "a-1.0-py3-none-any.whl": {
    requires: ['b>=1; python_version >= "3.9"', 'c; extra == "more"', 'd; sys_platform == "win32"'],
  },
  "a-0.9-py3-none-any.whl": {},
  "b-1.0-py3-none-any.whl": {},
  "b-2.0-py3-none-any.whl": {},
  "b-2.1rc1-py3-none-any.whl": {},
  "c-1.0-py3-none-any.whl": { requires: ["b<2"] },
};

suite("packages that pip installs", () => {
  for (const [format, asHtml] of [
    ["JSON", false],
    ["HTML", true],
  ] as const)
    test(`the newest versions are chosen from an index in ${format}, with what they require`, async (t) => {
      const { names, missing } = await installOf(t, { key: { requests: ["a"] }, index: indexOf(plain, { asHtml }) });
      assert.deepEqual(names, ["a 1.0", "b 2.0"]);
      assert.equal(missing, undefined);
    });

  test("an extra brings its requirements, which may ask for older versions", async (t) => {
    const { names } = await installOf(t, { key: { requests: ["A[more]"] }, index: indexOf(plain) });
    assert.deepEqual(names, ["a 1.0", "b 1.0", "c 1.0"]);
  });

  test("requirements files name others, and constraints limit versions without installing", async (t) => {
    const { names } = await installOf(t, {
      key: { requirementFiles: ["requirements/all.txt"], constraintFiles: ["limits.txt"] },
      files: {
        "requirements/all.txt": "-r base.txt\n",
        "requirements/base.txt": "a # why\n",
        "limits.txt": "b<2\nc<1\n",
      },
      index: indexOf(plain),
    });
    assert.deepEqual(names, ["a 1.0", "b 1.0"]);
  });

  test("an installed version stays if it fulfils the conditions, unless it is to be upgraded", async (t) => {
    const from = indexOf(plain);
    const installed = ["a==0.9", "b==1.0"];
    assert.deepEqual((await installOf(t, { key: { requests: ["a"], installed }, index: from })).names, []);
    const upgraded = await installOf(t, { key: { requests: ["a"], installed, upgrades: true }, index: from });
    assert.deepEqual(upgraded.names, ["a 1.0"]);
    const extra = await installOf(t, { key: { requests: ["a[more]"], installed: ["a==1.0"] }, index: from });
    assert.deepEqual(extra.names, ["b 1.0", "c 1.0"]);
  });

  test("--pre takes prereleases, --no-deps no dependencies", async (t) => {
    const pre = await installOf(t, { key: { requests: ["b"], takesPrereleases: true }, index: indexOf(plain) });
    assert.deepEqual(pre.names, ["b 2.1rc1"]);
    const alone = await installOf(t, { key: { requests: ["a"], ignoresDependencies: true }, index: indexOf(plain) });
    assert.deepEqual(alone.names, ["a 1.0"]);
  });

  test("a withdrawn version is only taken if it is named", async (t) => {
    const from = indexOf(plain, { yanked: "b-2.0-py3-none-any.whl" });
    assert.deepEqual((await installOf(t, { key: { requests: ["b"] }, index: from })).names, ["b 1.0"]);
    assert.deepEqual((await installOf(t, { key: { requests: ["b==2.0"] }, index: from })).names, ["b 2.0"]);
  });

  test("only ends of wheels are read, and once: the cache keeps them by checksum", async (t) => {
    const folder = await contextFolder({});
    t.after(() => folder.remove());
    const cache = createTextCache(`${folder.path}/cache`);
    const asked: string[] = [];
    const from = indexOf(
      { "a-1.0-py3-none-any.whl": { files: { "a/data.bin": "x".repeat(1000) } } },
      { asHtml: true },
      asked,
    );
    const first = await installOf(t, { key: { requests: ["a"] }, index: from, cache });
    const second = await installOf(t, { key: { requests: ["a"] }, index: from, cache });
    assert.deepEqual(second.packages, first.packages);
    assert.deepEqual(
      asked.filter((url) => url.includes(".whl")),
      ["https://index.example/files/a-1.0-py3-none-any.whl bytes=-98304"],
    );
  });

  test("a host that sends files whole is read too", async (t) => {
    const { names } = await installOf(t, { key: { requests: ["a"] }, index: indexOf(plain, { withoutRanges: true }) });
    assert.deepEqual(names, ["a 1.0", "b 2.0"]);
  });

  test("pip's cache keeps what hosts allow it to keep", async (t) => {
    const none = await installOf(t, { key: { requests: ["b"] }, index: indexOf(plain) });
    assert.deepEqual([none.pageBytes, none.packages?.[0]?.isKept], [0, false]);
    const headers = { "cache-control": "max-age=600, public" };
    const kept = await installOf(t, { key: { requests: ["b"] }, index: indexOf(plain, { headers }) });
    assert.equal(kept.packages?.[0]?.isKept, true);
    assert.ok((kept.pageBytes ?? 0) > 100);
  });

  for (const [what, files, request, missing] of [
    ["source only", { "a-1.0.tar.gz": "x" }, "a", "pip builds a 1.0 from source"],
    [
      "a newer version as source",
      { "a-2.0.tar.gz": "x", "a-1.0-py3-none-any.whl": {} },
      "a",
      "pip builds a 2.0 from source",
    ],
    ["no fitting version", plain, "b>=9", "no version of b in the index fulfils >=9"],
    ["a misspelt name", plain, "reqeusts", "the index has no package reqeusts; did you mean requests?"],
    [
      "a broken wheel",
      { "a-1.0-py3-none-any.whl": "not a zip" },
      "a",
      "https://index.example/files/a-1.0-py3-none-any.whl isn't a wheel that can be read",
    ],
    ["a project of the context", plain, ".", "installs ."],
    ["an address with a login", plain, "git+https://me:secret@git.example/a", "installs git+https://git.example/a"],
    ["no requirement", plain, "a=1", "`a=1` isn't a requirement that pip can read"],
  ] as const)
    test(`the reason why packages are missing is given for ${what}`, async (t) => {
      const found = await installOf(t, { key: { requests: [request] }, index: indexOf(files) });
      assert.equal(found.missing, missing);
    });

  test("packages that require different versions of another have no sizes: pip would try older ones", async (t) => {
    const files = { ...plain, "d-1.0-py3-none-any.whl": { requires: ["b>=2"] } };
    const found = await installOf(t, { key: { requests: ["c", "d"] }, index: indexOf(files) });
    assert.equal(found.missing, "the newest packages require different versions of b, so pip tries older ones");
    assert.deepEqual(found.names, []);
  });

  test("an index that fails, or may not be contacted, is the reason", async (t) => {
    const broken = await installOf(t, {
      key: { requests: ["a"] },
      index: () => Promise.resolve(new Response("{", { status: 200 })),
    });
    assert.equal(broken.missing, "https://index.example/simple/a/ isn't a page of an index that can be read");
    const down = await installOf(t, {
      key: { requests: ["a"] },
      index: () => Promise.reject(new TypeError("fetch failed")),
    });
    assert.equal(down.missing, "https://index.example/simple/a/ can't be reached, or was cut off");
    const refused = await installOf(t, { key: { requests: ["a"] }, index: { refusal: "no network here" } });
    assert.equal(refused.missing, "no network here");
    const whyNot = (host: string): string => `${host} isn't allowed`;
    const asked: FactMachine["registries"] = { fetch: indexOf(plain), whyNot, source: unusedRegistrySource };
    assert.equal(
      (await installOf(t, { key: { requests: ["a"] }, index: asked })).missing,
      "index.example isn't allowed",
    );
  });

  test("a requirements file that is missing or sets what isn't followed makes all unknown", async (t) => {
    const missing = await installOf(t, { key: { requirementFiles: ["r.txt"] }, index: indexOf(plain) });
    assert.equal(missing.reason, "r.txt can't be read: it doesn't exist");
    const files = { "r.txt": "--no-binary :all:\na\n" };
    const odd = await installOf(t, { key: { requirementFiles: ["r.txt"] }, files, index: indexOf(plain) });
    assert.equal(odd.reason, "r.txt sets `--no-binary`, which may change what is installed");
  });
});
