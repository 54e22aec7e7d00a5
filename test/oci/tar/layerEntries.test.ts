import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync, linkSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import * as zlib from "node:zlib";
import fc from "fast-check";
import { pack } from "tar-stream";
import type { DiffId } from "../../../oci/core/digest.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { readLayer } from "../../../oci/tar/layerEntries.ts";
import { tarLimits } from "../../../oci/tar/walk.ts";
import { golden } from "../../support/images/layerText.ts";
import { memberBytes, paxGlobal, tar, tarOf, type TarMember, type TarTree } from "../../support/images/tarBytes.ts";
import { chunked, print, problem, read } from "./readBytes.ts";

const { signal } = new AbortController();

async function one(member: TarMember): Promise<LayerEntry> {
  const [entry] = (await read(tar([member]))).entries;
  assert.ok(entry);
  return entry;
}

async function check(tree: TarTree, expected: string): Promise<void> {
  assert.equal(print(await read(tarOf(tree))), golden(expected));
}

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

test("reading a layer that unpacks to too much stops, both within its archive and after its end", async () => {
  const bytes = tar([{ path: "a", content: Buffer.alloc(50_000) }]);
  const limits = { ...tarLimits, layerBytes: 60_000 };
  assert.equal((await read(bytes, { limits })).entries.length, 1);
  for (const bomb of [
    tar([{ path: "a", content: Buffer.alloc(1_000_000) }]),
    Buffer.concat([bytes, Buffer.alloc(1_000_000)]),
  ]) {
    const error = await problem(zlib.gzipSync(bomb), { limits });
    assert.deepEqual([error.kind, error.message], ["tooLarge", "it unpacks to more than 60.0 kB"]);
  }
});

test("files, directories and links are read with the hashes of their content", async () => {
  const { entries, contentBytes } = await read(
    tarOf({ "etc/": "", "etc/passwd": "root:x", "etc/link": "-> ../x", "etc/same": "=> etc/passwd", empty: "" }),
  );
  assert.deepEqual(
    entries.map(({ path, kind, linkTarget }) => `${path} ${kind} ${linkTarget ?? ""}`),
    ["etc directory ", "etc/passwd file ", "etc/link symlink ../x", "etc/same hardlink etc/passwd", "empty file "],
  );
  assert.equal(entries[1]?.sha256, sha256("root:x"));
  assert.equal(entries[4]?.sha256, sha256(""));
  assert.equal(contentBytes, 6);
});

test("names are cleaned, and the root is not an entry", async () => {
  await check(
    { "./": "", "./a": "1", "/b": "2", "c//d/./e": "3", "f/": "" },
    "a file 1\nb file 1\nc/d/e file 1\nf directory",
  );
});

test("a name with `..` is resolved within the root and reported", async () => {
  const { entries, whiteouts } = await read(
    tarOf({
      "../a": "x",
      "b/../../c": "y",
      "d/../e": "z",
      h: "=> ../../../a",
      "../../.wh.gone": "",
      "..": "",
      "f/..": "",
    }),
  );
  assert.deepEqual(
    entries.map(({ path, writtenPath, linkTarget }) => [path, writtenPath, linkTarget].join(" ")),
    ["a ../a ", "c b/../../c ", "e d/../e ", "h  a"],
  );
  assert.deepEqual(whiteouts, ["gone"]);
});

test("a trailing slash makes a folder only of v7 files", async () => {
  const { entries } = await read(
    tar([
      { path: "old/", type: "\0" },
      { path: "new/", type: "0" },
    ]),
  );
  assert.deepEqual(
    entries.map(({ path, kind }) => `${path} ${kind}`),
    ["old directory", "new file"],
  );
});

test("whiteouts are separated, and AUFS' own files are left out", async () => {
  await check(
    {
      "a/.wh.gone": "",
      ".wh.top": "",
      "d/.wh..wh..opq": "",
      ".wh..wh..opq": "",
      ".wh..wh.plnk/": "",
      ".wh..wh.aufs": "",
    },
    `
    whiteout a/gone
    whiteout top
    opaque d
    opaque /`,
  );
  for (const path of ["a/.wh.", ".wh..", ".wh..."])
    assert.match((await problem(tarOf({ [path]: "" }))).message, /names nothing/);
});

