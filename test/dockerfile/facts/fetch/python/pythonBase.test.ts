// The Python of an image, through a reader of its files.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { createTextCache, noCache } from "../../../../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchPythonBase } from "../../../../../dockerfile/facts/fetch/python/pythonBase.ts";
import { success } from "../../../../../oci/core/error.ts";
import type { ImageFilesReader, ImageReader } from "../../../../../oci/source/source.ts";
import { contextFolder } from "../../../../support/dockerfile/contextFolder.ts";
import { image } from "../../../../support/images/literalImages.ts";

const { signal } = new AbortController();
const site = "usr/local/lib/python3.12/site-packages";
const key = { kind: "pythonBase", reference: "python:3.12" } as const;

/** An image with these files, and the lists of paths that were asked for. */
function readerOf(files: Readonly<Record<string, string>>, asked: (readonly string[])[] = []) {
  const all = new Map(Object.entries(files));
  const reader: ImageReader & ImageFilesReader = {
    image: () => Promise.resolve(success(image({}))),
    imageFiles(_image, { paths, maxListed }) {
      asked.push(paths);
      const listing = [...all].map(([path, text]) => ({ path, kind: "file" as const, bytes: text.length }));
      const contents = new Map([...all].map(([path, text]) => [`/${path}`, Buffer.from(text)] as const));
      const wanted = new Map([...contents].filter(([path]) => paths.includes(path)));
      return Promise.resolve(
        success({ contents: wanted, sizes: new Map(), ...(maxListed !== undefined && { listing }) }),
      );
    },
  };
  return reader;
}

const files = {
  [`${site}/pip-24.0.dist-info/METADATA`]: "",
  [`${site}/pip/_internal/models/index.py`]: 'PyPI = PackageIndex("https://index.example/")\n',
  "etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
};

suite("the Python of an image, as read", () => {
  test("the files that say more are read once the paths are known, and the result is kept", async (t) => {
    const folder = await contextFolder({});
    t.after(() => folder.remove());
    const cache = createTextCache(`${folder.path}/cache`);
    const asked: (readonly string[])[] = [];
    const first = await fetchPythonBase(key, readerOf(files, asked), cache, signal);
    assert.equal(first.state === "known" && first.value.index, "https://index.example/simple");
    assert.deepEqual(asked[0], []);
    assert.ok(asked[1]?.includes("/etc/os-release"));
    assert.deepEqual(await fetchPythonBase(key, readerOf(files, asked), cache, signal), first);
    assert.equal(asked.length, 2);
  });

  test("an image without pip, or with a C library that isn't known, is unavailable with the reason", async () => {
    const without = await fetchPythonBase(key, readerOf({ "bin/sh": "" }), noCache, signal);
    assert.deepEqual(without, { state: "unavailable", reason: "debian:12 has no pip", isFinal: true });
    const other = { ...files, "etc/os-release": "ID=other\n" };
    const unknown = await fetchPythonBase(key, readerOf(other), noCache, signal);
    assert.deepEqual(unknown, {
      state: "unavailable",
      reason: "the C library of debian:12 isn't known",
      isFinal: true,
    });
  });
});
