import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  familiarReference,
  formatReference,
  parseReference,
  withDefaultTag,
  withDigest,
  writtenReference,
} from "../../../oci/core/reference.ts";
import { parseDigest } from "../../../oci/core/digest.ts";

const hex = "0123456789abcdef".repeat(4);

/** Written → normalised, familiar. The forms are those of distribution/reference's grammar (facts of 2026-11). */
const good: readonly (readonly [string, string, string])[] = [
  ["alpine", "docker.io/library/alpine", "alpine"],
  ["alpine:3.20", "docker.io/library/alpine:3.20", "alpine:3.20"],
  ["scratch", "docker.io/library/scratch", "scratch"],
  ["docker.io/alpine", "docker.io/library/alpine", "alpine"],
  ["index.docker.io/alpine", "docker.io/library/alpine", "alpine"],
  ["docker.io/library/alpine:latest", "docker.io/library/alpine:latest", "alpine:latest"],
  ["registry-1.docker.io/library/alpine", "registry-1.docker.io/library/alpine", "registry-1.docker.io/library/alpine"],
  ["library/alpine", "docker.io/library/alpine", "alpine"],
  ["bitnami/redis:7", "docker.io/bitnami/redis:7", "bitnami/redis:7"],
  ["library/a/b", "docker.io/library/a/b", "library/a/b"],
  ["localhost", "docker.io/library/localhost", "localhost"],
  ["localhost/foo", "localhost/foo", "localhost/foo"],
  [
    `localhost:5000/foo/bar:tag@sha256:${hex}`,
    `localhost:5000/foo/bar:tag@sha256:${hex}`,
    `localhost:5000/foo/bar:tag@sha256:${hex}`,
  ],
  ["myhost:5000", "docker.io/library/myhost:5000", "myhost:5000"],
  ["[::1]:5000/x", "[::1]:5000/x", "[::1]:5000/x"],
  ["Foo/bar", "Foo/bar", "Foo/bar"],
  ["a__b", "docker.io/library/a__b", "a__b"],
  ["a--b", "docker.io/library/a--b", "a--b"],
  ["a.b_c-d", "docker.io/library/a.b_c-d", "a.b_c-d"],
  ["a/b/c/d", "docker.io/a/b/c/d", "a/b/c/d"],
  ["ghcr.io/a/b:v1.2_x", "ghcr.io/a/b:v1.2_x", "ghcr.io/a/b:v1.2_x"],
  [`alpine@sha256:${hex}`, `docker.io/library/alpine@sha256:${hex}`, `alpine@sha256:${hex}`],
  [`a@sha512:${hex}${hex}`, `docker.io/library/a@sha512:${hex}${hex}`, `a@sha512:${hex}${hex}`],
  [`a:${"t".repeat(128)}`, `docker.io/library/a:${"t".repeat(128)}`, `a:${"t".repeat(128)}`],
  ["xn--n3h.com/a", "xn--n3h.com/a", "xn--n3h.com/a"],
];

const bad: readonly (readonly [string, RegExp])[] = [
  ["", /empty/],
  [":a", /expected/],
  ["a:", /expected/],
  ["a..b", /expected/],
  ["-a", /expected/],
  ["a/", /expected/],
  ["/a", /expected/],
  ["a//b", /expected/],
  ["foo/Bar", /lower case/],
  ["FOO", /lower case/],
  ["localhost/Foo:x", /lower case/],
  ["aa/asdf$$^/aa", /expected/],
  ["https://github.com/docker/docker", /expected/],
  [hex, /image ID/],
  [`alpine@sha256:${hex.slice(1)}`, /not a valid digest/],
  [`alpine@sha256:${hex.toUpperCase()}`, /not a valid digest/],
  [`alpine@md5:${hex}`, /not a valid digest/],
  ["alpine@sha256:abc", /not a valid digest/],
  [`a:${"t".repeat(129)}`, /expected/],
  [`${"a/".repeat(128)}a`, /255 characters/],
  ["a".repeat(5000), /at most/],
  ["a b", /expected/],
];

test("references are normalised and formatted like in the Docker CLI", () => {
  for (const [written, normalised, familiar] of good) {
    const parsed = parseReference(written);
    assert.ok(parsed.ok, written);
    assert.equal(formatReference(parsed.value), normalised);
    assert.equal(familiarReference(parsed.value), familiar);
    assert.equal(writtenReference(parsed.value), written);
  }
});

test("an invalid reference is reported with the reason", () => {
  for (const [written, message] of bad) {
    const parsed = parseReference(written);
    assert.ok(!parsed.ok, written);
    assert.equal(parsed.error.kind, "badReference");
    assert.match(parsed.error.message, message, written);
  }
});

test("pinning keeps the tag, and latest is only added to a bare name", () => {
  const parsed = parseReference("alpine:3.20");
  const digest = parseDigest(`sha256:${hex}`);
  assert.ok(parsed.ok && digest);
  assert.equal(writtenReference(withDigest(parsed.value, digest)), `alpine:3.20@sha256:${hex}`);
  assert.equal(withDefaultTag(parsed.value).tag, "3.20");
  const bare = parseReference("alpine");
  assert.ok(bare.ok);
  assert.equal(familiarReference(withDefaultTag(bare.value)), "alpine:latest");
  assert.equal(withDefaultTag(withDigest(bare.value, digest)).tag, undefined);
});

test("parsing a reference never throws, and formatting is reversible", () => {
  const shaped = fc.string({ unit: fc.constantFrom(..."aB1./:@-_[]") });
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), shaped), (text) => {
      const parsed = parseReference(text);
      if (!parsed.ok) return;
      const again = parseReference(formatReference(parsed.value));
      assert.ok(again.ok, text);
      assert.equal(formatReference(again.value), formatReference(parsed.value));
    }),
    { numRuns: 500 },
  );
});
