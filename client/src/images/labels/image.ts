import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { age, clockTime } from "./age.ts";
import { formatTotalWithGaps, formatTotal } from "./sizes.ts";
import { type Fact, type ItemDescription, joinParts, type Tooltip } from "./description.ts";
import { imageName, repositoryOf, splitName, tagsByName } from "./names.ts";
import { type ImageNode, imageRowId } from "../node.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

/** The row of an image, from the list alone. */
export function describeImage(node: ImageNode, nowMs: number): ItemDescription {
  const { id, sourceId, summary, sourceKind } = node;
  const { name, spokenName, others } = namesHere(node);
  const { label, location } = splitName(name);
  const isDangling = summary.tags.length === 0;
  const isInUse = (summary.containers ?? 0) > 0;
  const about = aboutImage(node, nowMs);
  return {
    id,
    label,
    description: joinParts([...about, others.length > 0 ? l10n.t("also {0}", others.join(", ")) : undefined, location]),
    icon: "package",
    ...(isInUse ? { iconColor: "charts.green" } : isDangling ? { iconColor: "disabledForeground" } : {}),
    tooltip: () => imageTooltip(node, imageName(summary), nowMs),
    contextValue: [
      "image",
      isDangling ? "dangling" : "tagged",
      sourceKind,
      ...(isInUse ? ["inUse"] : []),
      ...(id === imageRowId(sourceId, summary.id) ? [] : ["elsewhere"]),
    ].join(" "),
    collapsibleState: "collapsed",
    accessibilityLabel: [
      l10n.t("Image {0}", spokenName),
      ...about,
      ...(summary.engineBytes === undefined && !node.layerTotal ? [l10n.t("size unknown")] : []),
      ...(others.length > 0 ? [l10n.t("also tagged {0}", others.join(", "))] : []),
    ].join(", "),
  };
}

function aboutImage({ summary, layerTotal, note }: ImageNode, nowMs: number): readonly string[] {
  const { tags, engineBytes, created, containers = 0 } = summary;
  return [
    ...(note === undefined ? [] : [note]),
    ...(tags.length === 0 ? ["dangling"] : []),
    ...(engineBytes === undefined
      ? layerTotal
        ? [l10n.t("{0} stored", formatTotal(layerTotal))]
        : []
      : [formatBytes(engineBytes)]),
    ...(created === undefined ? [] : [age(created * 1000, nowMs)]),
    ...(containers > 0 ? [counted(containers, "container")] : []),
  ];
}

/**
 * The names to show. Under a repository's row its name isn't repeated, except for screen readers, which don't convey
 * indentation.
 */
function namesHere({ summary, underRepository, repository = underRepository }: ImageNode): {
  readonly name: string;
  readonly spokenName: string;
  readonly others: readonly string[];
} {
  const tags = tagsByName(summary);
  const own = tags.filter((tag) => repository === undefined || repositoryOf(tag) === repository);
  const [first] = own;
  const rest = tags.filter((tag) => tag !== first);
  const short = (tag: string): string =>
    underRepository !== undefined && repositoryOf(tag) === underRepository
      ? tag.slice(underRepository.length + 1)
      : tag;
  if (first === undefined)
    return {
      name: underRepository === undefined ? imageName(summary) : shortDigest(summary.id),
      spokenName: imageName(summary),
      others: tags,
    };
  return {
    name: short(first),
    spokenName: first,
    others: [...rest.filter((tag) => own.includes(tag)), ...rest.filter((tag) => !own.includes(tag))].map(short),
  };
}

/** The kind of digest that an image ID is, as far as the list shows. */
function idName({ target }: ImageSummary): string {
  return target === undefined ? l10n.t("Image ID") : l10n.t("Image ID ({0} digest)", target);
}

function sizeWords({ engineBytes, target }: ImageSummary, stored: ImageNode["layerTotal"]): string {
  if (engineBytes !== undefined)
    return target === undefined
      ? l10n.t("{0}, as reported by the engine", formatBytes(engineBytes))
      : l10n.t("{0}, as reported by the engine (stored and unpacked, all platforms)", formatBytes(engineBytes));
  return stored
    ? l10n.t("layers as stored: {0}", formatTotalWithGaps(stored))
    : l10n.t("Not available from this source");
}

function imageTooltip({ summary, layerTotal }: ImageNode, title: string, nowMs: number): Tooltip {
  const { id, repoDigests, created, containers } = summary;
  return {
    title,
    facts: [
      ...tagsByName(summary)
        .slice(1)
        .map((tag): Fact => ({ name: l10n.t("Also tagged"), value: tag, isLiteral: true })),
      { name: idName(summary), value: id, isLiteral: true },
      ...repoDigests.map((digest): Fact => ({ name: l10n.t("Repository digest"), value: digest, isLiteral: true })),
      { name: l10n.t("Size"), value: sizeWords(summary, layerTotal) },
      ...(created === undefined
        ? []
        : [{ name: l10n.t("Created"), value: `${clockTime(created * 1000)} (${age(created * 1000, nowMs)})` }]),
      ...(containers === undefined
        ? []
        : [
            {
              name: l10n.t("Containers"),
              value:
                containers === 0
                  ? l10n.t("Not used by any container")
                  : l10n.t("{0}, running or stopped", counted(containers, "container")),
            },
          ]),
    ],
    ...(summary.tags.length === 0 ? { note: l10n.t("Untagged (dangling): no tag points to this image") } : {}),
  };
}
