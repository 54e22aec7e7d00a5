import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { applyChanges } from "../../dockerfile/edit/applyChanges.ts";
import { findReferences } from "../../dockerfile/references/findReferences.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { failure, success } from "../../oci/core/error.ts";
import { familiarName } from "../../oci/core/reference.ts";
import type { UpgradeLevel } from "../../oci/images/newerTags.ts";
import { planPins } from "../../references/plan.ts";
import { createUpgrade } from "../../references/upgrade.ts";
import type { BlobBytes } from "../../oci/core/bytes.ts";
import type { ImageReader } from "../../oci/source/source.ts";
import { config, digest, image, layer } from "../support/images/literalImages.ts";
import { fakeDigestResolver } from "../support/registry/fakeDigestResolver.ts";

const digits = { "python:3.12.1-slim": "a", "python:3.12.4-slim": "b", "python:3.13.0-slim": "c", "alpine:3.21": "d" };
const tags = new Map([
  ["python", ["3.12.1-slim", "3.12.4-slim", "3.13.0-slim", "3.12.5"]],
  ["alpine", ["3.20", "3.21"]],
]);

/** The text after an upgrade, the message for each reference, and the number of tag listings. `@a` is a digest. */
async function upgraded(written: string, level: UpgradeLevel, images?: ImageReader) {
  const text = written.replace(/@([a-f])\b/g, (_, digit: string) => `@${digest(digit)}`);
  const absent = () => Promise.resolve(failure({ kind: "notFound", what: "x", message: "x does not exist" } as const));
  let lists = 0;
  const upgrade = createUpgrade(level, {
    images: images ?? { image: absent },
    tags(reference) {
      lists++;
      const names = tags.get(familiarName(reference));
      return names ? Promise.resolve(success({ names, isCut: false })) : absent();
    },
  });
  const { edits, outcomes } = await planPins(
    { references: findReferences(parse(text)), mode: upgrade(text), resolver: fakeDigestResolver(digits) },
    new AbortController().signal,
  );
  const after = applyChanges(text, edits).replace(/@sha256:([a-f])\1{63}/g, "@$1");
  return { text: after, said: outcomes.map(({ outcome, message }) => `${outcome}: ${message}`), lists };
}

describe("upgrades of images", () => {
  test("an upgrade moves tags and digests of pinned and unpinned references, and lists tags once", async () => {
    const { text, lists } = await upgraded("FROM python:3.12.1-slim AS a\nFROM python:3.12.1-slim@a AS b\n", "patch");
    assert.equal(text, "FROM python:3.12.4-slim@b AS a\nFROM python:3.12.4-slim@b AS b\n");
    assert.equal(lists, 1);
  });
  test("an upgrade edits the ARG that contains the tag", async () => {
    const { text } = await upgraded('ARG V="3.20"\nFROM alpine:$V\nFROM alpine:${V}\n', "minor");
    assert.equal(text, 'ARG V="3.21@d"\nFROM alpine:$V\nFROM alpine:${V}\n');
  });
  test("an upgrade reports how much newer and larger the image is, if both report it", async () => {
    const made = (reference: string, created: string, blobBytes: number) =>
      image({
        reference,
        config: config({ created }),
        layers: [layer(0, { blobBytes: blobBytes as BlobBytes })],
      });
    const images: ImageReader = {
      image: (reference) =>
        Promise.resolve(
          success(
            reference.includes(":3.20")
              ? made(reference, "2026-01-01T00:00:00Z", 3_000_000)
              : made(reference, "2026-01-13T00:00:00Z", 3_100_000),
          ),
        ),
    };
    const { said } = await upgraded("FROM alpine:3.20\n", "minor", images);
    assert.match(said[0] ?? "", /, made 12 days later, \+100 kB to download for linux\/amd64$/);
  });
  test("a reference without a newer tag is unchanged and reported", async () => {
    const { text, said } = await upgraded("FROM alpine:3.21\nFROM alpine:3.20\nFROM alpine\nFROM scratch\n", "patch");
    assert.equal(text, "FROM alpine:3.21\nFROM alpine:3.20\nFROM alpine\nFROM scratch\n");
    assert.deepEqual(said, [
      "unchanged: 3.21 has no newer patch version of the same scheme",
      "unchanged: 3.20 has no newer patch version of the same scheme",
      "skipped: it has no tag; write a version to upgrade from",
    ]);
  });
  test("a reference that can't be pinned, or whose tags can't be listed, says why", async () => {
    const { said } = await upgraded("ARG A=3\nFROM alpine:${A}.20\nFROM absent:1\n", "major");
    assert.match(said[0] ?? "", /^skipped: a digest after \$\{A\}/);
    assert.equal(said[1], "failed: x does not exist");
  });
});