test("a hard link to a file that AUFS hid is that file", async () => {
  await check(
    { ".wh..wh.plnk/1.2": "12345", "bin/a": "=> .wh..wh.plnk/1.2", "bin/b": "=> .wh..wh.plnk/1.2" },
    "bin/a file 5\nbin/b hardlink bin/a",
  );
});

test("of several entries with the same path, the last wins", async () => {
  const content = await read(tar([{ path: "a", content: "1" }, { path: "b" }, { path: "./a", content: "22" }]));
  assert.equal(print(content), "b file 0\na file 2");
  assert.equal(content.contentBytes, 3);
  assert.deepEqual(
    content.overwritten.map(({ path, size }) => `${path} ${size}`),
    ["a 1"],
  );
});

test("devices and pipes keep their numbers", async () => {
  assert.deepEqual(await one({ path: "dev/null", type: "3", major: 1, minor: 3, mode: 0o20666 }), {
    path: "dev/null",
    kind: "character",
    size: 0,
    mode: 0o666,
    uid: 0,
    gid: 0,
    mtimeMs: 0,
    deviceMajor: 1,
    deviceMinor: 3,
  });
  assert.equal((await one({ path: "dev/sda", type: "4" })).kind, "block");
  assert.equal((await one({ path: "pipe", type: "6" })).kind, "fifo");
});

test("extended headers provide owner, time and long names", async () => {
  const path = `${"long/".repeat(60)}name`;
  const entry = await one({
    path,
    linkTarget: "",
    uid: 1,
    pax: { uid: "4000000", gid: "5000000", mtime: "1700000000.25", uname: "åsa", size: "3" },
    content: "abc",
    size: 0,
  });
  assert.deepEqual(entry, {
    path,
    kind: "file",
    size: 3,
    mode: 0o644,
    uid: 4000000,
    gid: 5000000,
    userName: "åsa",
    mtimeMs: 1_700_000_000_250,
    sha256: sha256("abc"),
  });
});

test("binary xattrs are preserved", async () => {
  const capability = Buffer.from([1, 0, 0, 2, 0xff, 0xfe, 0x0a, 0x3d, 0, 0]);
  const entry = await one({
    path: "ping",
    pax: {
      "SCHILY.xattr.security.capability": capability,
      "LIBARCHIVE.xattr.user.a%20b": Buffer.from("v").toString("base64"),
    },
  });
  assert.deepEqual(entry.xattrs, { "security.capability": capability.toString("base64"), "user.a b": "dg==" });
});

test("a global header applies to all members; a member's own record, even an empty one, overrides it", async () => {
  const members = [
    paxGlobal({ uid: "7", mtime: "5" }),
    { path: "a" },
    { path: "b", pax: { uid: "8" } },
    { path: "c", uid: 3, pax: { uid: "" } },
    paxGlobal({ uid: "" }),
    { path: "d" },
  ];
  const { entries } = await read(tar(members));
  assert.deepEqual(
    entries.map(({ path, uid, mtimeMs }) => [path, uid, mtimeMs]),
    [
      ["a", 7, 5000],
      ["b", 8, 5000],
      ["c", 3, 5000],
      ["d", 0, 5000],
    ],
  );
});

test("GNU long names, base-256 numbers and other fields of its header are read", async () => {
  const long = "n".repeat(300);
  const entry = await one({
    path: long,
    linkTarget: "t".repeat(200),
    type: "2",
    dialect: "gnu",
    patch: (header) => {
      Buffer.from([0x80, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff]).copy(header, 108);
      Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]).copy(header, 136);
      // atime, which is at the position of POSIX's name prefix.
      header.write("14000000000", 345, "latin1");
    },
  });
  assert.deepEqual(
    [entry.path, entry.linkTarget, entry.uid, entry.mtimeMs],
    [long, "t".repeat(200), 0x7fffffff, -1000],
  );
});

test("v7 headers are read: no magic, NUL as type, directories by name", async () => {
  const content = await read(
    tar([
      { path: "d/", type: "0", dialect: "v7" },
      { path: "d/f", content: "x", dialect: "v7" },
      { path: "l", type: "1", linkTarget: "d/f", dialect: "v7" },
    ]),
  );
  assert.equal(print(content), "d directory\nd/f file 1\nl hardlink d/f");
});

