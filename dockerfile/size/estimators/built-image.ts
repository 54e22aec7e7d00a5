import type { Estimator } from "../estimator.ts";
import { measuredBy } from "../lastBuild.ts";

const builtImage: Estimator = {
  id: "built-image",
  trust: "measured",
  summary: "Lines of which an image of the local engine was built, unchanged since",
  sources: ["https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageHistory"],
  examples: [
    {
      file: 'FROM scratch\n            ^ 0 B\nCOPY <<EOF /a\n             ^ 2 B\nb\nEOF\nRUN make -C /src\n                ^ 1.23 MB\nCMD ["/a"]\n          ^ total 1.23 MB\n',
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
  ...measuredBy("unchanged"),
};

export default builtImage;
