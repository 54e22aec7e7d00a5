import assert from "node:assert/strict";
import { test } from "node:test";
import { runRules } from "../../../dockerfile/lint/run.ts";
import { withHiddenBytes } from "../../../server/src/features/savings/hiddenBytes.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

test("a finding about a line's text shows the measured bytes, and hidden-bytes reports only what is left", () => {
  const text =
    "FROM debian:12\nCOPY model.bin /srv/model.bin\nRUN make\nRUN rm /srv/model.bin && clean\nRUN chown 1 /srv/model.bin\n";
  const layers = ["0", "1", "2", "3"];
  const steps = [
    { createdBy: "ADD rootfs /", layerIndex: 0 },
    { createdBy: "COPY model.bin /srv/model.bin # buildkit", layerIndex: 1 },
    { createdBy: "RUN /bin/sh -c make # buildkit", layerIndex: 2 },
    { createdBy: "RUN /bin/sh -c rm /srv/model.bin && clean # buildkit", layerIndex: 3 },
  ];
  const deleted = { hiddenBy: 3, cause: "deleted", fileCount: 1, largestPath: "srv/x", attributes: [] };
  const byLayers = [
    { ...deleted, introducedBy: 1, bytes: 5_000_000 },
    { ...deleted, introducedBy: 2, bytes: 3_000_000 },
  ];
  const build = buildOf(text, [
    [{ kind: "lastBuild" }, { images: [{ name: "app:1", layers, steps }] }],
    [
      { kind: "imageWaste", reference: "app:1", layers },
      { bytes: 8_000_000, byLayers },
    ],
  ]);
  const reports = runRules(build, { onCrash: (_id, error) => assert.fail(String(error)) });
  const hiding = ["deleted-later", "owner-set-later", "hidden-bytes"];
  assert.deepEqual(
    withHiddenBytes(reports, build)
      .filter(({ rule }) => hiding.includes(rule.id))
      .map(({ rule, message }) => `${rule.id}: ${message}`),
    [
      "hidden-bytes: This deletes 3.00 MB that line 3 added (/srv/x); they still ship. Remove it in the RUN of line 3 (measured in app:1)",
      "deleted-later: This only hides what was added on line 2; it still ships with every pull: mount it there with RUN --mount=type=bind instead (5.00 MB in app:1)",
      "owner-set-later: This stores everything line 2 copied a second time; use COPY --chown=1",
    ],
  );
});
