// The images tree over sources with literal images.
import { type OciError, failure, success } from "../../../oci/core/error.ts";
import type { Image, ImageSummary } from "../../../oci/core/image.ts";
import { createImageCatalog } from "../../../oci/catalog/catalog.ts";
import { Catalogs } from "../../../client/src/images/data/catalogs.ts";
import { childrenOf } from "../../../client/src/images/children.ts";
import { describe } from "../../../client/src/images/labels/describe.ts";
import type { RowContext } from "../../../client/src/images/rows/context.ts";
import { sections } from "../../../client/src/images/rows/sections.ts";
import { type ImageNode, imageRowId, type ImageTreeNode, type SourcesState } from "../../../client/src/images/node.ts";
import type { TreeReaders, TreeSource } from "../../../client/src/images/data/imageCache.ts";
import { defaultOptions, type ViewOptions } from "../../../client/src/images/viewOptions.ts";
import { digest, image, summary } from "../../support/images/literalImages.ts";

export const engineNode = {
  kind: "source",
  id: "engine",
  sourceId: "engine",
  sourceKind: "engine",
  label: "Container engine",
  address: "unix:///d.sock",
} as const;
export const archiveNode = {
  kind: "source",
  id: "archive:/x.tar",
  sourceId: "archive:/x.tar",
  sourceKind: "archive",
  label: "x.tar",
  address: "/x.tar",
} as const;

/**
 * Readers of a state in which every source has the same images. `one` is used for every image, or creates it from its
 * ID.
 */
export function readers(
  state: Partial<SourcesState>,
  images: readonly ImageSummary[] | OciError,
  one: Image | OciError | ((id: string) => Image | OciError) = image(),
): TreeReaders {
  const sources = new Map<string, TreeSource>();
  return {
    state: () =>
      Promise.resolve({ engines: [{ kind: "ready", source: engineNode }], archives: [], isTrusted: true, ...state }),
    source: (sourceId) => {
      const source = sources.get(sourceId) ?? fakeSource(sourceId, images, one);
      sources.set(sourceId, source);
      return source;
    },
  };
}

function fakeSource(
  sourceId: string,
  images: readonly ImageSummary[] | OciError,
  one: Image | OciError | ((id: string) => Image | OciError),
): TreeSource {
  const listed = "kind" in images ? failure(images) : success(images);
  const image: TreeSource["image"] = (id) => {
    const read = typeof one === "function" ? one(id) : one;
    return Promise.resolve("kind" in read ? failure(read) : success(read));
  };
  const kind = sourceId.startsWith("archive") ? "archive" : sourceId === "registry" ? "registry" : "engine";
  return { kind, list: () => Promise.resolve(listed), image, catalog: createImageCatalog({ image }) };
}

/** A context of these readers; `momentMs` is long enough for fakes to be read immediately. */
export function context(tree: TreeReaders, options: Partial<ViewOptions> = {}): RowContext {
  const fail = (error: unknown): never => {
    throw error;
  };
  return {
    readers: tree,
    catalogs: new Catalogs(tree, {
      onProgress: () => undefined,
      onReady: () => undefined,
      onFailure: fail,
      momentMs: 60_000,
    }),
    options: { ...defaultOptions, ...options },
    sections,
  };
}

/** The rows under a row as `label | description`, each on its own line. */
export async function draw(parent: ImageTreeNode | undefined, on: RowContext): Promise<string> {
  const rows = await childrenOf(parent, on, never);
  return rows
    .map((row) => describe(row, now))
    .map(({ label, description }) => `\n${label} | ${description}`.trimEnd())
    .join("");
}

/** The row under a row with this label; fails if there is none. */
export async function rowOf(label: string, parent: ImageTreeNode | undefined, on: RowContext): Promise<ImageTreeNode> {
  const rows = await childrenOf(parent, on, never);
  const row = rows.find((each) => describe(each, now).label === label);
  if (!row) throw new Error(`no row "${label}" among ${rows.map((each) => describe(each, now).label).join(", ")}`);
  return row;
}

export const now = Date.UTC(2024, 0, 4);
export const never = new AbortController().signal;

export function imageNode(more: Partial<ImageSummary> = {}): ImageNode {
  return {
    kind: "image",
    id: imageRowId("engine", digest("a")),
    sourceId: "engine",
    sourceKind: "engine",
    summary: summary(more),
  };
}
