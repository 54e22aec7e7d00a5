import { formatBytes } from "../../../../oci/core/bytes.ts";
import { shortDigest } from "../../../../oci/core/digest.ts";
import type { ImageSummary } from "../../../../oci/core/image.ts";
import { age, clockTime } from "./age.ts";
import { counted, formatTotalWithGaps, formatTotal } from "./sizes.ts";
import { type Fact, type ItemDescription, joinParts, type Tooltip } from "./description.ts";
import { imageName, repositoryOf, splitName, tagsByName } from "./names.ts";
import { type ImageNode, imageRowId } from "../node.ts";

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
    description: joinParts([...about, others.length > 0 ? `also ${others.join(", ")}` : undefined, location]),
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
      `Image ${spokenName}`,
      ...about,
      ...(summary.engineBytes === undefined && !node.layerTotal ? ["size unknown"] : []),
      ...(others.length > 0 ? [`also tagged ${others.join(", ")}`] : []),
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
        ? [`${formatTotal(layerTotal)} stored`]
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
  return target === undefined ? "Image ID" : `Image ID (${target} digest)`;
}

function sizeWords({ engineBytes, target }: ImageSummary, stored: ImageNode["layerTotal"]): string {
  if (engineBytes !== undefined)
    return `${formatBytes(engineBytes)}, as reported by the engine${target === undefined ? "" : " (stored and unpacked, all platforms)"}`;
  return stored ? `layers as stored: ${formatTotalWithGaps(stored)}` : "Not available from this source";
}

function imageTooltip({ summary, layerTotal }: ImageNode, title: string, nowMs: number): Tooltip {
  const { id, repoDigests, created, containers } = summary;
  return {
    title,
    facts: [
      ...tagsByName(summary)
        .slice(1)
        .map((tag): Fact => ({ name: "Also tagged", value: tag, isLiteral: true })),
      { name: idName(summary), value: id, isLiteral: true },
      ...repoDigests.map((digest): Fact => ({ name: "Repository digest", value: digest, isLiteral: true })),
      { name: "Size", value: sizeWords(summary, layerTotal) },
      ...(created === undefined
        ? []
        : [{ name: "Created", value: `${clockTime(created * 1000)} (${age(created * 1000, nowMs)})` }]),
      ...(containers === undefined
        ? []
        : [
            {
              name: "Containers",
              value:
                containers === 0
                  ? "Not used by any container"
                  : `${counted(containers, "container")}, running or stopped`,
            },
          ]),
    ],
    ...(summary.tags.length === 0 ? { note: "Untagged (dangling): no tag points to this image" } : {}),
  };
}
