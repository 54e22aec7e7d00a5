// A thousand images in one archive for a real engine: as many as after a year of builds, but small, because only the
// numbers of images, layers and steps matter here.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pack } from "tar-stream";
import { cached } from "../../rig/machine/cache.ts";
import { askEngine } from "../../rig/engines/engineApi.ts";
import { layerTar } from "../../rig/images/layerTar.ts";

export const imageCount = 1000;
/** The tag of an image with the maximum number of layers. */
export const deepest = { tag: "bench.test/deep:9", layers: 100 } as const;
/** The tag of one of the others. */
export const usual = { tag: "bench.test/app-7:v67" } as const;

const baseCount = 40;
const deepCount = 10;
const ownLayerCount = 200;
const repositoryCount = 60;

/** Loads them; if the archive doesn't exist, it is created and kept. */
export async function loadManyImages(socketPath: string): Promise<void> {
  const folder = await cached({
    name: "bench-images-1",
    announce: `Making an archive of ${imageCount} images`,
    make: (made) => writeArchive(join(made, "images.tar")),
  });
  const body = createReadStream(join(folder, "images.tar"));
  await askEngine(socketPath, { method: "POST", path: "/images/load?quiet=1", body, timeoutMs: 10 * 60_000 });
}

interface Blob {
  readonly path: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

interface Made {
  readonly tag: string;
  /** Base first. */
  readonly layers: readonly Blob[];
  readonly index: number;
}

async function writeArchive(path: string): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  const seen = new Set<string>();
  const images = await makeImages();
  const items = images.map((image) => {
    const config = Buffer.from(JSON.stringify(configOf(image)));
    const name = `${sha256(config)}.json`;
    tar.entry({ name }, config);
    for (const layer of image.layers) if (!seen.has(layer.path)) tar.entry({ name: layer.path }, layer.bytes);
    for (const layer of image.layers) seen.add(layer.path);
    return { Config: name, RepoTags: [image.tag], Layers: image.layers.map((layer) => layer.path) };
  });
  tar.entry({ name: "manifest.json" }, JSON.stringify(items));
  tar.finalize();
  await written;
}

async function makeImages(): Promise<readonly Made[]> {
  const bases = await Promise.all(
    range(baseCount).map((base) => Promise.all(range(3).map((layer) => blob(`base-${base}-${layer}`)))),
  );
  const chain = await Promise.all(range(deepest.layers).map((layer) => blob(`deep-${layer}`)));
  const own = await Promise.all(range(ownLayerCount).map((layer) => blob(`own-${layer}`)));
  return range(imageCount).map((index) => {
    if (index < deepCount)
      return { index, tag: `bench.test/deep:${index}`, layers: chain.slice(0, deepest.layers - deepCount + 1 + index) };
    const base = bases[index % baseCount] ?? [];
    return {
      index,
      tag: `bench.test/app-${index % repositoryCount}:v${index}`,
      layers:
        index < deepCount + ownLayerCount ? [...base, ...own.slice(index - deepCount, index - deepCount + 1)] : base,
    };
  });
}

/** A config with realistic content: labels, variables, and two steps without a layer for each that created one. */
function configOf({ layers, index }: Made): object {
  const created = new Date(Date.UTC(2026, 0, 1) + index * 3_600_000).toISOString();
  const history = layers.flatMap((layer) => [
    {
      created,
      created_by: `ENV STEP_${layer.sha256.slice(0, 8)}=1`,
      empty_layer: true,
      comment: "buildkit.dockerfile.v0",
    },
    {
      created,
      created_by: `RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends package-${layer.sha256.slice(0, 12)} && rm -rf /var/lib/apt/lists/* # buildkit`,
      comment: "buildkit.dockerfile.v0",
    },
    { created, created_by: "WORKDIR /app", empty_layer: true, comment: "buildkit.dockerfile.v0" },
  ]);
  return {
    architecture: "amd64",
    os: "linux",
    created,
    history,
    config: {
      Env: ["PATH=/usr/bin:/bin", `BUILD=${index}`],
      Cmd: ["run"],
      WorkingDir: "/app",
      Labels: {
        "org.opencontainers.image.revision": sha256(Buffer.from(String(index))),
        "org.opencontainers.image.version": `1.${index}.0`,
      },
    },
    rootfs: { type: "layers", diff_ids: layers.map((layer) => `sha256:${layer.sha256}`) },
  };
}

async function blob(name: string): Promise<Blob> {
  const bytes = await layerTar({ [`${name}.txt`]: name });
  return { path: `${sha256(Buffer.from(name))}/layer.tar`, bytes, sha256: sha256(bytes) };
}

function range(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
