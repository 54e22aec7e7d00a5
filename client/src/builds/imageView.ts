import { isRecord } from "../../../oci/core/text.ts";
import type { ShowLayerArguments } from "../../../server/protocol/protocol.ts";
import type { Dialogs } from "../actions/dialogs/dialogs.ts";
import { readyEngines, type SourceRegistry } from "../actions/targets.ts";
import { imageName } from "../images/labels/names.ts";
import type { ImageNode } from "../images/node.ts";
import { type ImageSource, neverAborted } from "../sources/source.ts";
import { type DiffRequest, layerChange } from "../diff/side.ts";
import { l10n } from "../ui/l10n.ts";

export interface ImageViewParts {
  readonly sources: SourceRegistry;
  readonly dialogs: Pick<Dialogs, "showMessage" | "showError">;
  pickImage(placeHolder: string): Promise<ImageNode | undefined>;
}

/**
 * The request that shows an image with all its files, at its top layer. `given` is the row of the image or, from a
 * Dockerfile, `ShowLayerArguments`, whose layer is then shown alone; without either, prompts for an image.
 */
export async function imageViewRequest(given: unknown, parts: ImageViewParts): Promise<DiffRequest | undefined> {
  const built = decodeBuilt(given);
  if (built) return requestOf(await findBuilt(built.image, parts.sources), built, parts);
  const row = isImageRow(given) ? given : await parts.pickImage(l10n.t("Explore which image?"));
  if (!row) return undefined;
  const name = imageName(row.summary);
  const source = parts.sources.source(row.sourceId);
  return requestOf(source && { source, id: row.summary.id }, { image: name }, parts);
}

/** An image in a source. */
interface Found {
  readonly source: ImageSource;
  readonly id: string;
}

async function requestOf(
  found: Found | undefined,
  { image: name, diffId }: ShowLayerArguments,
  { dialogs }: ImageViewParts,
): Promise<DiffRequest | undefined> {
  const refuse = async (message: string): Promise<undefined> => void (await dialogs.showMessage(message));
  if (!found) return refuse(l10n.t("No open source has {0} any more", name));
  const read = await found.source.image(found.id, {}, neverAborted());
  if (!read.ok) return void (await dialogs.showError(read.error));
  const { layers } = read.value;
  const side = { sourceId: found.source.id, image: found.id, name };
  if (layers.length === 0) return refuse(l10n.t("{0} has no layers", name));
  if (diffId === undefined) return { ...layerChange(side, layers.length - 1), isWhole: true };
  const index = layers.findIndex((layer) => layer.diffId === diffId);
  return index < 0
    ? refuse(l10n.t("{0} has been built again and no longer has this layer", name))
    : layerChange(side, index);
}

/** The image in the first engine that has it. */
async function findBuilt(name: string, sources: SourceRegistry): Promise<Found | undefined> {
  for (const source of await readyEngines(sources)) {
    const read = await source.image(name, {}, neverAborted());
    if (read.ok) return { source, id: read.value.id };
  }
  return undefined;
}

/** The argument of a code lens or a hint; undefined for a row. */
function decodeBuilt(given: unknown): ShowLayerArguments | undefined {
  if (!isRecord(given) || typeof given["image"] !== "string" || "kind" in given) return undefined;
  const { image, diffId } = given;
  return { image, ...(typeof diffId === "string" && { diffId }) };
}

function isImageRow(given: unknown): given is ImageNode {
  return isRecord(given) && given["kind"] === "image";
}
