import { formatBytes } from "../../../oci/core/bytes.ts";
import type { RegistryImageFact } from "../../facts/fact.ts";
import { baseImageKey, registryImageKey } from "../../semantics/createBuild.ts";
import type { Estimate, Estimator, PlannedLayer } from "../estimator.ts";

const fact: RegistryImageFact = {
  registry: "docker.io",
  platform: "linux/amd64",
  downloadBytes: 29_400_000,
  tarBytes: 77_900_000,
  env: [],
  workingDir: "",
};

const registryImage: Estimator = {
  id: "registry-image",
  trust: "computed",
  summary: "FROM: what the registry says of a base image that the local engine doesn't have",
  sources: [
    "https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pull",
    "https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1",
    "https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1.1.4",
  ],
  examples: [
    {
      file: "FROM debian:12-slim\n                   ^ ≈ 74.8 MB\n",
      facts: [[{ kind: "registryImage", reference: "debian:12-slim" }, fact]],
    },
    {
      file: "FROM debian:12-slim\n                   ^ ?\n",
      facts: [
        [
          { kind: "registryImage", reference: "debian:12-slim" },
          { registry: "docker.io", platform: "linux/amd64", downloadBytes: 29_400_000, env: [], workingDir: "" },
        ],
      ],
    },
  ],
  needs(layer) {
    const base = baseOf(layer);
    if (base === undefined) return undefined;
    // Registries are only for images missing here.
    if (layer.build.facts.get(baseImageKey(layer.build, base)).state !== "unavailable") return undefined;
    return [registryImageKey(layer.build, base)];
  },
  estimate(layer) {
    const base = baseOf(layer) ?? "";
    const image = layer.build.facts.get(registryImageKey(layer.build, base));
    if (image.state !== "known") return { unknown: "the registry's answer is not known" };
    const { registry, platform, downloadBytes, tarBytes } = image.value;
    const download = `${formatBytes(downloadBytes)} to download from ${registry} for ${platform}`;
    return tarBytes === undefined
      ? { unknown: `${download}; how large it is unpacked is not known` }
      : unpacked(tarBytes, `${download}, ${formatBytes(tarBytes)} unpacked with the headers of its tars`);
  },
};

export default registryImage;

// Measured on 42 layers (Docker 20.10 and 28.5, 2026-11-21): the tar is larger than its files by 1.6 % (median) to 55
// %, by 4 % for a Debian base image; blocks take 1.03 (median) to 1.89 times the size of files.
const leastContent = 0.6;
const likelyContent = 0.96;
const likelyDisk = 1.1;
const mostDisk = 2;

function unpacked(tarBytes: number, because: string): Estimate {
  const low = Math.floor(tarBytes * leastContent);
  return {
    low,
    likely: Math.round(tarBytes * likelyContent),
    high: tarBytes,
    disk: { low, likely: Math.round(tarBytes * likelyDisk), high: tarBytes * mostDisk },
    because,
  };
}

/** FROM's image; undefined if it is a stage, `scratch` or unknown. */
function baseOf({ build, instruction, stage }: PlannedLayer): string | undefined {
  if (instruction !== stage.from) return undefined;
  const base = build.baseName(stage);
  return base === "" || base === "scratch" ? undefined : base;
}
