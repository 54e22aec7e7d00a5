import type { Image } from "../../../../oci/core/image.ts";
import type { CatalogView } from "../data/catalogs.ts";
import type { FoundImage, ImageNode, ImageTreeNode, NoticeNode, PlatformNode, SectionNode } from "../node.ts";
import type { RowContext, Section } from "./context.ts";
import { errorNotice } from "./notices.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** The sections of an image; reads it once. */
export async function imageSections(
  parent: ImageNode,
  { readers, catalogs, sections }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { sourceId, sourceKind, summary } = parent;
  const read = await readers.source(sourceId)?.image(summary.id, {}, signal);
  if (!read) return [];
  if (!read.ok) return [errorNotice(parent.id, read.error)];
  const view = await catalogs.peek(sourceId, signal);
  const found: FoundImage = { sourceId, sourceKind, summary, image: read.value };
  return [...historyNotices(parent.id, read.value), ...sectionNodes(parent.id, sections, found, view)];
}

/** The sections of one platform that don't need the other images. */
export async function platformSections(
  parent: PlatformNode,
  { readers, sections }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { id, sourceId, sourceKind, summary, isDefaultPlatform, manifest } = parent;
  const { platform } = manifest;
  const read = platform && (await readers.source(sourceId)?.image(summary.id, { platform }, signal));
  if (!read) return [];
  if (!read.ok) return [errorNotice(id, read.error)];
  const common = { sourceId, sourceKind, summary, image: read.value };
  const found: FoundImage = isDefaultPlatform ? common : { ...common, platform };
  const ofPlatforms = sections.filter(({ scope }) => scope === "platforms");
  return [...historyNotices(id, read.value), ...sectionNodes(id, ofPlatforms, found, undefined)];
}

/** The rows of a section; empty if it isn't in the table. */
export async function sectionRows(
  { id, section, found }: SectionNode,
  context: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const wanted = context.sections.find(({ kind }) => kind === section);
  return wanted ? wanted.rows(id, found, context, signal) : [];
}

/** The rows of sections. `view` is the known data of all images of the source, which some sections summarise. */
function sectionNodes(
  rowId: string,
  sections: readonly Section[],
  found: FoundImage,
  view: CatalogView | undefined,
): readonly SectionNode[] {
  return sections
    .filter((section) => (section.appliesTo?.(found) ?? true) && !section.isEmpty?.(found, view))
    .map((section): SectionNode => {
      const { kind, label, icon, note, collapsibleState = "collapsed" } = section;
      const summary = section.summary(found, view);
      return {
        kind: "section",
        id: `${rowId}/${kind}`,
        section: kind,
        label,
        icon,
        note,
        collapsibleState,
        found,
        ...(summary === undefined ? {} : { summary }),
      };
    });
}

function exportNotice(rowId: string): NoticeNode {
  return {
    kind: "notice",
    id: `${rowId}/exported`,
    severity: "info",
    label: l10n.t("The whole file system as one layer"),
    description: l10n.t("exported from a container"),
    detail: l10n.t(
      "The engine doesn't have the blobs of the layers. The export includes files that the engine adds to every container, such as /etc/hosts.",
    ),
  };
}

function historyNotices(rowId: string, image: Image): readonly NoticeNode[] {
  const { history } = image.config;
  if (image.contentFrom?.kind === "nowhere") return [];
  if (image.contentFrom?.kind === "container") return [exportNotice(rowId)];
  if (image.historyPairing !== "none" || history.length === 0) return [];
  return [
    {
      kind: "notice",
      id: `${rowId}/mismatch`,
      severity: "warning",
      label: l10n.t("History does not match the layers"),
      description: `${counted(history.length, "step")}, ${counted(image.layers.length, "layer")}`,
      detail: l10n.t("This image doesn't record which step created which layer, as with squashed and imported images."),
    },
  ];
}
