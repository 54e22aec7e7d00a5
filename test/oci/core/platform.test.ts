import assert from "node:assert/strict";
import { test } from "node:test";
import { formatPlatform, matchesPlatform, parsePlatform, runsOn } from "../../../oci/core/platform.ts";

function parsed(text: string): NonNullable<ReturnType<typeof parsePlatform>> {
  const platform = parsePlatform(text);
  assert.ok(platform, text);
  return platform;
}

test("platforms are formatted in normalised form", () => {
  const table: readonly (readonly [string, string])[] = [
    ["linux/amd64", "linux/amd64"],
    ["Linux/x86_64", "linux/amd64"],
    ["linux/x86-64", "linux/amd64"],
    ["linux/amd64/v1", "linux/amd64"],
    ["linux/amd64/v3", "linux/amd64/v3"],
    ["linux/aarch64", "linux/arm64"],
    ["linux/arm64/v8", "linux/arm64"],
    ["linux/arm64/8", "linux/arm64"],
    ["linux/arm64/v9", "linux/arm64/v9"],
    ["linux/arm", "linux/arm/v7"],
    ["linux/armhf", "linux/arm/v7"],
    ["linux/armel", "linux/arm/v6"],
    ["linux/arm/5", "linux/arm/v5"],
    ["linux/i386", "linux/386"],
    ["macos/arm64", "darwin/arm64"],
    ["windows(10.0.17763)/amd64", "windows(10.0.17763)/amd64"],
  ];
  for (const [written, normal] of table) assert.equal(formatPlatform(parsed(written)), normal);
});

test("text that isn't os/architecture is not a platform", () => {
  for (const text of ["", "linux", "amd64", "linux/", "/amd64", "a/b/c/d", "linux/amd64 ", "$OS/$ARCH"])
    assert.equal(parsePlatform(text), undefined, text);
});

test("other names of the same platform match", () => {
  assert.ok(matchesPlatform(parsed("linux/arm64"), { os: "linux", architecture: "aarch64", variant: "v8" }));
  assert.ok(
    matchesPlatform(parsed("windows(10.0.17763)/amd64"), {
      os: "windows",
      architecture: "amd64",
      osVersion: "10.0.17763.5",
    }),
  );
  assert.ok(
    !matchesPlatform(parsed("windows(10.0.177)/amd64"), {
      os: "windows",
      architecture: "amd64",
      osVersion: "10.0.17763.5",
    }),
  );
  assert.ok(!matchesPlatform(parsed("linux/arm/v7"), parsed("linux/arm/v6")));
});

test("an older variant runs on a newer one, but not the other way round", () => {
  assert.ok(runsOn(parsed("linux/arm/v7"), parsed("linux/arm/v6")));
  assert.ok(!runsOn(parsed("linux/arm/v6"), parsed("linux/arm/v7")));
  assert.ok(runsOn(parsed("linux/amd64/v3"), parsed("linux/amd64")));
  assert.ok(!runsOn(parsed("linux/amd64"), parsed("linux/amd64/v3")));
  assert.ok(!runsOn(parsed("linux/ppc64le"), parsed("linux/ppc64le/power9")));
});
