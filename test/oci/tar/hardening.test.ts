// Headers designed to use up memory: each is refused where it appears, with its reason.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { tarLimits } from "../../../oci/tar/walk.ts";
import { memberBytes, paxGlobal, tar, tarOf } from "../../support/images/tarBytes.ts";
import { problem, read } from "./readBytes.ts";

const mebibyte = 1024 * 1024 - 100;

/** A separate extended header: `x` for the next member, `g` for all. */
function extension(type: "x" | "g", records: Readonly<Record<string, string>>): Buffer {
  return memberBytes({ ...paxGlobal(records), type });
}

test("names of owners and extended attributes must be short, or the layer is refused", async () => {
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [
      Buffer.concat([extension("g", { uname: "u".repeat(mebibyte) }), tarOf({ a: "" })]),
      /an owner's name \(uname\) of \d+ bytes; at most 256/,
    ],
    [tarOf({ a: { pax: { gname: "g".repeat(257) } } }), /an owner's name \(gname\) of 257 bytes/],
    [tarOf({ a: { pax: { [`SCHILY.xattr.${"n".repeat(256)}`]: "" } } }), /\(xattr\) whose name has 256 bytes/],
    [tarOf({ a: { pax: { [`LIBARCHIVE.xattr.${"n".repeat(256)}`]: "" } } }), /\(xattr\) whose name has 256 bytes/],
  ];
  for (const [bytes, expected] of cases) {
    const error = await problem(bytes);
    assert.equal(error.kind, "tooLarge");
    assert.match(error.message, expected);
  }
  assert.equal((await read(tarOf({ a: { pax: { uname: "u".repeat(256) } } }))).entries[0]?.userName?.length, 256);
});

test("distinct owner names are limited per layer, and repeated ones count once", async () => {
  const files = (owner: (index: number) => string): Buffer =>
    tar(
      Array.from({ length: 30 }, (_, index) => ({ path: `f${index}`, pax: { uname: owner(index), gname: "staff" } })),
    );
  const limits = { ...tarLimits, ownerNames: 100 };
  const error = await problem(
    files((index) => `user${index}`),
    { limits },
  );
  assert.equal(error.kind, "tooLarge");
  assert.match(error.message, /the names of its files' owners take more than 100 B/);
  assert.equal(
    (
      await read(
        files(() => "user"),
        { limits },
      )
    ).entries.length,
    30,
  );
});

test("records in effect at once are limited by bytes, and by number for the whole archive", async () => {
  const local = (key: string): Buffer => extension("x", { [key]: "v".repeat(600_000) });
  assert.match(
    (await problem(Buffer.concat([local("k1"), local("k2"), tarOf({ a: "" })]))).message,
    /extended headers of \d+ bytes that hold at once/,
  );
  assert.match(
    (await problem(tar([paxGlobal({ k1: "v".repeat(600_000) }), paxGlobal({ k2: "v".repeat(600_000) })]))).message,
    /extended headers of \d+ bytes that hold at once/,
  );
  const many = Object.fromEntries(Array.from({ length: 101 }, (_, index) => [`k${index}`, "v"]));
  assert.match(
    (await problem(tar([paxGlobal(many)]))).message,
    /101 records of extended headers for the whole archive/,
  );
});

test("extended headers count as members, and their bytes are limited", async () => {
  const bytes = Buffer.concat(Array.from({ length: 30 }, () => extension("x", { a: "b" })));
  for (const limits of [
    { ...tarLimits, members: 20 },
    { ...tarLimits, extensionBytes: 100 },
  ])
    assert.match((await problem(bytes, { limits })).message, /too many extended headers/);
});

test("a path with more folders than Linux can open is refused, and so are more paths than a layer needs", async () => {
  const deep = "d/".repeat(tarLimits.pathParts);
  assert.match((await problem(tarOf({ [`${deep}f`]: "" }))).message, /^a path of more than 2048 folders$/);
  assert.equal((await read(tarOf({ [deep.slice(2) + "f"]: "" }))).entries.length, 1);
  const many = tarOf(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`${index}/a/b/c`, ""])));
  const error = await problem(many, { limits: { ...tarLimits, paths: 50 } });
  assert.deepEqual([error.kind, error.message], ["tooLarge", "more than 50 paths and folders"]);
});

test("all stored text counts towards one limit", async () => {
  const limits = { ...tarLimits, textBytes: 2000 };
  const texts: readonly Parameters<typeof tarOf>[0][string][] = [
    { userName: "u".repeat(30), groupName: "g".repeat(30) },
    { pax: { [`SCHILY.xattr.${"n".repeat(60)}`]: "" } },
    { pax: { "SCHILY.xattr.n": "v".repeat(60) } },
  ];
  for (const member of texts) {
    const error = await problem(tarOf(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`${i}`, member]))), {
      limits,
    });
    assert.match(error.message, /the names and extended attributes in it take more than 2.00 kB/);
  }
});

const sparseContent = Buffer.concat([Buffer.alloc(2000), Buffer.from("mid"), Buffer.alloc(2997), Buffer.from("end")]);
const sparseHash = createHash("sha256").update(sparseContent).digest("hex");
const stored = "midend";

test("a sparse file has the hash of its unpacked form, in every format", async () => {
  const old = memberBytes({
    path: "s",
    type: "S",
    dialect: "gnu",
    content: stored,
    patch: (header) => {
      for (const [at, number] of [2000, 3, 5000, 3].entries())
        header.write(number.toString(8).padStart(11, "0"), 386 + at * 12, "latin1");
      header.write((5003).toString(8).padStart(11, "0"), 483, "latin1");
    },
  });
  const list = { "GNU.sparse.size": "5003", "GNU.sparse.map": "2000,3,5000,3" };
  const inContent = Buffer.concat([Buffer.from("2\n2000\n3\n5000\n3\n".padEnd(512, "\0")), Buffer.from(stored)]);
  const version1 = { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "5003" };
  for (const member of [
    old,
    memberBytes({ path: "s", content: stored, pax: list }),
    memberBytes({ path: "s", content: inContent, pax: version1 }),
  ]) {
    const [entry] = (await read(Buffer.concat([member, Buffer.alloc(1024)]))).entries;
    assert.deepEqual([entry?.size, entry?.sha256], [5003, sparseHash]);
  }
});

test("a sparse file whose map doesn't fit, or with holes of petabytes, has no hash", async () => {
  for (const [map, size] of [
    ["2000,3,5000,4", "6000"],
    ["5000,3,2000,3", "6000"],
    ["2000,3,5000,3", "4000"],
    ["2000,6", "9000000000000000"],
    ["x", "10"],
  ] as const) {
    const pax = { "GNU.sparse.size": size, "GNU.sparse.map": map };
    const [entry] = (await read(tar([{ path: "s", content: stored, pax }]))).entries;
    assert.deepEqual([entry?.size, entry?.sha256], [Number(size), undefined]);
  }
});
