import { createHash } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memberBytes } from "../../support/images/tarBytes.ts";

export interface LargeImage {
  readonly megabytes: number;
  readonly entries: number;
  readonly layers: number;
}

const headerBytes = 512;
const block = 64 * 1024;

/**
 * The path of a docker save archive (in the layout up to Docker 24, which doesn't need a digest before the content),
 * created unless it exists.
 */
export function largeArchive(size: LargeImage): string {
  const folder = join(tmpdir(), "imagewright-bench-images");
  const path = join(folder, `${size.megabytes}-${size.entries}-${size.layers}.tar`);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const file = openSync(`${path}.draft`, "w");
  const diffIds = Array.from({ length: size.layers }, (_, layer) => writeLayer(file, layer, size));
  const config = { architecture: "amd64", os: "linux", config: {}, rootfs: { type: "layers", diff_ids: diffIds } };
  const names = diffIds.map((_, layer) => `${layer}/layer.tar`);
  const manifest = [{ Config: "config.json", RepoTags: ["large:1"], Layers: names }];
  writeSync(file, memberBytes({ path: "config.json", content: JSON.stringify(config) }));
  writeSync(file, memberBytes({ path: "manifest.json", content: JSON.stringify(manifest) }));
  writeSync(file, Buffer.alloc(2 * headerBytes));
  closeSync(file);
  renameSync(`${path}.draft`, path);
  return path;
}

/**
 * Names like those of a distribution, most files small and some large, all with distinct content. Returns the DiffID.
 */
function writeLayer(file: number, layer: number, { megabytes, entries, layers }: LargeImage): string {
  const count = Math.floor(entries / layers);
  const sizes = Array.from({ length: count }, (_, index) => sizeOf(index, count, (megabytes * 1e6) / layers));
  const bytes = sizes.reduce((sum, size) => sum + headerBytes + padded(size), 2 * headerBytes);
  writeSync(file, memberBytes({ path: `${layer}/layer.tar`, size: bytes }).subarray(0, headerBytes));
  const hash = createHash("sha256");
  const put = (piece: Buffer): void => {
    hash.update(piece);
    writeSync(file, piece);
  };
  for (const [index, size] of sizes.entries()) {
    const path = `usr/lib/package-${layer}-${Math.floor(index / 40)}/module-${index % 40}/${index % 3 === 0 ? "__init__" : `file-${index}`}.py`;
    put(memberBytes({ path, size, mtime: 1_700_000_000 }).subarray(0, headerBytes));
    const seed = createHash("sha512").update(`${layer} ${index}`).digest();
    const content = Buffer.alloc(Math.min(padded(size), block), seed);
    for (let left = padded(size); left > 0; left -= content.length)
      put(content.subarray(0, Math.min(left, content.length)));
  }
  put(Buffer.alloc(2 * headerBytes));
  return `sha256:${hash.digest("hex")}`;
}

function sizeOf(index: number, count: number, total: number): number {
  const large = Math.max(Math.floor(count / 100), 1);
  return Math.floor(index % 100 === 0 ? (total * 0.7) / large : ((total * 0.3) / count) * (0.5 + (index % 11) / 10));
}

function padded(size: number): number {
  return Math.ceil(size / headerBytes) * headerBytes;
}