test("a ustar prefix precedes the name", async () => {
  const entry = await one({ path: "name", patch: (header) => header.write("some/prefix", 345, "latin1") });
  assert.equal(entry.path, "some/prefix/name");
});

test("old GNU sparse files count with their holes, and their map blocks are not headers", async () => {
  const sparse = memberBytes({
    path: "s",
    type: "S",
    content: "data",
    dialect: "gnu",
    patch: (header) => {
      header[482] = 1;
      header.write("00000100000", 483, "latin1");
    },
  });
  const map = Buffer.alloc(512);
  const whole = Buffer.concat([
    sparse.subarray(0, 512),
    map,
    sparse.subarray(512),
    tar([{ path: "after", content: "x" }]),
  ]);
  const { entries } = await read(whole);
  assert.deepEqual(
    entries.map(({ path, size, sha256 }) => [path, size, sha256]),
    [
      ["s", 0o100000, undefined],
      ["after", 1, sha256("x")],
    ],
  );
});

test("PAX sparse files have their own name and size", async () => {
  const entry = await one({
    path: "GNUSparseFile.0/s",
    content: "1\n0\n3\n",
    pax: { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.name": "s", "GNU.sparse.realsize": "4096" },
  });
  assert.deepEqual([entry.path, entry.size, entry.sha256], ["s", 4096, undefined]);
});

test("names that are not UTF-8 stay different", async () => {
  const { entries } = await read(
    tar([{ path: Buffer.from([0x61, 0xe9]) }, { path: Buffer.from([0x61, 0xe8]) }, { path: "aé�" }]),
  );
  assert.deepEqual(
    entries.map(({ path }) => path),
    ["a\u00e9", "a\u00e8", "aé�"],
  );
});

test("an archive may lack its end, and have anything after it", async () => {
  const whole = tarOf({ a: "x" });
  for (const bytes of [
    whole.subarray(0, 1024),
    whole.subarray(0, 513),
    whole.subarray(0, 1536),
    Buffer.concat([whole, Buffer.from("garbage".repeat(200))]),
  ])
    assert.equal(print(await read(bytes)), "a file 1");
  assert.equal(print(await read(Buffer.alloc(0))), "");
});

test("a truncated or invalid tar is reported with the position", async () => {
  const whole = tarOf({ a: "x".repeat(600), b: "y" });
  const messages: readonly (readonly [Buffer, RegExp])[] = [
    [whole.subarray(0, 700), /truncated in the content that begins at byte 512 and should have 600/],
    [whole.subarray(0, 1600), /truncated at byte 1600/],
    [
      Buffer.concat([whole.subarray(0, 1536), Buffer.from("x".repeat(512))]),
      /no tar header at byte 1536: the header's checksum/,
    ],
    [
      Buffer.concat([whole.subarray(0, 1536), Buffer.alloc(512), whole.subarray(1536)]),
      /no tar header at byte 2048: one empty block at the end/,
    ],
    [tar([{ path: "a", patch: (header) => header.write("zzzzzzz", 108, "latin1") }]), /uid is not a number/],
    [tar([{ path: "x", type: "x", content: "99 path=a\n" }, { path: "a" }]), /not `length key=value`/],
    [tar([{ path: "a", pax: { mtime: "soon" } }]), /mtime that is not a number/],
    [tar([{ path: "a", pax: { size: "-5" } }]), /impossible size/],
  ];
  for (const [bytes, message] of messages) {
    const error = await problem(bytes);
    assert.equal(error.kind, "badArchive");
    assert.match(error.message, message);
  }
});

test("limits on members, paths and extended headers are enforced", async () => {
  const bytes = tarOf({ a: "", b: "", c: "" });
  assert.equal((await problem(bytes, { limits: { ...tarLimits, members: 2 } })).kind, "tooLarge");
  assert.equal(
    (await problem(tarOf({ ["p".repeat(90)]: "" }), { limits: { ...tarLimits, pathBytes: 80 } })).kind,
    "tooLarge",
  );
  assert.equal(
    (await problem(tarOf({ a: { pax: { x: "y".repeat(2000) } } }), { limits: { ...tarLimits, paxBytes: 1000 } })).kind,
    "tooLarge",
  );
  assert.equal((await problem(tar([{ path: "././@LongLink", type: "L", size: 1e9, content: "" }]))).kind, "tooLarge");
});

test("the DiffID covers the whole tar, including data after its end", async () => {
  const bytes = Buffer.concat([tarOf({ a: "x" }), Buffer.alloc(9000)]);
  const result = await readLayer(
    chunked(zlib.gzipSync(bytes)),
    { what: "layer", diffId: `sha256:${sha256(bytes)}` as DiffId },
    signal,
  );
  assert.ok(result.ok);
  assert.equal(result.value.diffId, `sha256:${sha256(bytes)}`);
  const error = await problem(bytes, { diffId: `sha256:${"0".repeat(64)}` as DiffId });
  assert.equal(error.kind, "digestMismatch");
});

test("reading a layer stops when it is cancelled", async () => {
  const controller = new AbortController();
  const bytes = tarOf(Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`f${index}`, "x"])));
  const reading = readLayer(
    chunked(bytes, 512),
    { what: "layer", onRead: () => controller.abort() },
    controller.signal,
  );
  await assert.rejects(reading, { name: "AbortError" });
});

