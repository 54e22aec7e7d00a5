import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { contentBytes } from "../../../../oci/core/bytes.ts";
import { contentOf, createContentBuilder } from "../../../../oci/core/columns/contentBuilder.ts";
import { isSameRow } from "../../../../oci/core/columns/content.ts";
import type { LayerEntry } from "../../../../oci/core/entry.ts";
import { packContent, unpackContent } from "../../../../oci/source/packedContent.ts";
import { listed } from "../../../support/images/listedContent.ts";

const name = fc.oneof(
  fc.constantFrom("a", "b", "usr", "lib", "constructor", "__proto__", "日本", "é", "\u{1f600}"),
  fc.string({ minLength: 1, maxLength: 12 }).map((text) => `n${text.replace(/[/\0\ud800-\udfff]/g, "_")}`),
);
const path = fc.array(name, { minLength: 1, maxLength: 5 }).map((parts) => parts.join("/"));
const optional = <K extends string, T>(key: K, value: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<K, T>>> =>
  fc
    .option(value, { nil: undefined })
    .map((chosen) => (chosen === undefined ? {} : { [key]: chosen }) as Partial<Record<K, T>>);

/** Any entry that a tar can hold, with all its members. */
const entry: fc.Arbitrary<LayerEntry> = fc
  .tuple(
    fc.record({
      path,
      kind: fc.constantFrom<LayerEntry["kind"]>(
        "file",
        "directory",
        "symlink",
        "hardlink",
        "character",
        "block",
        "fifo",
      ),
      size: fc.nat(2 ** 40).map(contentBytes),
      mode: fc.nat(0o7777),
      uid: fc.nat(2 ** 40),
      gid: fc.nat(2 ** 40),
      mtimeMs: fc.double({ min: -1e15, max: 1e15, noNaN: true }).map((time) => time + 0),
    }),
    optional("userName", name),
    optional("groupName", name),
    optional("linkTarget", fc.oneof(fc.constant(""), path)),
    optional("writtenPath", path),
    optional("deviceMajor", fc.nat(300)),
    optional(
      "xattrs",
      fc.dictionary(fc.constantFrom("user.a", "security.capability", "__proto__"), fc.base64String(), {
        noNullPrototype: true,
      }),
    ),
    optional("sha256", fc.stringMatching(/^[0-9a-f]{64}$/)),
  )
  .map((parts) => Object.assign({}, ...parts.map((part) => ({ ...part }))) as LayerEntry);

const content = fc.record({
  entries: fc.uniqueArray(entry, { maxLength: 40, selector: (it) => it.path }),
  whiteouts: fc.uniqueArray(path, { maxLength: 3 }),
  opaqueDirectories: fc.uniqueArray(fc.oneof(path, fc.constant("")), { maxLength: 3 }),
});

test("columns return every entry and marker as it was added, even after packing", () => {
  fc.assert(
    fc.property(content, (put) => {
      const made = contentOf(put);
      const { contentBytes: bytes, ...back } = listed(made);
      assert.deepEqual(back, { ...put, overwritten: [] });
      assert.equal(
        bytes,
        put.entries.reduce((sum, { size }) => sum + size, 0),
      );
      const unpacked = unpackContent(packContent(made));
      assert.ok(unpacked);
      assert.deepEqual(listed(unpacked), listed(made));
    }),
  );
});

test("packed columns can be opened at any offset in a buffer", () => {
  const packed = packContent(contentOf({ entries: [], whiteouts: ["etc/gone"] }));
  const shifted = new Uint8Array(packed.length + 3);
  shifted.set(packed, 3);
  const unpacked = unpackContent(shifted.subarray(3));
  assert.deepEqual(unpacked && listed(unpacked).whiteouts, ["etc/gone"]);
});

test("truncated bytes or a changed header are not accepted as packed columns", () => {
  const packed = packContent(contentOf({ entries: [], whiteouts: ["etc/gone"] }));
  for (let length = 0; length < packed.length; length++)
    assert.equal(unpackContent(packed.subarray(0, length)), undefined);
  for (const junk of ["", "nonsense that is longer", "\u0001\0\0\0\0\0\0\0{"])
    assert.equal(unpackContent(Buffer.from(junk)), undefined);
});

test("two rows are equal only if everything known about both is", () => {
  const base: LayerEntry = {
    path: "a",
    kind: "file",
    size: contentBytes(3),
    mode: 0o644,
    uid: 1,
    gid: 2,
    mtimeMs: 5,
    sha256: "0".repeat(64),
  };
  const isSame = (other: Partial<LayerEntry>): boolean =>
    isSameRow(contentOf({ entries: [base] }), 0, contentOf({ entries: [{ ...base, ...other }] }), 0);
  assert.equal(isSame({ path: "b", userName: "app" }), true);
  const others: readonly Partial<LayerEntry>[] = [
    { kind: "fifo" },
    { size: contentBytes(4) },
    { mode: 0o600 },
    { uid: 2 },
    { gid: 3 },
    { mtimeMs: 6 },
    { linkTarget: "x" },
    { xattrs: {} },
    { sha256: "1".repeat(64) },
  ];
  for (const other of others) assert.equal(isSame(other), false, JSON.stringify(other));
  const { sha256, ...unhashed } = base;
  const unknown = contentOf({ entries: [unhashed] });
  assert.equal(sha256 === undefined || isSameRow(unknown, 0, contentOf({ entries: [unhashed] }), 0), false);
});

test("a hundred thousand entries take less than 100 bytes each, excluding names", () => {
  const builder = createContentBuilder();
  for (let index = 0; index < 100_000; index++)
    builder.add({
      path: `usr/share/d${index % 1000}/f${index >> 4}`,
      kind: "file",
      size: contentBytes(1),
      mode: 0o644,
      uid: 0,
      gid: 0,
      mtimeMs: 0,
    });
  const made = builder.finish();
  assert.ok(packContent(made).length - made.texts.all.length * 2 < 100 * made.entryCount);
});
