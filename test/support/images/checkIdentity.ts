import assert from "node:assert/strict";
import type { Image } from "../../../oci/core/image.ts";
import type { ImageContent, ContentDescriptor } from "../../rig/images/imageContent.ts";
import { sha256, tarFiles } from "./rawBytes.ts";

/** Checks an image whose bytes are known: each digest is that of the bytes, and the source doesn't invent any. */
export function checkIdentity(image: Image, content: ImageContent, index = 0): void {
  const built = content.images[index];
  assert.ok(built, "no such image in the content");
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    built.diffIds,
  );
  assert.deepEqual(
    image.layers.map((layer) => layer.index),
    built.diffIds.map((_, position) => position),
  );
  assert.deepEqual(image.config.diffIds, built.diffIds);
  const isSingle = content.root.digest === built.manifest.digest;
  checkDigest(image.configDigest, built.configDigest, content);
  checkDigest(image.manifestDigest, built.manifest.digest, content);
  checkDigest(image.indexDigest, isSingle ? undefined : content.root.digest, content);
  for (const [position, { digest, blobBytes, mediaType }] of image.layers.entries()) {
    const blob: ContentDescriptor | undefined = built.layers[position];
    checkDigest(digest, blob?.digest, content);
    // A classic store's archive has uncompressed layers without their own digest.
    if (blobBytes !== undefined)
      assert.equal(blobBytes, content.blobs.get(digest ?? built.diffIds[position] ?? "")?.length);
    if (mediaType !== undefined) assert.equal(mediaType, blob?.mediaType);
  }
}

/** May be absent; if present, it must be correct, and the digest of the bytes. */
function checkDigest(said: string | undefined, expected: string | undefined, { blobs }: ImageContent): void {
  if (said === undefined) return;
  assert.equal(said, expected);
  assert.equal(sha256(blobs.get(said) ?? ""), said);
}

/**
 * The digests of all regular files of a tar. If it is the `docker save` of an image with uncompressed layers, they
 * include its DiffIDs.
 */
export async function digestsInTar(tar: Buffer): Promise<ReadonlySet<string>> {
  return new Set((await tarFiles(tar)).flatMap(({ type, content }) => (type === "file" ? [sha256(content)] : [])));
}
