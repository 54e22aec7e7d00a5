import type { BaseGroup } from "../../../../oci/images/baseGroups.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { spaceOf } from "../../../../oci/images/space.ts";
import type { CatalogImage } from "../../../../oci/catalog/catalog.ts";
import type { SourceKind } from "../../sources/source.ts";
import { byRepository, type RepositoryImages, visibleImages } from "../data/filterAndSort.ts";
import { asLowerBound, formatTotal } from "../labels/sizes.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { repositoryOf, tagsByName } from "../labels/names.ts";
import { type GroupNode, escapeIdSegment, type ImageNode, imageRowId, type ImageTreeNode } from "../node.ts";
import { paginate, type RowContext } from "./context.ts";
import { errorNotice, infoNotice, readingNotice } from "./notices.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** The source whose rows are drawn. */
interface RowSource {
  readonly sourceId: string;
  readonly sourceKind: SourceKind;
  /** The data known about its images without a request. */
  readonly view?: CatalogView | undefined;
}

/** The images of a source in the user's layout; empty if there are none. */
export async function imageRows(
  sourceId: string,
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { readers, catalogs, options } = context;
  const source = readers.source(sourceId);
  if (!source) return [];
  const listed = await source.list(signal);
  if (!listed.ok) return [errorNotice(sourceId, listed.error)];
  if (listed.value.length === 0) return [];
  const owner: RowSource = { sourceId, sourceKind: source.kind, view: await catalogs.peek(sourceId, signal) };
  const { images, hiddenDangling } = visibleImages(listed.value, options);
  const rows =
    options.groupBy === "base"
      ? await rowsByBase(images, owner, context, signal)
      : options.groupBy === "repository"
        ? rowsByRepository(images, owner, context)
        : images.map((summary) => imageRow(summary, owner));
  return [
    ...(options.filter === "" && owner.sourceKind !== "registry" ? [diskSpaceRow(owner)] : []),
    ...paginate(sourceId, rows),
    ...(images.length === 0 && options.filter !== "" ? [nothingFound(sourceId, options.filter)] : []),
    ...(hiddenDangling > 0 ? [danglingNotice(sourceId, hiddenDangling)] : []),
  ];
}

/** The row of an image at its own place. */
export function imageRow(summary: ImageSummary, { sourceId, sourceKind, view }: RowSource): ImageNode {
  const stored = summary.engineBytes === undefined ? view?.space.images.get(summary.id)?.total : undefined;
  return {
    kind: "image",
    id: imageRowId(sourceId, summary.id),
    sourceId,
    sourceKind,
    summary,
    ...(stored ? { layerTotal: stored } : {}),
  };
}

/** The row of an image under another row. */
export function imageRowUnder(parentId: string, summary: ImageSummary, owner: RowSource): ImageNode {
  return { ...imageRow(summary, owner), id: imageRowId(parentId, summary.id) };
}

function diskSpaceRow({ sourceId, sourceKind, view }: RowSource): ImageTreeNode {
  return {
    kind: "diskSpace",
    id: `${sourceId}/space`,
    sourceId,
    sourceKind,
    ...(view ? { total: asLowerBound(view.space.total, view.catalog) } : {}),
  };
}

/** Groups with this few images are expanded. */
const fewImages = 20;

/** Rows by repository; a repository with one image has no row of its own. */
function rowsByRepository(
  images: readonly ImageSummary[],
  owner: RowSource,
  { options }: RowContext,
): readonly ImageTreeNode[] {
  const collapsibleState = images.length <= fewImages || options.filter !== "" ? "expanded" : "collapsed";
  return byRepository(images, options.sortBy).map((group) => {
    const [only, ...more] = group.images;
    return only && more.length === 0
      ? repositoryImage(only, group, owner)
      : repositoryRow(group, owner, collapsibleState);
  });
}

function repositoryRow(
  group: RepositoryImages,
  owner: RowSource,
  collapsibleState: GroupNode["collapsibleState"],
): GroupNode {
  const { repository, images } = group;
  const id = repository === undefined ? `${owner.sourceId}/nameless` : repositoryId(repository, owner);
  return {
    kind: "group",
    id,
    collapsibleState,
    icon: repository === undefined ? "circle-slash" : "folder",
    ...(repository === undefined
      ? { label: l10n.t("Untagged"), detail: l10n.t("Dangling images: no tag or digest points to them") }
      : { label: repository, isRepository: true }),
    ...groupFacts(images, owner),
    children: paginate(
      id,
      images.map((summary) => ({
        ...repositoryImage(summary, group, owner),
        ...(repository === undefined ? {} : { underRepository: repository }),
      })),
    ),
  };
}

/**
 * The row of an image under a repository. Only the row under the repository of its first name is the image's main row.
 */
function repositoryImage(summary: ImageSummary, { repository }: RepositoryImages, owner: RowSource): ImageNode {
  const [first] = tagsByName(summary);
  if (first === undefined || repository === undefined || repositoryOf(first) === repository)
    return imageRow(summary, owner);
  return { ...imageRowUnder(repositoryId(repository, owner), summary, owner), repository };
}

