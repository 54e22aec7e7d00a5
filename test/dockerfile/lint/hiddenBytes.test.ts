import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultRuleConfig } from "../../../dockerfile/lint/config/ruleConfig.ts";
import hiddenBytes from "../../../dockerfile/lint/rules/hidden-bytes.ts";
import type { LayerWaste } from "../../../oci/core/waste.ts";
import { contentBytes } from "../../../oci/core/bytes.ts";
import { lint, only, type CheckOptions, type KnownFacts } from "../../support/dockerfile/check.ts";

const text = [
  "FROM debian:12",
  "COPY model.bin /srv/model.bin",
  "ENV MODE=fast",
  "RUN convert /srv/model.bin",
  "RUN chown -R app /srv",
  "RUN tidy",
].join("\n");

const layers = ["base", "model", "converted", "owned", "tidied"];
const steps = [
  { createdBy: "ADD rootfs /", layerIndex: 0 },
  { createdBy: "COPY model.bin /srv/model.bin # buildkit", layerIndex: 1 },
  { createdBy: "ENV MODE=fast" },
  { createdBy: "RUN /bin/sh -c convert /srv/model.bin # buildkit", layerIndex: 2 },
  { createdBy: "RUN /bin/sh -c chown -R app /srv # buildkit", layerIndex: 3 },
  { createdBy: "RUN /bin/sh -c tidy # buildkit", layerIndex: 4 },
];

function hidden(introducedBy: number, hiddenBy: number, more: Partial<LayerWaste> = {}): LayerWaste {
  const bytes = contentBytes(2_000_000);
  return {
    introducedBy,
    hiddenBy,
    cause: "deleted",
    bytes,
    fileCount: 1,
    largestPath: "srv/a",
    attributes: [],
    ...more,
  };
}

function found(byLayers: readonly LayerWaste[], file = text, options: CheckOptions = {}): readonly string[] {
  const facts: KnownFacts = [
    [{ kind: "lastBuild" }, { images: [{ name: "app:1", layers, steps }] }],
    [
      { kind: "imageWaste", reference: "app:1", layers },
      { bytes: 0, byLayers },
    ],
  ];
  return lint(file, { ...only(hiddenBytes), facts, ...options }).map(
    ({ span, message, related }) =>
      `${file.slice(0, span.start).split("\n").length}: ${message} [${file.slice(0, related?.span.start).split("\n").length}]`,
  );
}

describe("hidden-bytes", () => {
  test("each way of hiding bytes is named, with both lines and with how to avoid it", () => {
    const owner = { cause: "metadata", attributes: ["owner"], fileCount: 3 } as const;
    assert.deepEqual(found([hidden(1, 2, { cause: "overwritten" }), hidden(1, 3, owner), hidden(2, 4), hidden(3, 4)]), [
      "4: This replaces 2.00 MB that line 2 added (/srv/a); they still ship. Change it before the build, or in another stage (measured in app:1) [2]",
      "5: This stores with other attributes 2.00 MB that line 2 added (/srv/a and 2 more files); they still ship. Set it where it is copied, in line 2: --chown (measured in app:1) [2]",
      "6: This deletes 2.00 MB that line 4 added (/srv/a); they still ship. Remove it in the RUN of line 4 (measured in app:1) [4]",
      "6: This deletes 2.00 MB that line 5 added (/srv/a); they still ship. Remove it in the RUN of line 5 (measured in app:1) [5]",
    ]);
  });

  test("little waste, that of the base image and that within one line are not findings", () =>
    assert.deepEqual(found([hidden(1, 2, { bytes: contentBytes(999_999) }), hidden(0, 2), hidden(2, 2)]), []));

  test("a line that was edited since the build is not judged by it", () => {
    assert.deepEqual(found([hidden(2, 4)], text.replace("tidy", "tidy --all")), []);
    assert.deepEqual(found([hidden(2, 4)], text.replace("convert", "convert -q")), []);
    assert.equal(found([hidden(2, 4)], text.replace("MODE=fast", "MODE=slow")).length, 1);
    assert.match(found([hidden(2, 4)], `# A comment\n${text}`).join(), /^7: .* line 5 added/);
  });

  test("it is silent where findings mustn't depend on built images", () =>
    assert.deepEqual(found([hidden(2, 4)], text, { config: { ...defaultRuleConfig, ignoresBuilds: true } }), []));
});
