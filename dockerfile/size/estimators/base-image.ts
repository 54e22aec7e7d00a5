import { baseImageKey } from "../../semantics/createBuild.ts";
import { noDisk } from "../diskBlocks.ts";
import { exactly, type Estimator, type PlannedLayer } from "../estimator.ts";

const baseImage: Estimator = {
  id: "base-image",
  trust: "measured",
  summary: "FROM: what the engine says of the local base image",
  sources: ["https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Image/operation/ImageInspect"],
  examples: [
    {
      file: "FROM debian:12\n              ^ 117 MB\nUSER app\n        ^ total 117 MB\n",
      facts: [
        [
          { kind: "baseImage", reference: "debian:12" },
          { bytes: 116_600_000, id: "sha256:00", user: "", env: [], workingDir: "" },
        ],
      ],
    },
    {
      file: "FROM debian:12\n              ^ ≈ 122 MB\n",
      facts: [
        [
          { kind: "baseImage", reference: "debian:12" },
          { bytes: 121_600_000, isUpperBound: true, id: "sha256:00", user: "", env: [], workingDir: "" },
        ],
      ],
    },
  ],
  needs(layer) {
    if (layer.instruction !== layer.stage.from) return undefined;
    const base = baseOf(layer);
    if (base === undefined) return { unknown: "the base image's name depends on a build argument without a value" };
    return base === "scratch" ? [] : [baseImageKey(layer.build, base)];
  },
  estimate(layer) {
    const base = baseOf(layer);
    if (base === undefined || base === "scratch") return { ...exactly(0, "scratch is empty"), disk: noDisk };
    const fact = layer.build.facts.get(baseImageKey(layer.build, base));
    if (fact.state !== "known") return { unknown: "the local image is not known" };
    const { bytes, isUpperBound, unit = "content" } = fact.value;
    if (isUpperBound)
      return {
        low: 0,
        likely: bytes,
        high: bytes,
        because: `as reported by the engine for ${base}, which counts more than files`,
      };
    return { ...exactly(bytes, `as reported by the engine for ${base}`), unit };
  },
};

export default baseImage;

/** FROM's image with its variables expanded; undefined if one doesn't have a value here. */
function baseOf({ build, stage }: PlannedLayer): string | undefined {
  return build.baseName(stage) || undefined;
}
