import { shortDigest } from "../../../../oci/core/digest.ts";
import type { Image } from "../../../../oci/core/image.ts";
import { baseOf, type LineageImage } from "../../../../oci/images/lineage.ts";
import type { CatalogView } from "../data/catalogs.ts";
import { commandSummary } from "./configuration.ts";
import { counted, formatTotal } from "../labels/sizes.ts";
import { type RowContext, errorNotice } from "./context.ts";
import { stepsOf } from "./history.ts";
import { baseText, lineageOfFound } from "./lineage.ts";
import type {
  FoundImage,
  ImageNode,
  ImageTreeNode,
  NoticeNode,
  PlatformNode,
  SectionKind,
  SectionNode,
} from "../node.ts";

/** What an image is made of, aspect by aspect; one read. */
export async function imageSections(
  parent: ImageNode,
  { readers, catalogs }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const { sourceId, sourceKind, summary } = parent;
  const read = await readers.source(sourceId)?.image(summary.id, {}, signal);
  if (!read) return [];
  if (!read.ok) return [errorNotice(parent.id, read.error)];
  const view = await catalogs.peek(sourceId, signal);
  const found: FoundImage = { sourceId, sourceKind, summary, image: read.value };
  return [
    ...historyNotices(parent.id, read.value),
    ...layerSections(parent.id, found),
    ...platformsSection(parent.id, found),
    ...configurationSections(parent.id, found),
    ...sectionsAmongOthers(parent.id, found, view),
  ];
}

/** The same of one platform, as far as it does not need the other images. */
export async function platformSections(
  parent: PlatformNode,
  { readers }: RowContext,
  signal: AbortSignal,
): Promise<readonly ImageTreeNode[]> {
  const {
    sourceId,
    sourceKind,
    summary,
    isDefaultPlatform,
    manifest: { platform },
  } = parent;
  const read = platform && (await readers.source(sourceId)?.image(summary.id, { platform }, signal));
  if (!read) return [];
  if (!read.ok) return [errorNotice(parent.id, read.error)];
  const found: FoundImage = {
    sourceId,
    sourceKind,
    summary,
    image: read.value,
    ...(isDefaultPlatform ? {} : { platform }),
  };
  return [
    ...historyNotices(parent.id, read.value),
    ...layerSections(parent.id, found),
    ...configurationSections(parent.id, found),
  ];
}

function layerSections(rowId: string, found: FoundImage): readonly SectionNode[] {
  const { image } = found;
  return [
    section(rowId, "layers", found, String(image.layers.length)),
    section(rowId, "history", found, counted(stepsOf(image).length, "step")),
  ];
}

function platformsSection(rowId: string, found: FoundImage): readonly SectionNode[] {
  const { manifests } = found.image;
  if (manifests === undefined) return [];
  const platforms = manifests.filter(({ kind }) => kind === "image").length;
  const attestations = manifests.filter(({ kind }) => kind === "attestation").length;
  return [
    section(
      rowId,
      "platforms",
      found,
      [String(platforms), ...(attestations > 0 ? [counted(attestations, "attestation")] : [])].join(" · "),
    ),
  ];
}

function configurationSections(rowId: string, found: FoundImage): readonly SectionNode[] {
  const { image } = found;
  return [
    section(rowId, "configuration", found, commandSummary(image.config)),
    section(
      rowId,
      "identities",
      found,
      image.manifestDigest === undefined
        ? `image ID ${shortDigest(image.id)}`
        : `manifest ${shortDigest(image.manifestDigest)}`,
    ),
  ];
}

/** What only all images of the source together can tell is shown in short where it is known already. */
function sectionsAmongOthers(rowId: string, found: FoundImage, view: CatalogView | undefined): readonly SectionNode[] {
  const { summary, sourceKind } = found;
  const lineage = lineageOfFound(found);
  const base = view ? view.lineage.baseOf(lineage) : baseOf(lineage, []);
  const space = view?.space.images.get(summary.id);
  const isUnknown = view !== undefined && base === undefined;
  return [
    section(rowId, "base", found, isUnknown ? "unknown" : base && baseText(base, view ? "compared" : "not compared")),
    section(rowId, "derived", found, view && derivedText(view, lineage)),
    ...(sourceKind === "registry"
      ? []
      : [
          section(
            rowId,
            "space",
            found,
            space && `alone ${formatTotal(space.alone)} · shared ${formatTotal(space.shared)}`,
          ),
        ]),
  ];
}

function derivedText({ lineage, catalog }: CatalogView, image: LineageImage): string {
  return `${catalog.problems.size === 0 ? "" : "≥ "}${lineage.derivedOf(image).length}`;
}

function section(rowId: string, kind: SectionKind, found: FoundImage, summary: string | undefined): SectionNode {
  return {
    kind: "section",
    id: `${rowId}/${kind}`,
    section: kind,
    found,
    ...(summary === undefined ? {} : { summary }),
  };
}

function historyNotices(rowId: string, image: Image): readonly NoticeNode[] {
  const { history } = image.config;
  if (image.historyPairing !== "none" || history.length === 0) return [];
  return [
    {
      kind: "notice",
      id: `${rowId}/mismatch`,
      severity: "warning",
      label: "History does not match the layers",
      description: `${counted(history.length, "step")}, ${counted(image.layers.length, "layer")}`,
      detail: "Which step made which layer cannot be told for this image. Squashed and imported images are like that.",
    },
  ];
}
