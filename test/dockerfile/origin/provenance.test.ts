import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { decodeProvenance, placesOfLayers, type BuildRecord } from "../../../dockerfile/origin/provenance.ts";
import { parseDigest, type LayerDigest } from "../../../oci/core/digest.ts";

// Docker 28.5.2 of Debian sid, `docker buildx build --attest type=provenance,mode=max[,version=v1]`, 2026-11-21.
const documents = ["v0.2", "v1"].map((version) => [version, read(version)] as const);

function read(version: string): BuildRecord {
  const decoded = decodeProvenance(
    JSON.parse(readFileSync(join(import.meta.dirname, `../../fixtures/provenance/${version}.json`), "utf8")),
  );
  assert.ok(decoded.ok);
  return decoded.value;
}

/** The layers of the image that was built. */
function builtLayers({ steps }: BuildRecord): readonly LayerDigest[] {
  return steps.toSorted((a, b) => b.layers.length - a.layers.length)[0]?.layers ?? [];
}

function lines(record: BuildRecord, layers: readonly LayerDigest[]): readonly (string | undefined)[] {
  return placesOfLayers(record, layers).map(
    (place) =>
      place &&
      record.sources[place.sourceIndex]?.text
        .split("\n")
        .slice(place.firstLine, place.lastLine + 1)
        .join("\n"),
  );
}

const other = parseDigest(`sha256:${"a".repeat(64)}`);

describe("BuildKit's provenance", () => {
  for (const [version, record] of documents) {
    test(`${version} says which lines created which layer`, () => {
      assert.deepEqual(lines(record, builtLayers(record)), [
        "FROM tinysh:1",
        "WORKDIR /srv/app",
        "COPY a.txt b.txt ./",
        "COPY --from=builder /out/v /v",
        "RUN <<SETUP\necho heredoc > /h\nSETUP",
        "COPY <<one <<two /docs/\n1\none\n2\ntwo",
      ]);
    });
    test(`${version} contains the Dockerfile`, () => {
      assert.equal(record.sources[0]?.name, "prov.Dockerfile");
      assert.match(record.sources[0]?.text ?? "", /^# syntax-free file[^]*CMD \["cat", "\/v"\]\n$/);
    });
    test(`${version} says nothing about other layers`, () => {
      assert.ok(other);
      assert.deepEqual(lines(record, [other]), [undefined]);
      // Layers that were added on top of the build's.
      assert.deepEqual(lines(record, [...builtLayers(record), other]).slice(-2), [
        "COPY <<one <<two /docs/\n1\none\n2\ntwo",
        undefined,
      ]);
    });
  }
  test("a predicate without a statement is enough", () => {
    const statement: { readonly predicate: unknown } = JSON.parse(
      readFileSync(join(import.meta.dirname, "../../fixtures/provenance/v1.json"), "utf8"),
    );
    assert.ok(decodeProvenance(statement.predicate).ok);
  });
  test("a record in another mode or from another tool has no steps", () => {
    assert.deepEqual(decodeProvenance({ predicate: { builder: { id: "x" } } }), {
      ok: true,
      value: { sources: [], steps: [] },
    });
  });
  test("a malformed document is reported with the position", () => {
    const decoded = decodeProvenance({ predicate: { runDetails: { metadata: { buildkit_metadata: { layers: 7 } } } } });
    assert.match(
      decoded.ok ? "" : decoded.error.message,
      /^provenance\.predicate\.runDetails\.metadata\.buildkit_metadata\.layers: expected an object$/,
    );
  });
});
