// Exact sizes of COPY and ADD of real folders. The numbers are those of BuildKit 28.5 on overlay2, measured or
// according to its code.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import * as zlib from "node:zlib";
import { fetchArchives } from "../../../dockerfile/facts/fetch/archive/archives.ts";
import type { FactMachine } from "../../../dockerfile/facts/machine.ts";
import { fetchDownload } from "../../../dockerfile/facts/fetch/download.ts";
import { fetchContextFiles } from "../../../dockerfile/facts/fetch/contextFiles.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import type { LayerSize } from "../../../dockerfile/size/estimator.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { shell } from "../../support/dockerfile/check.ts";
import { contextFolder, type ContextFolder, type Entry } from "../../support/dockerfile/contextFolder.ts";
import { factStore, unusedRegistrySource } from "../../support/dockerfile/factStore.ts";
import { asOrdinaryUser } from "../../support/ordinaryUser.ts";
import { tarOf } from "../../support/images/tarBytes.ts";
import { bzip2Tar, xzTar } from "./compressedTars.ts";

const files: Readonly<Record<string, Entry>> = {
  "top.txt": "x".repeat(3),
  "side.log": "x".repeat(5),
  "lib/top.txt": "x".repeat(70),
  "lib/other.log": "x".repeat(110),
  "lib/in/deep.txt": "x".repeat(1300),
  "docs/top.txt": "x".repeat(17000),
};

/** Files at URLs, and hosts that the user doesn't allow. */
const web: FactMachine["registries"] = {
  whyNot: (host) => (host === "not.example" ? "not.example isn't contacted" : undefined),
  source: unusedRegistrySource,
  fetch: (url, { method }) => {
    assert.equal(method, "HEAD");
    const length = new Map(Object.entries({ "https://x.example/a.tar": "5000", "https://x.example/b/": "70" })).get(
      url,
    );
    if (url.endsWith("/broken")) return Promise.reject(new TypeError("fetch failed"));
    if (url.endsWith("/packed"))
      return Promise.resolve(new Response(null, { headers: { "content-length": "9", "content-encoding": "gzip" } }));
    if (length === undefined) return Promise.resolve(new Response(null, { status: url.endsWith("/open") ? 200 : 404 }));
    return Promise.resolve(new Response(null, { headers: { "content-length": length } }));
  },
};

/** The size of each COPY and ADD, or the reason why it is unknown. */
async function sizes(lines: string, more: Readonly<Record<string, Entry>> = {}): Promise<readonly (number | string)[]> {
  const folder = await contextFolder({ ...files, ...more });
  try {
    return await sizesIn(folder, lines);
  } finally {
    await folder.remove();
  }
}

async function sizesIn(folder: ContextFolder, lines: string): Promise<readonly (number | string)[]> {
  const store = factStore({
    contextFiles: (_key, scope, signal) => fetchContextFiles(scope, signal),
    archives: ({ paths }, scope, signal) => fetchArchives(paths, scope, signal),
    download: ({ url }, _scope, signal) => fetchDownload(url, web, signal),
  });
  try {
    const file = parse(lines.startsWith("FROM") ? lines : `FROM scratch\n${lines}\n`);
    const read = () => sizeStages(createBuild(file, shell, store.view({ contextRoot: folder.path })));
    for (let round = 0; round < 3; round++) {
      read();
      await store.idle();
    }
    return read().flatMap(({ layers }) => layers.filter(isCopy).map(sizeOf));
  } finally {
    store.dispose();
  }
}

function isCopy({ layer }: LayerSize): boolean {
  return ["COPY", "ADD"].includes(layer.instruction.keyword.value);
}

function sizeOf(size: LayerSize): number | string {
  if (size.state === "estimated") return size.estimate.low === size.estimate.high ? size.estimate.low : "a range";
  return size.state === "unknown" ? size.reason : size.state;
}

describe("a later file replaces an earlier one on the same path", () => {
  for (const [title, line, bytes] of [
    ["a file and a folder that contains one with its name", "COPY top.txt lib /d/", 70 + 110 + 1300],
    ["two folders", "COPY lib docs /d/", 17000 + 110 + 1300],
    ["the same file twice", "COPY top.txt top.txt ./d/", 3],
    ["two files with one name", "COPY top.txt docs/top.txt /d/", 17000],
    ["a pattern that matches folders", "COPY * /d/", 5 + 110 + 1300 + 3],
    ["files of several folders", "COPY */top.txt /d/", 70],
    ["a heredoc replaces a file", "COPY <<top.txt docs/top.txt /d/\nhi\ntop.txt", 3],
  ] as const)
    test(title, async () => assert.deepEqual(await sizes(line), [bytes]));
});

