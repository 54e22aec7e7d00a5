import { formatBytes } from "../../../oci/core/bytes.ts";
import { counted } from "../../../oci/core/text.ts";
import type { WasteCause } from "../../../oci/core/waste.ts";
import { wasteAdvice } from "../../../oci/images/wasteAdvice.ts";
import { hiddenByLines, type HiddenBytes } from "../../size/builtWaste.ts";
import { lineNumbersIn } from "../../syntax/lineNumber.ts";
import { defineRule } from "../rule.ts";

/** Package managers rewrite a few hundred kilobytes of their databases in each RUN. */
const minBytes = 1_000_000;

export default defineRule({
  id: "hidden-bytes",
  group: "size",
  summary: "A line deletes or rewrites megabytes that an earlier line added, as measured in the last build",
  why: `A layer can only hide what is in the layers below: the bytes are still in the image, and every pull transfers them. This rule reads the newest local image that was built from the file, and reports each pair of lines of which the later one hides at least 1 MB of the earlier one, with the bytes and with how to build the image without them.

It works in the editor, with a local engine that has the image, up to 1 GiB; lines that were edited since that build are left out. On the command line, \`imagewright waste IMAGE --dockerfile FILE\` lists every file. If a rule about the line's text has the same finding, such as [deleted-later](deleted-later.md), that finding shows the bytes instead.`,
  severity: "info",
  aliases: [],
  sources: ["https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts"],
  examples: [
    {
      bad: `FROM debian:12
RUN ./fetch-sdk.sh /opt/sdk
RUN make && make clean-sdk
^^^ This deletes 48.0 MB that line 2 added (/opt/sdk/lib.a and 2 more files); they still ship. Remove it in the RUN of line 2 (measured in app:1)
`,
      good: `FROM debian:12
RUN ./fetch-sdk.sh /opt/sdk && make && make clean-sdk
`,
      facts: [
        [
          { kind: "lastBuild" },
          {
            images: [
              {
                name: "app:1",
                layers: ["sha256:0", "sha256:1", "sha256:2"],
                steps: [
                  { createdBy: "ADD rootfs.tar /", layerIndex: 0 },
                  { createdBy: "RUN /bin/sh -c ./fetch-sdk.sh /opt/sdk # buildkit", layerIndex: 1 },
                  { createdBy: "RUN /bin/sh -c make && make clean-sdk # buildkit", layerIndex: 2 },
                ],
              },
            ],
          },
        ],
        [
          { kind: "imageWaste", reference: "app:1", layers: ["sha256:0", "sha256:1", "sha256:2"] },
          {
            bytes: 48_000_000,
            byLayers: [
              {
                introducedBy: 1,
                hiddenBy: 2,
                cause: "deleted",
                bytes: 48_000_000,
                fileCount: 3,
                largestPath: "opt/sdk/lib.a",
                attributes: [],
              },
            ],
          },
        ],
      ],
    },
  ],
  *check({ build, config }) {
    if (config.ignoresBuilds) return;
    const lineOf = lineNumbersIn(build.file.text);
    for (const hidden of hiddenByLines(build)) {
      if (hidden.bytes < minBytes) continue;
      const line = lineOf(hidden.adder.span.start);
      const place = (layerIndex: number): string =>
        `line ${layerIndex === hidden.introducedBy ? line : lineOf(hidden.hider.span.start)}`;
      yield {
        span: hidden.hider.keyword.span,
        data: { ...hidden, line, advice: adviceOn(hidden, place) },
        related: { span: hidden.adder.keyword.span, message: "Added here" },
      };
    }
  },
  message: ({ cause, bytes, line, largestPath, fileCount, advice, image }) => {
    const more = fileCount > 1 ? ` and ${counted(fileCount - 1, "more file")}` : "";
    const what = `${formatBytes(bytes)} that line ${line} added (/${largestPath}${more})`;
    return `This ${verbs[cause]} ${what}; they still ship. ${advice} (measured in ${image.name})`;
  },
});

const verbs: Readonly<Record<WasteCause, string>> = {
  deleted: "deletes",
  overwritten: "replaces",
  metadata: "stores with other attributes",
  identical: "stores again, unchanged,",
};

function adviceOn(hidden: HiddenBytes, place: (layerIndex: number) => string): string {
  const { layers, steps } = hidden.image;
  const createdBy = new Map(steps.map((step) => [step.layerIndex, step.createdBy]));
  return wasteAdvice(hidden, { steps: layers.map((_, index) => createdBy.get(index) ?? ""), place, baseLayerCount: 0 });
}
