// Reads layers from bytes, for tests of tars.
import assert from "node:assert/strict";
import type { OciError } from "../../../oci/core/error.ts";
import { listed } from "../../support/images/listedContent.ts";
import { readLayer, type LayerReadOptions } from "../../../oci/tar/layerEntries.ts";

const { signal } = new AbortController();

/** The bytes in chunks of a given size, as a stream may deliver them. */
export async function* chunked(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let start = 0; start < bytes.length; start += size)
    yield await Promise.resolve(bytes.subarray(start, start + size));
}

/** Reads a layer that must be valid. */
export async function read(
  bytes: Buffer,
  options: Partial<LayerReadOptions> = {},
  chunkBytes = 1000,
): Promise<ReturnType<typeof listed>> {
  const result = await readLayer(chunked(bytes, chunkBytes), { what: "layer", ...options }, signal);
  assert.ok(result.ok, result.ok ? "" : `${result.error.kind}: ${result.error.message}`);
  return listed(result.value.content);
}

/** Reads a layer that must be invalid, and returns the problem. */
export async function problem(bytes: Buffer, options: Partial<LayerReadOptions> = {}): Promise<OciError> {
  const result = await readLayer(chunked(bytes), { what: "layer", ...options }, signal);
  assert.ok(!result.ok, "read without a problem");
  return result.error;
}

/** One line per entry, whiteout and opaque directory. */
export function print({ entries, whiteouts, opaqueDirectories }: ReturnType<typeof listed>): string {
  const lines = entries.map(
    ({ path, kind, size, linkTarget }) =>
      `${path} ${kind}${kind === "file" ? ` ${size}` : ""}${linkTarget === undefined ? "" : ` ${linkTarget}`}`,
  );
  return [
    ...lines,
    ...whiteouts.map((path) => `whiteout ${path}`),
    ...opaqueDirectories.map((path) => `opaque ${path || "/"}`),
  ].join("\n");
}
