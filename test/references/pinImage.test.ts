import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { planImagePins, type PinName } from "../../references/pinImage.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { parseDigest } from "../../oci/core/digest.ts";
import { parseReference } from "../../oci/core/reference.ts";

const digest = `sha256:${"a".repeat(64)}`;
const other = `sha256:${"b".repeat(64)}`;

function name(written: string): PinName {
  const reference = parseReference(written);
  const parsed = parseDigest(digest);
  assert.ok(reference.ok && parsed);
  return { reference: reference.value, digest: parsed };
}

/** The file with its pins, `:A` for the digest, followed by problems as lines. */
function pinned(text: string, ...names: readonly string[]): string {
  let result = text;
  const pins = planImagePins(parse(text), names.map(name));
  for (const {
    result: { ...pin },
  } of pins.toReversed())
    if (pin.kind === "edit")
      result = result.slice(0, pin.edit.span.start) + pin.edit.text + result.slice(pin.edit.span.end);
  const problems = pins.flatMap(({ reference, result: pin }) =>
    pin.kind === "problem" ? [`${reference}: ${pin.reason}`] : [],
  );
  return [result.replaceAll(digest, "A").replaceAll(other, "B").trimEnd(), ...problems].join("\n");
}

describe("references to an image", () => {
  test("references match by repository and tag, however the registry is written", () => {
    assert.equal(
      pinned("FROM alpine:3 AS a\nFROM docker.io/library/alpine:3\nFROM alpine:4\nFROM other/alpine:3\n", "alpine:3"),
      "FROM alpine:3@A AS a\nFROM docker.io/library/alpine:3@A\nFROM alpine:4\nFROM other/alpine:3",
    );
  });
  test("references without a tag mean latest, which is added", () =>
    assert.equal(
      pinned("FROM alpine\nCOPY --from=alpine:latest a b\n", "docker.io/library/alpine:latest"),
      "FROM alpine:latest@A\nCOPY --from=alpine:latest@A a b",
    ));
  test("references with another digest get the new one and keep the tag", () =>
    assert.equal(pinned(`FROM alpine:3@${other}\n`, "alpine:3"), "FROM alpine:3@A"));
  test("references with this digest, or a digest without a tag, are unchanged", () => {
    const text = `FROM alpine:3@${digest}\nFROM alpine@${other}\n`;
    assert.deepEqual(planImagePins(parse(text), [name("alpine:3"), name("alpine:latest")]), []);
  });
  test("references through an ARG share its default", () =>
    assert.equal(
      pinned("ARG V=3\nFROM alpine:$V\nFROM alpine:$V\n", "alpine:3"),
      "ARG V=3@A\nFROM alpine:$V\nFROM alpine:$V",
    ));
  test("references that can't be pinned say why", () =>
    assert.match(
      pinned("ARG A=3\nFROM alpine:$A-slim\n", "alpine:3-slim"),
      /^ARG A=3\nFROM alpine:\$A-slim\nalpine:\$A-slim: a digest after \$\{A\}/,
    ));
});