describe("several names of one file", () => {
  const linked = { "lib/second.txt": { sameAs: "lib/top.txt" }, "outside.txt": { sameAs: "lib/top.txt" } } as const;
  test("names of one file count once within a folder", async () =>
    assert.deepEqual(await sizes("COPY lib /d/", linked), [1480]));
  test("names of one file count twice among several sources", async () =>
    assert.deepEqual(
      await sizes("COPY lib/top.txt lib/second.txt /d/\nCOPY lib outside.txt /e/", linked),
      [140, 1550],
    ));
  test("names of one file still count once if one of them is overwritten", async () =>
    assert.deepEqual(await sizes("COPY lib docs /d/", linked), [17000 + 70 + 110 + 1300]));
});

describe("patterns and flags of COPY", () => {
  test("a pattern without matches adds nothing", async () =>
    assert.deepEqual(await sizes("COPY top.txt none* /d/\nCOPY none* /d/"), [3, 0]));
  test("a missing name is unknown", async () =>
    assert.match(String((await sizes("COPY top.txt none /d/"))[0]), /nothing in the build context .* is named none/));
  test("ignored files aren't counted", async () =>
    assert.deepEqual(await sizes("COPY lib /d/\nCOPY side.log /d/", { ".dockerignore": "**/*.log\n" }), [
      1370,
      ".dockerignore leaves out side.log",
    ]));
  test("--exclude is relative to each copied folder", async () =>
    assert.deepEqual(await sizes("COPY --exclude=*.log lib /d/\nCOPY --exclude=top.txt li* doc* /d/"), [1370, 1410]));
  test("--parents keeps the folders", async () =>
    assert.deepEqual(await sizes("COPY --parents */top.txt top.txt ./lib/./in /d/"), [70 + 17000 + 3 + 1300]));
  test("--link, --chmod and --chown don't change the size", async () =>
    assert.deepEqual(await sizes("COPY --link --chmod=0500 --chown=7:7 lib /d/"), [1480]));
  test("an unset variable has its default", async () =>
    assert.deepEqual(await sizes("FROM some:image\nCOPY ${NAME:-top}.txt /d/"), [3]));
});

describe("links in the build context", () => {
  test("a source that is a link is its target", async () =>
    assert.deepEqual(await sizes("COPY to-lib /d/\nCOPY to-* /e/", { "to-lib": { link: "lib" } }), [1480, 1480]));
  test("links in a folder stay links", async () =>
    assert.deepEqual(await sizes("COPY lib /d/", { "lib/up": { link: "../top.txt" } }), [1480]));
});

describe("heredocs of COPY", () => {
  test("variables in heredocs are expanded, except quoted ones", async () =>
    assert.deepEqual(await sizes("ENV A=four\nCOPY <<X <<'Y' /d/\n$A \\$A ${B:-no}\nX\n$A\nY"), [11 + 3]));
  test("a variable known only to the build leaves the size unknown", async () =>
    assert.deepEqual(await sizes("ARG A\nCOPY <<X /d/\n$A\nX"), ["the heredoc depends on A, which has no value here"]));
});

