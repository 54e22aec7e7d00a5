import { createHash } from "node:crypto";
import { blobBytes } from "../core/bytes.ts";
import { decodeConfig } from "../core/config.ts";
import { decode, items, member, parseJson, present, text, texts } from "../core/decode.ts";
import { parseDigest, type ConfigDigest, type Digest } from "../core/digest.ts";
import { failure, success, type Result } from "../core/error.ts";
import type { ArchiveFiles } from "./files.ts";
import {
  brokenImage,
  familiar,
  maxImages,
  maxJsonBytes,
  readJson,
  toFound,
  tooManyImages,
  type FoundImage,
  type Part,
} from "./image.ts";
import { cleanPath } from "../tar/layerPaths.ts";

/**
 * Finds the images in the manifest.json of `docker save`: one item per image, with the paths of its config and layers.
 */
export async function findDocker(files: ArchiveFiles): Promise<Result<readonly FoundImage[]>> {
  const what = `manifest.json of ${files.what}`;
  const value = await readJson(files, "manifest.json");
  if (!value.ok) return value;
  const list = decode(what, "manifest", value.value, (json) =>
    items(json).map((item) => ({
      config: text(member(item, "Config")),
      tags: texts(member(item, "RepoTags")),
      layers: texts(member(item, "Layers")),
    })),
  );
  if (!list.ok) return list;
  const found: FoundImage[] = [];
  for (const item of list.value.slice(0, maxImages)) found.push(await takeDockerItem(files, item));
  if (list.value.length > maxImages) found.push(tooManyImages(what));
  return success(found);
}

async function takeDockerItem(
  files: ArchiveFiles,
  {
    config: path,
    tags: written,
    layers,
  }: { readonly config: string; readonly tags: readonly string[]; readonly layers: readonly string[] },
): Promise<FoundImage> {
  const tags = written.map(familiar);
  const bytes = await readInside(files, path);
  const claimed = claimedDigest(path);
  // Its name identifies the image in the index, so that it is listed only once.
  if (!bytes.ok)
    return brokenImage(
      present({ tags, root: claimed ?? path, configDigest: claimed as ConfigDigest | undefined }),
      bytes.error,
    );
  const configDigest = parseDigest(`sha256:${createHash("sha256").update(bytes.value).digest("hex")}`) as ConfigDigest;
  const root = configDigest;
  if (claimed !== undefined && claimed !== configDigest)
    return brokenImage(
      { tags, configDigest, root },
      { kind: "digestMismatch", what: path, message: `the config named ${claimed} has the digest ${configDigest}` },
    );
  const value = parseJson(path, bytes.value.toString("utf8"));
  const config = value.ok ? decodeConfig(path, value.value) : value;
  if (!config.ok) return brokenImage({ tags, configDigest, root }, config.error);
  const parts: Part[] = [];
  for (const layer of layers.length === config.value.diffIds.length ? layers : [])
    parts.push(await dockerPart(files, layer));
  return toFound(config.value, { configDigest, tags, root, parts });
}

async function readInside(files: ArchiveFiles, path: string): Promise<Result<Buffer>> {
  const clean = cleanPath(path);
  return clean
    ? files.read(clean, maxJsonBytes)
    : failure({ kind: "notFound", what: path, message: `${path} is not a path inside ${files.what}` });
}

async function dockerPart(files: ArchiveFiles, path: string): Promise<Part> {
  const clean = cleanPath(path) ?? path;
  const size = await files.size(clean);
  // Since Docker 25, layers are in blobs/, named by digest; older names are specific to the archive.
  const digest = clean.startsWith("blobs/") ? claimedDigest(clean) : undefined;
  return { path: clean, layer: present({ digest, blobBytes: size === undefined ? undefined : blobBytes(size) }) };
}

/** The digest in a path: `blobs/sha256/<hex>`, `<hex>.json`, `sha256:<hex>`. */
function claimedDigest(path: string): Digest | undefined {
  const hex = /(?:^|[/:])([0-9a-f]{64})(?:\.json)?$/.exec(path)?.[1];
  return hex === undefined ? undefined : parseDigest(`sha256:${hex}`);
}