function repositoryId(repository: string, { sourceId }: RowSource): string {
  return `${sourceId}/repository/${escapeIdSegment(repository)}`;
}

/** The number of images, their total size if known, and the age of the newest. */
function groupFacts(images: readonly ImageSummary[], { view }: RowSource): Pick<GroupNode, "description" | "newest"> {
  const stored = images.map(({ id }) => view?.images.get(id));
  const known = stored.flatMap((image) => image ?? []);
  const total =
    view && known.length === images.length ? formatTotal(asLowerBound(spaceOf(known).total, view.catalog)) : undefined;
  const newest = Math.max(...images.map(({ created }) => created ?? -Infinity));
  return {
    description: [counted(images.length, "image"), ...(total === undefined ? [] : [total])].join(" · "),
    ...(newest > 0 ? { newest } : {}),
  };
}

async function rowsByBase(
  images: readonly ImageSummary[],
  owner: RowSource,
  { catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  // The layout is kept across restarts, but a registry is contacted only for what the user opens.
  if (owner.sourceKind === "registry")
    return owner.view ? baseGroupRows(images, owner) : images.map((summary) => imageRow(summary, owner));
  const state = await catalogs.load(owner.sourceId, signal);
  if (state.kind === "reading")
    return [readingNotice(owner.sourceId, state), ...images.map((summary) => imageRow(summary, owner))];
  if (state.kind === "absent") return images.map((summary) => imageRow(summary, owner));
  return baseGroupRows(images, { ...owner, view: state.view });
}

/** Groups by base in the order of the shown images; those without a known base are last. */
function baseGroupRows(images: readonly ImageSummary[], owner: RowSource): readonly GroupNode[] {
  const groupOf = new Map(
    owner.view?.baseGroups.flatMap((group) => group.members.map(({ image }) => [image.id, group] as const)),
  );
  const shown = new Map<BaseGroup<CatalogImage> | undefined, ImageSummary[]>();
  for (const image of images) {
    const group = groupOf.get(image.id);
    const others = shown.get(group);
    if (others) others.push(image);
    else shown.set(group, [image]);
  }
  const groups = [...shown].map(([group, members]) => baseRow(group, members, owner));
  return [
    ...groups.filter(({ label }) => label !== unknownBase),
    ...groups.filter(({ label }) => label === unknownBase),
  ];
}

const unknownBase = l10n.t("Base image not found");

function baseRow(
  group: BaseGroup<CatalogImage> | undefined,
  images: readonly ImageSummary[],
  owner: RowSource,
): GroupNode {
  const base = group?.base;
  // The longest chain of the same lowest layers is only a good guess.
  const isLikely = group?.members.some((member) => member.base?.confidence === "layers") === true;
  const id = `${owner.sourceId}/base/${escapeIdSegment(baseKey(base))}`;
  return {
    kind: "group",
    id,
    collapsibleState: images.length <= fewImages ? "expanded" : "collapsed",
    icon: base ? "type-hierarchy-super" : "question",
    label: base
      ? isLikely
        ? l10n.t("Likely built from {0}", baseName(base))
        : l10n.t("Built from {0}", baseName(base))
      : unknownBase,
    ...groupFacts(images, owner),
    detail: base
      ? [
          baseDetail(base),
          ...(isLikely ? [l10n.t("Found by comparing the lowest layers: not every image here records its base")] : []),
        ].join("\n")
      : l10n.t("No base is recorded, and no other image here has the same lowest layers"),
    children: paginate(
      id,
      images.map((summary) => imageRow(summary, owner)),
    ),
  };
}

type GroupBase = NonNullable<BaseGroup<never>["base"]>;

function baseName({ name, imageId, digest }: GroupBase): string {
  return name ?? shortDigest(imageId ?? digest ?? "");
}

function baseKey(base: GroupBase | undefined): string {
  if (!base) return "unknown";
  return base.imageId === undefined ? `recorded ${base.digest ?? ""} ${base.name ?? ""}` : `here ${base.imageId}`;
}

function baseDetail({ imageId, digest }: GroupBase): string {
  if (imageId !== undefined) return l10n.t("Image ID of the base: {0}", imageId);
  const absent = l10n.t("The recorded base isn't available here");
  return digest === undefined ? absent : `${absent}: ${digest}`;
}

function nothingFound(sourceId: string, filter: string): ImageTreeNode {
  return infoNotice(`${sourceId}/none`, l10n.t("No images match"), {
    description: `“${filter}”`,
    icon: "search-stop",
    command: { id: "imagewright.images.clearFilter", title: l10n.t("Clear Filter") },
  });
}

function danglingNotice(sourceId: string, count: number): ImageTreeNode {
  return infoNotice(`${sourceId}/dangling`, l10n.t("{0} hidden", counted(count, "dangling image")), {
    icon: "eye-closed",
    command: { id: "imagewright.images.toggleDangling", title: l10n.t("Show Dangling Images") },
  });
}