const member: fc.Arbitrary<TarMember> = fc.record({
  path: fc
    .array(fc.constantFrom("a", "long-name".repeat(12), "ü", ".x"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/")),
  content: fc.string({ maxLength: 1500 }),
  mode: fc.nat(0o7777),
  uid: fc.nat(0o7777777),
  mtime: fc.nat(2_000_000_000),
  dialect: fc.constantFrom("ustar" as const, "gnu" as const),
});

test("a written tar is read back, however the stream is split", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(member, { selector: ({ path }) => path, maxLength: 8 }),
      fc.integer({ min: 1, max: 2000 }),
      async (members, chunkBytes) => {
        const { entries } = await read(tar(members), {}, chunkBytes);
        const expected = members.map(({ path, content = "", mode, uid, mtime = 0 }) => [
          path,
          Buffer.byteLength(content),
          mode,
          uid,
          mtime * 1000,
          sha256(content),
        ]);
        assert.deepEqual(
          entries.map(({ path, size, mode, uid, mtimeMs, sha256 }) => [path, size, mode, uid, mtimeMs, sha256]),
          expected,
        );
      },
    ),
    { numRuns: 60 },
  );
});

test("reading a tar never throws, whatever the bytes", async () => {
  const valid = tar([
    paxGlobal({ a: "b" }),
    { path: "x".repeat(150), content: "y", pax: { mtime: "3" } },
    { path: "l", type: "S", dialect: "gnu" },
  ]);
  const damage = fc.tuple(fc.nat(valid.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(damage, { maxLength: 5 }), fc.nat(valid.length), async (damages, length) => {
      const bytes = Buffer.from(valid);
      for (const [at, byte] of damages) bytes[at] = byte;
      await readLayer(chunked(bytes.subarray(0, length)), { what: "layer" }, signal);
    }),
    { numRuns: 200 },
  );
});

test("archives of tar-stream and GNU tar are read alike", async (context) => {
  const stream = pack();
  stream.entry({ name: "d/", type: "directory", mode: 0o755 });
  stream.entry({ name: `d/${"x".repeat(160)}`, mode: 0o600 }, "hello");
  stream.entry({ name: "d/l", type: "symlink", linkname: "x" });
  stream.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const expected = `d directory\nd/${"x".repeat(160)} file 5\nd/l symlink x`;
  assert.equal(print(await read(Buffer.concat(chunks))), expected);
  const folder = mkdtempSync(join(tmpdir(), "imagewright-test-"));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, "d"));
  writeFileSync(join(folder, "d", "x".repeat(160)), "hello");
  symlinkSync("x", join(folder, "d", "l"));
  linkSync(join(folder, "d", "x".repeat(160)), join(folder, "d", "y"));
  for (const format of ["gnu", "posix", "v7", "oldgnu"]) {
    const { stdout, error, stderr } = spawnSync(
      "tar",
      ["--sort=name", `--format=${format}`, "-cf", "-", "-C", folder, "d"],
      { maxBuffer: 1e7 },
    );
    assert.equal(error, undefined, String(stderr));
    const read_ = print(await read(stdout));
    if (format === "v7") assert.match(read_, /^d directory\nd\/l symlink x/);
    else
      assert.equal(read_, `d directory\nd/l symlink x\nd/${"x".repeat(160)} file 5\nd/y hardlink d/${"x".repeat(160)}`);
  }
});
