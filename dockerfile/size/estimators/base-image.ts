import type { FactKey } from "../../facts/fact.ts";
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
          { bytes: 121_600_000, isAtMost: true, id: "sha256:00", user: "", env: [], workingDir: "" },
        ],
      ],
    },
  ],
  needs(layer) {
    if (layer.instruction !== layer.stage.from) return undefined;
    const base = baseOf(layer);
    if (base === undefined) return { unknown: "the base image's name depends on a build argument without a value" };
    return base === "scratch" ? [] : [factKey(layer, base)];
  },
  estimate(layer, facts) {
    const base = baseOf(layer);
    if (base === undefined || base === "scratch") return exactly(0, "scratch is empty");
    const fact = facts.get(factKey(layer, base));
    if (fact.state !== "known") return { unknown: "the local image is not known" };
    const { bytes, isAtMost } = fact.value;
    if (isAtMost)
      return { low: 0, likely: bytes, high: bytes, because: `the engine counts the tars of the local image ${base}` };
    return exactly(bytes, `the engine counts the local image ${base}`);
  },
};

export default baseImage;

/** FROM's image with its variables put in; undefined where they have no value here. */
function baseOf({ scopes, stage }: PlannedLayer): string | undefined {
  const base = scopes.base(stage);
  return base && !base.failure && base.unknown.length === 0 && base.result !== "" ? base.result : undefined;
}

function factKey({ platform }: PlannedLayer, reference: string): Extract<FactKey, { kind: "baseImage" }> {
  return { kind: "baseImage", reference, ...(platform !== undefined && { platform }) };
}
