import { isRecord } from "../../../oci/core/text.ts";
import { layerFileScheme } from "./scheme.ts";
import { decodeSide, type DiffSide } from "../diff/side.ts";
import { l10n } from "../ui/l10n.ts";

/** A path in the file system made by the lowest layers of an image. */
export interface LayerPath {
  readonly side: DiffSide;
  /** Without a leading slash. */
  readonly path: string;
}

/**
 * The parts of an `image-layer:` URI: the path as in the image, and the side as its query, so that the URI outlives a
 * reload.
 */
export function uriParts({ side, path }: LayerPath): { scheme: string; path: string; query: string } {
  return { scheme: layerFileScheme, path: `/${path}`, query: JSON.stringify(side) };
}

/** The path that a URI names; undefined if it isn't one of ours. */
export function layerPathOf({ path, query }: { readonly path: string; readonly query: string }): LayerPath | undefined {
  try {
    const side = decodeSide(JSON.parse(query));
    return side && { side, path: path.replace(/^\/+|\/+$/g, "") };
  } catch {
    return undefined;
  }
}

/** `motd (layer 2 of shop:2.0)`. */
export function versionTitle({ side: { name, layerCount }, path }: LayerPath): string {
  const fileName = path.slice(path.lastIndexOf("/") + 1);
  return `${fileName} (${layerCount === undefined ? name : l10n.t("layer {0} of {1}", layerCount, name)})`;
}

/** The paths of a diff row, on each side that has it. */
export interface DiffRowPaths {
  readonly before?: LayerPath;
  readonly after?: LayerPath;
}

/** Reads the context that the view passes to its menu commands. */
export function rowPathsOf(context: unknown): DiffRowPaths {
  if (!isRecord(context) || !isRecord(context["request"])) return {};
  const { request, path, from, hasBefore, hasAfter, layerCount } = context;
  if (typeof path !== "string") return {};
  const [before, after] = [decodeSide(request["before"]), decodeSide(request["after"])];
  const asOf = typeof layerCount === "number" && after ? { ...after, layerCount } : after;
  return {
    ...(hasBefore === true && before && { before: { side: before, path: typeof from === "string" ? from : path } }),
    ...(hasAfter === true && asOf && { after: { side: asOf, path } }),
  };
}
