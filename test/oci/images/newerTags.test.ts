import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseReference } from "../../../oci/core/reference.ts";
import { newerTags, newestTag, upgradeLevels, upgradeLevelsOf } from "../../../oci/images/newerTags.ts";

/** The newest tags by patch, minor and major; `-` for none. */
function newest(name: string, tags: string): string {
  const parsed = parseReference(name);
  assert.ok(parsed.ok, name);
  return upgradeLevels.map((level) => newestTag(parsed.value, tags.split(" "), level) ?? "-").join(" ");
}

test("a tag moves by the levels for which it has numbers", () => {
  const levels = (name: string): string => {
    const parsed = parseReference(name);
    return parsed.ok ? upgradeLevelsOf(parsed.value).join(" ") : "";
  };
  assert.equal(levels("x:3.12.1-slim"), "patch minor major");
  assert.equal(levels("alpine:3.20"), "minor major");
  assert.equal(levels("node:20"), "major");
  assert.equal(levels("node:20-alpine3.20"), "minor major");
  assert.equal(levels("ubuntu:22.04"), "major");
  assert.equal(levels("debian:bookworm-20240101"), "patch");
  assert.equal(levels("alpine"), "");
  assert.equal(levels("alpine:edge"), "");
});

describe("the newest tag of the same scheme", () => {
  test("a tag moves by patch, minor and major", () => {
    assert.equal(
      newest("x:3.12.1", "3.12.1 3.12.4 3.12.10 3.13.0 3.9.9 4.0.1 latest 3 3.12 3.12.11-rc1"),
      "3.12.10 3.13.0 4.0.1",
    );
  });
  test("a tag's suffix is kept", () => {
    assert.equal(
      newest(
        "python:3.12.1-slim-bookworm",
        "3.12.4-slim-bookworm 3.12.5-slim-trixie 3.12.6 3.12.7-bookworm 3.13.1-slim-bookworm",
      ),
      "3.12.4-slim-bookworm 3.13.1-slim-bookworm 3.13.1-slim-bookworm",
    );
  });
  test("a distribution in the suffix may move, but never back", () => {
    assert.equal(
      newest("node:20-alpine3.20", "20-alpine3.20 20-alpine3.21 20-alpine3.9 22-alpine3.19"),
      "- 20-alpine3.21 20-alpine3.21",
    );
    assert.equal(
      newest("node:20.1.0-alpine3.20", "20.1.1-alpine3.19 20.1.1-alpine3.20"),
      "20.1.1-alpine3.20 20.1.1-alpine3.20 20.1.1-alpine3.20",
    );
  });
  test("other numbers of a suffix are kept", () => {
    assert.equal(newest("x:1.0-arm32v7", "1.0-arm64v8 1.0-arm32v8"), "- - -");
    assert.equal(newest("x:3.13.0rc1", "3.13.0rc2 3.13.0"), "- - -");
  });
  test("a leading v is kept, and so is the count of numbers", () => {
    assert.equal(newest("x:v1.2.3", "v1.2.4 1.2.5 v1.3 v2"), "v1.2.4 v1.2.4 v1.2.4");
    assert.equal(newest("alpine:3.20", "3.21 3.20.3 4.0 edge"), "- 3.21 4.0");
    assert.equal(newest("x:20", "21 22.1 latest"), "- - 21");
  });
  test("lines with long-term support only move by major, to another such line", () => {
    assert.equal(newest("node:20.1.0", "20.2.0 21.0.0 22.4.0 23.1.0"), "- 20.2.0 22.4.0");
    assert.equal(newest("node:21.1.0", "21.2.0 23.1.0"), "- 21.2.0 23.1.0");
    assert.equal(newest("ubuntu:22.04", "22.10 24.04 24.10 25.04"), "- - 24.04");
    assert.equal(newest("mysql:8.0.30", "8.0.40 8.4.3 9.1.0"), "8.0.40 8.0.40 9.1.0");
    assert.equal(newest("eclipse-temurin:17-jre", "18-jre 21-jre 24-jre 21-jdk"), "- - 21-jre");
    assert.equal(newest("mcr.microsoft.com/dotnet/sdk:8.0", "9.0 10.0"), "- - 10.0");
    assert.equal(newest("ghcr.io/me/base:22.04", "22.10 24.04"), "- - 24.04");
  });
  test("dates move, but hashes and builds don't", () => {
    assert.equal(
      newest("debian:bookworm-20240101-slim", "bookworm-20240612-slim trixie-20250101-slim bookworm-20240701"),
      "bookworm-20240612-slim bookworm-20240612-slim bookworm-20240612-slim",
    );
    assert.equal(newest("x:1a2b3c4", "2a2b3c4"), "- - -");
    assert.equal(newest("x:sha-1234567", "sha-2345678"), "- - -");
    assert.equal(newest("x:latest", "1 2"), "- - -");
    assert.equal(newest("x", "1 2"), "- - -");
  });
  test("hostile tags are handled quickly", () => {
    const tags = Array.from({ length: 10_000 }, (_, index) => `${"1.".repeat(60)}${index % 9}`);
    assert.equal(
      newest(`x:${"1.".repeat(60)}1`, tags.join(" ")),
      Array(3)
        .fill(`${"1.".repeat(60)}8`)
        .join(" "),
    );
  });
});

test("all newer tags of the same scheme are listed, the newest first, each with the smallest level that reaches it", () => {
  const parsed = parseReference("node:20.1.0-alpine3.20");
  assert.ok(parsed.ok);
  const tags =
    "20.1.0-alpine3.20 20.1.1-alpine3.20 20.1.0-alpine3.21 23.0.0-alpine3.21 22.0.0-alpine3.21 20.1.1 latest";
  assert.deepEqual(
    newerTags(parsed.value, tags.split(" ")).map(({ tag, level }) => `${tag} ${level}`),
    ["22.0.0-alpine3.21 major", "20.1.1-alpine3.20 patch", "20.1.0-alpine3.21 minor"],
  );
});
