import assert from "node:assert/strict";
import { test } from "node:test";
import { contentBytes } from "../../../oci/core/bytes.ts";
import type { DiffRow } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { securityMarks } from "../../../oci/images/securityMarks.ts";

const entry = (more: Partial<LayerEntry> = {}): LayerEntry => ({
  path: "x",
  kind: "file",
  size: contentBytes(1),
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtimeMs: 0,
  ...more,
});
const marks = (row: Partial<DiffRow>): string =>
  securityMarks({ path: "bin/x", change: "content", attributes: [], deltaBytes: 0, ...row }).join();

for (const [title, row, expected] of [
  ["a new setuid file", { after: entry({ mode: 0o4755 }) }, "setuid"],
  ["a file that became setuid", { before: entry(), after: entry({ mode: 0o6755 }) }, "setuid,setgid"],
  ["a file that was setuid before", { before: entry({ mode: 0o4755 }), after: entry({ mode: 0o4711 }) }, ""],
  ["a removed setuid file", { before: entry({ mode: 0o4755 }) }, ""],
  ["a folder that passes its group on", { after: entry({ kind: "directory", mode: 0o2755 }) }, ""],
  ["a file anyone may write", { after: entry({ mode: 0o666 }) }, "world-writable"],
  ["a folder like /tmp", { after: entry({ kind: "directory", mode: 0o1777 }) }, ""],
  ["a folder anyone may write", { after: entry({ kind: "directory", mode: 0o777 }) }, "world-writable"],
  ["a link, whose mode means nothing", { after: entry({ kind: "symlink", mode: 0o777 }) }, ""],
  ["a file with capabilities", { after: entry({ xattrs: { "security.capability": "AQ==" } }) }, "capabilities"],
  ["other attributes", { after: entry({ xattrs: { "user.x": "AQ==" } }) }, ""],
] as const)
  test(`security marks of ${title}: ${expected || "none"}`, () => assert.equal(marks(row), expected));

for (const [path, expected] of [
  ["root/.ssh/id_ed25519", "secret?"],
  ["root/.ssh/id_ed25519.pub", ""],
  ["app/.env", "secret?"],
  ["app/.env.production", "secret?"],
  ["app/.env.example", ""],
  ["root/.aws/credentials", "secret?"],
  ["etc/ssl/private/server.key", "secret?"],
  ["etc/ssl/certs/ca.pem", ""],
  ["app/node_modules/tls/test/fake.key", ""],
  ["etc/passwd", "accounts"],
  ["etc/sudoers.d/app", "accounts"],
  ["srv/etc/passwd", ""],
  ["home/a/.ssh/authorized_keys", "accounts"],
] as const)
  test(`${path} is marked as ${expected || "nothing"}`, () => {
    assert.equal(marks({ path, after: entry() }), expected);
    assert.equal(marks({ path, before: entry(), after: entry({ uid: 1 }), attributes: ["owner"] }), "");
  });
