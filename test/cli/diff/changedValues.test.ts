import assert from "node:assert/strict";
import { test } from "node:test";
import { changedValues } from "../../../cli/src/diff/changedValues.ts";
import { contentBytes } from "../../../oci/core/bytes.ts";
import type { DiffRow } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";

const file: LayerEntry = { path: "a", kind: "file", size: contentBytes(5), mode: 0o755, uid: 0, gid: 0, mtimeMs: 0 };

function changed(attributes: DiffRow["attributes"], before: Partial<LayerEntry>, after: Partial<LayerEntry>): string {
  return changedValues({
    path: "a",
    change: "metadata",
    attributes,
    before: { ...file, ...before },
    after: { ...file, ...after },
    deltaBytes: 0,
  });
}

test("attributes that differ have their old and new values", () => {
  assert.equal(changed(["mode", "owner"], {}, { mode: 0o700, gid: 7 }), "mode 0755 → 0700, owner 0:0 → 0:7");
  assert.equal(changed(["mtime"], {}, { mtimeMs: 250 }), "time 1970-01-01T00:00:00Z → 1970-01-01T00:00:00.250Z");
  assert.equal(changed(["mtime"], {}, { mtimeMs: 1e20 }), "time 1970-01-01T00:00:00Z → 100000000000000000000");
  assert.equal(
    changed(["kind", "content", "size"], { kind: "directory", size: contentBytes(0) }, {}),
    "type directory → file, content, size 0 → 5",
  );
  assert.equal(changed(["linkTarget"], { linkTarget: "b" }, {}), "link target b → none");
  assert.equal(changed(["device"], { deviceMajor: 1 }, { deviceMajor: 1, deviceMinor: 5 }), "device 1:0 → 1:5");
});

test("extended attributes are named, also with inherited names, and added files have no attributes", () => {
  const xattrs = { "user.a": "1", "user.b": "1" };
  assert.equal(
    changed(["xattrs"], { xattrs }, { xattrs: { "user.b": "2", ["__proto__"]: "3" } }),
    "xattrs +__proto__ -user.a ~user.b",
  );
  assert.equal(changedValues({ path: "a", change: "added", attributes: [], after: file, deltaBytes: 5 }), "");
});

test("reasons to review a change come last, for added files too", () => {
  assert.equal(changed(["mode"], {}, { mode: 0o4755 }), "mode 0755 → 4755; security: setuid");
  const after = { ...file, path: "root/.ssh/id_rsa" };
  assert.equal(
    changedValues({ path: after.path, change: "added", attributes: [], after, deltaBytes: 5 }),
    "security: secret?",
  );
});

test("a name that the archive wrote otherwise is given, and a hard link's attribute alone", () => {
  assert.equal(changed(["mode"], {}, { writtenPath: "b/../a" }), "mode; written as b/../a");
});
