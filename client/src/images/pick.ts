import { type QuickPickItem, window } from "vscode";
import { shortDigest } from "../../../oci/core/digest.ts";
import type { OciError } from "../../../oci/core/error.ts";
import { neverAborted } from "../sources/source.ts";
import { adviceFor } from "../ui/advice.ts";
import { safeLabel } from "../ui/untrustedText.ts";
import { visibleImages } from "./data/filterAndSort.ts";
import { describe } from "./labels/describe.ts";
import { joinParts } from "./labels/description.ts";
import { imageName } from "./labels/names.ts";
import { imageRow } from "./rows/images.ts";
import { layerNodes } from "./rows/layers.ts";
import type { ImageNode, LayerNode, SourceNode } from "./node.ts";
import { searchImages } from "./pickSearch.ts";
import type { TreeReaders } from "./data/imageCache.ts";
import { defaultOptions } from "./viewOptions.ts";
import { l10n } from "../ui/l10n.ts";

interface NodeItem<T> extends QuickPickItem {
  /** Absent for a purely informative line. */
  readonly node?: T;
}

/** Images of every source, or of engines only. */
export type Pickable = "all" | "engines";

/** Prompts for an image. It is found by words of its names and labels, or by the beginning of its ID or a digest. */
export async function pickImage(
  readers: TreeReaders,
  placeHolder: string,
  pickable: Pickable = "all",
): Promise<ImageNode | undefined> {
  const input = window.createQuickPick<NodeItem<ImageNode>>();
  Object.assign(input, searchable, { placeholder: placeHolder, busy: true });
  const found = listAll(readers, pickable).then(({ images, problems, sourceNames }) => {
    const show = (): void => {
      const { images: shown, leftOut } = searchImages(images, input.value);
      const more =
        leftOut === 0
          ? []
          : [said("ellipsis", l10n.t("{0} more", leftOut.toLocaleString("en")), l10n.t("type to search"))];
      const nothing = shown.length === 0 && problems.length === 0 ? [said("info", l10n.t("No images match"), "")] : [];
      input.items = [
        ...shown.map((node) => imageItem(node, sourceNames.get(node.sourceId))),
        ...more,
        ...problems,
        ...nothing,
      ];
    };
    input.busy = false;
    input.onDidChangeValue(show);
    show();
  });
  try {
    return await new Promise((resolve, reject) => {
      found.catch(reject);
      input.onDidAccept(() => input.selectedItems[0]?.node && (resolve(input.selectedItems[0].node), input.hide()));
      input.onDidHide(() => resolve(undefined));
      input.show();
    });
  } finally {
    input.dispose();
  }
}

/** Prompts for an image, then for one of its layers. */
export async function pickLayer(readers: TreeReaders, placeHolder: string): Promise<LayerNode | undefined> {
  const image = await pickImage(readers, placeHolder);
  return image && (await pick<LayerNode>(placeHolder, layerItems(readers, image)));
}

/** Prompts for a whole image, or an image up to one of its layers. */
export async function pickSide(readers: TreeReaders, placeHolder: string): Promise<ImageNode | LayerNode | undefined> {
  const image = await pickImage(readers, placeHolder);
  if (!image) return undefined;
  const whole: NodeItem<ImageNode | LayerNode> = {
    ...imageItem(image, undefined),
    label: `$(package) ${safeLabel(l10n.t("All of {0}", imageName(image.summary)))}`,
  };
  return pick(
    l10n.t("{0}: the whole image, or up to one layer", placeHolder),
    layerItems(readers, image).then((items) => [whole, ...items]),
  );
}

/**
 * A webview that was in front takes the focus back when the command palette closes, which would otherwise close this
 * list.
 */
const searchable = { matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true } as const;

async function pick<T>(placeHolder: string, items: Promise<readonly NodeItem<T>[]>): Promise<T | undefined> {
  // The prompt was closed before the list arrived, so its failure is ignored.
  items.catch(() => undefined);
  return (await window.showQuickPick(items, { ...searchable, placeHolder }))?.node;
}

interface AllImages {
  readonly images: readonly ImageNode[];
  /** Sources that can't be listed. */
  readonly problems: readonly NodeItem<ImageNode>[];
  /** Names by source ID; empty if there is only one source. */
  readonly sourceNames: ReadonlyMap<string, string>;
}

async function listAll(readers: TreeReaders, pickable: Pickable): Promise<AllImages> {
  const { engines, archives, registry, isTrusted } = await readers.state();
  const others = pickable === "engines" ? [] : [...archives, ...(registry && isTrusted ? [registry] : [])];
  const asked = [
    ...(isTrusted ? engines.filter(({ kind }) => kind === "ready").map(({ source }) => source) : []),
    ...others,
  ];
  const listed = await Promise.all(asked.map((source) => listOne(source, readers)));
  const absent = (isTrusted ? engines : []).flatMap((engine) =>
    engine.kind === "absent" ? [problem(engine.error)] : [],
  );
  return {
    images: listed.flatMap(({ images }) => images),
    problems: [...listed.flatMap(({ problems }) => problems), ...absent],
    sourceNames: new Map(
      asked.length === 1 ? [] : asked.map(({ sourceId, label, address }) => [sourceId, joinParts([label, address])]),
    ),
  };
}

async function listOne(
  { sourceId, sourceKind }: SourceNode,
  readers: TreeReaders,
): Promise<Pick<AllImages, "images" | "problems">> {
  const listed = await readers.source(sourceId)?.list(neverAborted());
  if (!listed) return { images: [], problems: [] };
  if (!listed.ok) return { images: [], problems: [problem(listed.error)] };
  return {
    images: visibleImages(listed.value, defaultOptions).images.map((summary) =>
      imageRow(summary, { sourceId, sourceKind }),
    ),
    problems: [],
  };
}

async function layerItems(
  readers: TreeReaders,
  { id, sourceId, summary }: ImageNode,
): Promise<readonly NodeItem<LayerNode>[]> {
  const read = await readers.source(sourceId)?.image(summary.id, {}, neverAborted());
  if (!read?.ok) return [read ? problem(read.error) : said("warning", l10n.t("Its source is no longer open"), "")];
  return layerNodes(`${id}/layers`, { sourceId, summary, image: read.value }).map((node) => {
    const { label, description } = describe(node, Date.now());
    return { label: `$(layers) ${safeLabel(label)}`, description: safeLabel(description), node };
  });
}

function imageItem(node: ImageNode, source: string | undefined): NodeItem<ImageNode> {
  const { label, description } = describe(node, Date.now());
  const id = shortDigest(node.summary.id);
  return {
    label: `$(package) ${safeLabel(label)}`,
    description: safeLabel(joinParts([description, label.includes(id) ? undefined : id])),
    ...(source === undefined ? {} : { detail: safeLabel(source) }),
    alwaysShow: true,
    node,
  };
}

function problem(error: OciError): NodeItem<never> {
  const { title, detail } = adviceFor(error);
  return said("warning", title, detail);
}

function said(icon: string, label: string, description: string): NodeItem<never> {
  return { label: `$(${icon}) ${safeLabel(label)}`, description: safeLabel(description), alwaysShow: true };
}
