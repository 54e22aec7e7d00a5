// The contract of every source of images, checked on its results: digests and sizes are recomputed.
import assert from "node:assert/strict";
import type { Image } from "../../../oci/core/image.ts";
import type { Platform } from "../../../oci/core/platform.ts";
import { stack } from "../../../oci/core/stack.ts";
import { listed } from "./listedContent.ts";
import { walkTree } from "../../../oci/core/layerTree.ts";
import type { ImageReader, LayerReader, Progress, ReadLayers } from "../../../oci/source/source.ts";

export interface ExpectedImage {
  readonly reference: string;
  /** The platform, of an image with several; defaults to the source's choice. */
  readonly platform?: Platform;
  /** Paths of the file system that the layers form, with sizes of files: `etc/passwd 10`. */
  readonly files: readonly string[];
}

/** Reads an image and its layers as every front end does, and checks the guarantees of the interfaces. */
export async function checkSource(
  source: ImageReader & LayerReader,
  expected: ExpectedImage,
): Promise<{ readonly image: Image; readonly read: ReadLayers }> {
  const { signal } = new AbortController();
  const image = await source.image(
    expected.reference,
    expected.platform ? { platform: expected.platform } : {},
    signal,
  );
  assert.ok(image.ok, image.ok ? "" : `${image.error.kind}: ${image.error.message}`);
  checkImage(image.value, expected.reference);
  const progress: Progress[] = [];
  const read = await source.layers(image.value, { onProgress: (step) => progress.push(step) }, signal);
  assert.ok(read.ok, read.ok ? "" : `${read.error.kind}: ${read.error.message}`);
  checkImage(read.value.image, expected.reference);
  checkContents(read.value);
  checkProgress(progress);
  const contents = image.value.layers.flatMap(({ diffId }) => read.value.contents.get(diffId) ?? []);
  const shown = [...walkTree(stack(contents).root)].flatMap(({ entry }) =>
    entry?.kind === "file" ? [`${entry.path} ${entry.size}`] : [],
  );
  assert.deepEqual(shown.sort(), [...expected.files].sort());
  await checkCancelling(source, image.value);
  return { image: image.value, read: read.value };
}

function checkImage(image: Image, reference: string): void {
  assert.equal(image.reference, reference);
  assert.deepEqual(
    image.layers.map(({ index }) => index),
    image.layers.map((_, index) => index),
  );
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    image.config.diffIds,
  );
  const steps = image.layers.flatMap(({ emptyStepsBefore, step }) => [...emptyStepsBefore, ...(step ? [step] : [])]);
  if (image.historyPairing === "exact") assert.deepEqual([...steps, ...image.emptyStepsAfter], image.config.history);
}

function checkContents({ image, contents, problems }: ReadLayers): void {
  assert.deepEqual([...(problems ?? [])], []);
  for (const { diffId, contentBytes } of image.layers) {
    const content = contents.get(diffId);
    assert.ok(content, `no content of ${diffId}`);
    const { entries } = listed(content);
    assert.equal(contentBytes, content.contentBytes);
    assert.equal(
      entries.reduce((sum, { size }) => sum + size, 0),
      content.contentBytes,
    );
    for (const { path } of entries) assert.match(path, /^(?!\/)(?!.*(^|\/)\.{0,2}(\/|$)).+/);
    for (const { kind, sha256 } of entries)
      if (kind === "file") assert.match(sha256 ?? "sparse", /^([0-9a-f]{64}|sparse)$/);
  }
}

function checkProgress(progress: readonly Progress[]): void {
  let last = 0;
  for (const { readBytes, totalBytes, label } of progress) {
    assert.ok(readBytes >= last, "progress goes back");
    assert.ok(totalBytes === undefined || readBytes <= totalBytes || totalBytes === 0, `${readBytes} of ${totalBytes}`);
    assert.notEqual(label, "");
    last = readBytes;
  }
}

async function checkCancelling(source: LayerReader, image: Image): Promise<void> {
  if (image.layers.length === 0) return;
  await assert.rejects(source.layers(image, {}, AbortSignal.abort()), { name: "AbortError" });
}
