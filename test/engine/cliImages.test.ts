import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { imagewright, type CliResult } from "../cli/run.ts";
import type { Rig } from "../rig/engines/engine.ts";
import { callEngine } from "../rig/engines/engineApi.ts";
import { sharedContainerdEngine, sharedEngine, sharedPodman, sharedRegistry } from "../rig/engines/sharedRigs.ts";
import { loadImage } from "../rig/engines/loadImage.ts";
import { dockerArchive, imageContent, type FixtureImage } from "../rig/images/imageContent.ts";
import { pushImage } from "../rig/registry/pushImage.ts";

// Podman doesn't report sizes of steps without a date.
const created = "2024-01-01T00:00:00Z";
const base: FixtureImage = {
  layers: [{ "etc/base": "b".repeat(200_000) }],
  history: [{ created, created_by: "ADD rootfs /" }],
};
const derived: FixtureImage = {
  layers: [...base.layers, { app: "a".repeat(100_000) }],
  history: [...(base.history ?? []), { created, created_by: "COPY app /" }],
};
const name = "imagewright.test/cli";

for (const { engine, start, counts, rigFile } of [
  { engine: "Docker with its classic store", start: sharedEngine, counts: "content", rigFile: "engine" },
  {
    engine: "Docker with containerd's store",
    start: sharedContainerdEngine,
    counts: "disk",
    rigFile: "containerdEngine",
  },
  { engine: "Podman", start: sharedPodman, counts: "tar", rigFile: "podman" },
]) {
  describe(`the command line with the engine ${engine}`, () => {
    const missing = `set it up with: node test/rig/engines/${rigFile}.ts`;
    let rig: Rig | undefined;
    const ask = (...args: readonly string[]): Promise<CliResult> =>
      imagewright([...args, "--engine", `unix://${rig?.socketPath ?? ""}`]);
    before(async () => {
      rig = await start();
      if (!rig) return;
      await loadImage(rig, await dockerArchive(base, `${name}:base`));
      await loadImage(rig, await dockerArchive(derived, `${name}:derived`));
    });
    after(async () => {
      if (!rig) return;
      for (const tag of ["base", "derived"])
        await callEngine(rig.socketPath, { method: "DELETE", path: `/images/${name}:${tag}?force=1` });
      await rig.stop();
    });

    test("images NAME lists only the images with that name", async (context) => {
      if (!rig) return context.skip(missing);
      const { stdout } = await ask("images", name);
      assert.deepEqual(
        stdout
          .trim()
          .split("\n")
          .slice(1)
          .map((line) => line.split(/ +/)[0])
          .sort(),
        [`${name}:base`, `${name}:derived`],
      );
    });

    test("images --space counts shared layers once", async (context) => {
      if (!rig) return context.skip(missing);
      const { stdout } = await ask("images", "--space", "--format", "json", name);
      const { images, space } = JSON.parse(stdout);
      assert.equal(space.counts, counts);
      const [baseRow, derivedRow] = ["base", "derived"].map((tag) =>
        images.find(({ tags }: { tags: readonly string[] }) => tags.includes(`${name}:${tag}`)),
      );
      assert.equal(baseRow.space.alone.bytes, 0);
      assert.deepEqual(derivedRow.space.shared, baseRow.space.total);
      assert.ok(derivedRow.space.alone.bytes >= 100_000);
    });

    test("inspect --base finds the base by its layers", async (context) => {
      if (!rig) return context.skip(missing);
      const { stdout } = await ask("inspect", "--base", "--format", "json", `${name}:derived`);
      const { base: found } = JSON.parse(stdout);
      assert.deepEqual(
        { name: found.name, layerCount: found.layerCount, confidence: found.confidence },
        { name: `${name}:base`, layerCount: 1, confidence: "layers" },
      );
    });
  });
}

describe("the command line with a registry", () => {
  test("images lists repositories and tags, inspect shows platforms and attestations", async () => {
    const registry = await sharedRegistry();
    try {
      const content = await imageContent([base, { ...derived, platform: { os: "linux", architecture: "arm64" } }], {
        attestations: "each",
      });
      for (const tag of ["1.9", "1.10", "latest"])
        await pushImage(registry, { repository: "imagewright/cli", tag }, content);
      const repositories = await imagewright(["images", `registry:${registry.host}`]);
      assert.ok(
        repositories.stdout.split("\n").includes(`${registry.host}/imagewright/cli`),
        repositories.stdout + repositories.stderr,
      );
      const tags = await imagewright(["images", `registry:${registry.host}/imagewright/cli`]);
      assert.deepEqual(
        tags.stdout
          .trim()
          .split("\n")
          .map((name) => name.split(":").at(-1)),
        ["1.10", "1.9", "latest"],
      );
      const inspected = await imagewright([
        "inspect",
        "--format",
        "json",
        "--platform",
        "linux/arm64",
        `registry:${registry.host}/imagewright/cli:1.9`,
      ]);
      const { image, manifests, attestations } = JSON.parse(inspected.stdout);
      assert.equal(image.manifestDigest, content.images[1]?.manifest.digest);
      assert.deepEqual(
        manifests.map(({ kind, platform }: { kind: string; platform: string | null }) => [kind, platform]),
        [
          ["image", "linux/amd64"],
          ["image", "linux/arm64"],
          ["attestation", null],
          ["attestation", null],
        ],
      );
      assert.deepEqual(
        attestations.map(({ predicateType }: { predicateType: string }) => predicateType),
        ["https://spdx.dev/Document", "https://slsa.dev/provenance/v1"],
      );
    } finally {
      await registry.stop();
    }
  });
});
