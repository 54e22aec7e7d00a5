import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { WastedVersion } from "../../../oci/core/waste.ts";
import { layersBelowLines, wasteAdvice } from "../../../oci/images/wasteAdvice.ts";

const run = "RUN /bin/sh -c make # buildkit";
const classicRun = "/bin/sh -c make";
const copy = "COPY . /src # buildkit";
const classicCopy = "/bin/sh -c #(nop) COPY dir:0123456789abcdef in /src ";
const url = "ADD https://example.com/x.tgz /x.tgz # buildkit";

/** Advice on what the lower step brought and the upper step hid. */
function advice(
  [maker, hider]: readonly [string, string],
  cause: WastedVersion["cause"],
  { attributes = [], base = 0 }: { attributes?: WastedVersion["attributes"]; base?: number } = {},
): string {
  const version = { cause, introducedBy: 0, hiddenBy: 1, ...(cause === "metadata" && { attributes }) };
  const place = (index: number): string => ["line 4", "layer 2"][index] ?? "";
  return wasteAdvice(version, { steps: [maker, hider], place, baseLayerCount: base });
}

describe("how to build an image without what it wastes", () => {
  for (const [title, steps, cause, expected] of [
    ["a RUN removes what a RUN added", [run, run], "deleted", "Remove it in the RUN of line 4"],
    ["the classic builder's RUN", [classicRun, classicRun], "deleted", "Remove it in the RUN of line 4"],
    [
      "a RUN removes what was copied for it",
      [copy, run],
      "deleted",
      "Mount it in the RUN of layer 2 (--mount=type=bind) instead of copying",
    ],
    [
      "the classic builder's COPY",
      [classicCopy, classicRun],
      "deleted",
      "Mount it in the RUN of layer 2 (--mount=type=bind) instead of copying",
    ],
    [
      "a RUN removes what ADD downloaded",
      [url, run],
      "deleted",
      "Download, use and remove it in one RUN instead of the ADD of line 4",
    ],
    [
      "steps that aren't recorded",
      ["", ""],
      "deleted",
      "Leave it out in line 4, or copy the result from another stage",
    ],
    ["two RUN change a file", [run, run], "overwritten", "Change it in the RUN that adds it: join line 4 and layer 2"],
    ["a COPY replaces a copied file", [copy, copy], "overwritten", "Leave it out in line 4: layer 2 replaces it"],
    ["a RUN changes a copied file", [copy, run], "overwritten", "Change it before the build, or in another stage"],
    ["a second COPY of the same", [copy, copy], "identical", "Copy it once: line 4 has already stored it"],
    [
      "a RUN that changes nothing",
      [copy, run],
      "identical",
      "Leave it untouched in the RUN of layer 2, which stores it again unchanged",
    ],
  ] as const)
    test(title, () => assert.equal(advice(steps, cause), expected));

  test("COPY sets the owner and mode that a RUN would change, by the flags that apply", () => {
    assert.deepEqual(
      [["mode"], ["owner", "mtime"], ["mode", "owner"]].map((attributes) =>
        advice([copy, run], "metadata", { attributes: attributes as WastedVersion["attributes"] & {} }),
      ),
      [
        "Set it where it is copied, in line 4: --chmod",
        "Set it where it is copied, in line 4: --chown",
        "Set it where it is copied, in line 4: --chown --chmod",
      ],
    );
  });

  test("capabilities can't be set by COPY", () => {
    assert.equal(
      advice([copy, run], "metadata", { attributes: ["xattrs", "mode"] }),
      "Do what layer 2 does in another stage, and copy the result",
    );
  });

  test("a file whose time alone changes need not be touched", () => {
    assert.equal(
      advice([run, run], "metadata", { attributes: ["mtime"] }),
      "Leave it untouched in the RUN of layer 2, which changes only its time",
    );
    assert.equal(
      advice([run, run], "metadata", { attributes: ["mode"] }),
      "Set its attributes in the RUN that adds it: join line 4 and layer 2",
    );
    assert.equal(
      advice([copy, copy], "metadata", { attributes: ["mtime"] }),
      "Copy it once: layer 2 stores it again with other attributes",
    );
  });

  test("layers below the first with a line are the base image's", () => {
    assert.deepEqual([[], [null, undefined, 4, null], [3], [null]].map(layersBelowLines), [0, 2, 0, 0]);
  });

  test("no line of the Dockerfile is blamed for what the base image brought", () => {
    assert.equal(
      advice([run, run], "deleted", { base: 1 }),
      "It ships with the base image; removing it in layer 2 saves nothing",
    );
    assert.equal(
      advice([run, run], "deleted", { base: 2 }),
      "Waste within the base image; another base may be smaller",
    );
  });
});