describe("archives that ADD unpacks", () => {
  const tree = tarOf({
    "p/": "",
    "p/one": "x".repeat(1009),
    "p/two": "=> p/one",
    "p/three": "-> one",
    top: "x".repeat(20),
  });
  const cases: readonly (readonly [name: string, content: Buffer, unpacked: number])[] = [
    ["tar", tree, 1029],
    ["gzip", zlib.gzipSync(tree), 1029],
    ["zstd", zlib.zstdCompressSync(tree), 1029],
    ["xz", xzTar, 5003],
    ["bzip2", bzip2Tar, 7001],
    ["a gzip without a tar", zlib.gzipSync("hello".repeat(99)), zlib.gzipSync("hello".repeat(99)).length],
    ["a file that isn't an archive", Buffer.from("only named so"), 13],
  ];
  for (const [title, content, unpacked] of cases)
    test(`ADD unpacks by content: ${title}`, async () =>
      assert.deepEqual(await sizes("ADD a.tar.gz /d/\nCOPY a.tar.gz /d/", { "a.tar.gz": content }), [
        unpacked,
        content.length,
      ]));

  test("archives in a folder aren't unpacked, those that a pattern finds are", async () =>
    assert.deepEqual(await sizes("ADD lib /d/\nADD lib/*.bin /d/", { "lib/t.bin": tree }), [1480 + tree.length, 1029]));
  test("two archives with the same path count once", async () =>
    assert.deepEqual(await sizes("ADD a b /d/", { a: tree, b: tarOf({ top: "x".repeat(90) }) }), [1099]));
  test("a truncated archive is unknown", async () =>
    assert.match(String((await sizes("ADD a /d/", { a: tree.subarray(0, 1700) }))[0]), /^a: truncated/));
  for (const [title, line, size] of [
    ["a file has the size that its host reports", "ADD https://x.example/a.tar /d/", 5000],
    ["beside files of the context", "ADD top.txt https://x.example/a.tar /d/", 5003],
    ["one on the same path replaces the other", "ADD top.txt https://x.example/a.tar lib/top.txt /d/", 5070],
    ["a path that ends with a slash has a name at a path only", "ADD https://x.example/b/ /d", 70],
    ["and none in a folder", "ADD https://x.example/b/ /d/", /the name of the file at/],
    ["a missing file is unknown", "ADD https://x.example/c /d/", /^x\.example answers 404 for/],
    ["a file without a length is unknown", "ADD https://x.example/open /d/", /^x\.example doesn't report the size/],
    ["a file that is packed on the way is unknown", "ADD https://x.example/packed /d/", /^x\.example doesn't report/],
    ["a host that isn't there is named", "ADD https://x.example/broken /d/", /^x\.example can't be reached$/],
    ["a host that isn't allowed isn't contacted", "ADD https://not.example/a /d/", /^not\.example isn't contacted$/],
    [
      "an address with a password isn't contacted",
      "ADD https://u:p@x.example/a.tar /d/",
      /^an address at x\.example with a login/,
    ],
    ["an unpacked archive is unknown", "ADD --unpack=true https://x.example/a.tar /d/", /fetched and unpacked/],
    ["a repository is cloned", "ADD git@x.example:a/b.git /d/", /is cloned during the build$/],
    ["a repository at a URL is unknown too", "ADD https://x.example/a/b.git#v1 /d/", /during the build$/],
  ] as const)
    test(`ADD of a URL: ${title}`, async () => {
      const [found] = await sizes(line);
      if (typeof size === "number") assert.equal(found, size);
      else assert.match(String(found), size);
    });
});

describe("COPY --from an earlier stage", () => {
  const stage = "FROM scratch AS s\nWORKDIR /w\nCOPY lib q/\nCOPY docs/top.txt ./q/in/deep.txt\n";
  const from = async (lines: string, more: Readonly<Record<string, Entry>> = {}) =>
    (await sizes(`${stage}FROM other\n${lines}`, more)).slice(2);
  test("a folder, a file and a pattern are copied from a stage", async () =>
    assert.deepEqual(
      await from("COPY --from=s /w/q /d\nCOPY --from=s /w/q/in/deep.txt /d\nCOPY --from=0 /w/q/*.txt /w/q/in/* /d/"),
      [70 + 110 + 17000, 17000, 70 + 17000],
    ));
  test("names of one file count once in a copy from a stage", async () =>
    assert.deepEqual(await from("COPY --from=s /w/q /d", { "lib/2nd": { sameAs: "lib/top.txt" } }), [17180]));
  test("files from the stages below are counted", async () =>
    assert.deepEqual(
      (await sizes(`${stage}FROM s AS t\nCOPY top.txt /w/q/\nFROM x\nCOPY --from=t /w /d`)).slice(3),
      [17113],
    ));
  test("a file copied after everything else is known", async () =>
    assert.deepEqual(
      (await sizes("FROM x AS s\nRUN make\nCOPY top.txt /a/b\nFROM x\nCOPY --from=s /a/b /b")).slice(1),
      [3],
    ));
  test("files created by a program are unknown, with the reason", async () =>
    assert.deepEqual(
      (await sizes("FROM x AS s\nCOPY lib /a/\nRUN cd /a && npm run build\nFROM x\nCOPY --from=s /a /b")).slice(1),
      ["an earlier line of the stage runs `npm run build`"],
    ));
  test("files of the base image are unknown", async () =>
    assert.deepEqual(
      (await sizes("FROM x AS s\nCOPY lib /a/\nFROM x\nCOPY --from=s /a /b\nCOPY --from=y /a /b")).slice(1),
      ["what is in x is not known here", "not expected here"],
    ));
  test("files are unknown after more lines than are followed, also those of stages below", async () =>
    assert.deepEqual(
      (
        await sizes(
          `FROM scratch AS s\nCOPY top.txt /a\n${"RUN true\n".repeat(999)}FROM s AS t\nRUN true\nFROM x\nCOPY --from=s /a /\nCOPY --from=t /a /`,
        )
      ).slice(1),
      [3, "the stage has more lines than are followed"],
    ));
  test("a stage that needs itself is unknown", async () =>
    assert.deepEqual(await sizes("FROM x AS s\nCOPY --from=t /a /b\nFROM x AS t\nCOPY --from=s /b /a"), [
      "it copies from a stage that is built later",
      "it copies from a stage that is built later",
    ]));
});

test(
  "a folder that can't be read makes only those copies unknown that may need it",
  { skip: process.platform === "win32" },
  async () => {
    const folder = await contextFolder({ ...files, "data/db/a": "x" });
    await folder.lock("data/db");
    const reason = "the folder data/db of the build context can't be read: permission denied";
    assert.deepEqual(
      await asOrdinaryUser(() => sizesIn(folder, "COPY top.txt /\nCOPY . /\nCOPY data /d/\nCOPY lib /l/")),
      [3, reason, reason, 1480],
    );
    await folder.remove();
  },
);
