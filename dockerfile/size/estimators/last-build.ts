import type { Estimator } from "../estimator.ts";
import { measuredBy } from "../lastBuild.ts";

const lastBuild: Estimator = {
  id: "last-build",
  trust: "last build",
  summary: "Lines of which an image of the local engine was built, with changes at or above them since",
  sources: ["https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageHistory"],
  examples: [
    {
      file: 'FROM scratch\n            ^ 0 B\nCOPY <<EOF /a\n             ^ 4 B\nbcd\nEOF\nRUN make -C /src\n                ^ ≈ 1.23 MB · last build\nCMD ["/a"]\n          ^ total ≈ 1.23 MB (+2 B since last build)\n',
      facts: [
        [
          { kind: "lastBuild" },
          {
            images: [
              {
                name: "app:1",
                createdMs: 1_700_000_000_000,
                layers: ["sha256:01", "sha256:02"],
                steps: [
                  { createdBy: "COPY <<EOF /a # buildkit", bytes: 2 },
                  { createdBy: "RUN /bin/sh -c make -C /src # buildkit", bytes: 1_234_567 },
                  { createdBy: 'CMD ["/a"]', bytes: 0 },
                ],
              },
            ],
          },
        ],
      ],
    },
  ],
  ...measuredBy("changed"),
};

export default lastBuild;
