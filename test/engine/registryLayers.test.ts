import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { gunzipSync, zstdDecompressSync } from "node:zlib";
import type { Platform } from "../../oci/core/platform.ts";
import { createLayerClient, type LayerClient } from "../../oci/layers/client.ts";
import { createRegistrySource } from "../../oci/registry/registry.ts";
import type { Registry } from "../rig/registry/registry.ts";
import { sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { imageContent, type ImageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";
import { checkIdentity } from "../support/images/checkIdentity.ts";
import { checkSource } from "../support/images/sourceContract.ts";

const repository = "imagewright/layers";
const platforms: readonly Platform[] = [
  { os: "linux", architecture: "amd64" },
  { os: "linux", architecture: "arm64" },
];
const unpack = { none: (bytes: Buffer) => bytes, gzip: gunzipSync, zstd: zstdDecompressSync } as const;

let registry: Registry;
let client: LayerClient;
before(async () => {
  registry = await sharedRegistry();
  client = createLayerClient({ workerPath: new URL("../../oci/layers/worker.ts", import.meta.url) });
});
after(async () => {
  client.dispose();
  await registry.stop();
});

/** Different content for each platform, to detect confusion. */
function tiny({ architecture }: Platform, compression: string): FixtureImage {
  return {
    platform: { os: "linux", architecture },
    layers: [
      {
        "etc/": { directory: true },
        "etc/hello": `hello from ${architecture}, ${compression}`,
        "etc/gone": "gone",
        "bin/x": { content: "x".repeat(1_000_000), mode: 0o755 },
      },
      { "etc/.wh.gone": "", link: { link: "etc/hello" } },
    ],
  };
}

/** The DiffIDs according to the pushed blobs, without our code. */
function recomputed(
  { blobs, images }: ImageContent,
  index: number,
  compression: keyof typeof unpack,
): readonly string[] {
  return (images[index]?.layers ?? []).map(
    ({ digest }) =>
      `sha256:${createHash("sha256")
        .update(unpack[compression](blobs.get(digest) ?? Buffer.alloc(0)))
        .digest("hex")}`,
  );
}

describe("layers read from a real registry", () => {
  for (const compression of ["gzip", "zstd", "none"] as const) {
    for (const [index, platform] of platforms.entries()) {
      test(`layers with compression "${compression}" of ${platform.architecture} in an index are read`, async () => {
        const content = await imageContent(
          platforms.map((each) => tiny(each, compression)),
          { compression, attestations: "each" },
        );
        await pushImage(registry, { repository, tag: compression }, content);
        const source = {
          ...createRegistrySource({ defaultPlatform: platform }),
          ...client.layersOfRegistry({ insecureRegistries: [] }),
        };
        const hello = `hello from ${platform.architecture}, ${compression}`;
        const { image, read } = await checkSource(source, {
          reference: `${registry.host}/${repository}:${compression}`,
          files: ["bin/x 1000000", `etc/hello ${hello.length}`],
        });
        checkIdentity(image, content, index);
        checkIdentity(read.image, content, index);
        assert.deepEqual([...read.contents.keys()], recomputed(content, index, compression));
      });
    }
  }
  test("layers of a single image in Docker's media types are read", async () => {
    const content = await imageContent({ layers: [{ only: "1" }] }, { mediaTypes: "docker" });
    await pushImage(registry, { repository, tag: "single" }, content);
    const source = { ...createRegistrySource(), ...client.layersOfRegistry({ insecureRegistries: [] }) };
    const { read } = await checkSource(source, {
      reference: `${registry.host}/${repository}:single`,
      files: ["only 1"],
    });
    checkIdentity(read.image, content);
  });
});
