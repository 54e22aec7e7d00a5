import { formatBytes } from "../../../oci/core/bytes.ts";
import { shortDigest } from "../../../oci/core/digest.ts";
import type { HistoryStep } from "../../../oci/core/history.ts";
import type { Image, ImageSummary, Layer } from "../../../oci/core/image.ts";
import { unreachable } from "../ui/unreachable.ts";
import { age, clockTime } from "./age.ts";
import { type ReadableStep, readableStep } from "../ui/instruction.ts";
import type { ImageNode, ImageTreeNode, LayerNode, NoticeNode, SourceNode, StepNode } from "./node.ts";

/** All that a row shows, as plain data; `item.ts` makes VS Code's TreeItem of it. */
export interface ItemDescription {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Codicon id. */
  readonly icon: string;
  /** Theme colour id. */
  readonly iconColor?: string;
  readonly tooltip: Tooltip;
  /** Words that menus test with `viewItem =~ /…/`. */
  readonly contextValue: string;
  readonly fold: "none" | "collapsed" | "expanded";
  /** What a screen reader says instead of label and description. */
  readonly spoken?: string;
  readonly command?: NoticeNode["command"];
}

/** Untrusted text all of it; escaped where it becomes Markdown. */
export interface Tooltip {
  readonly title: string;
  readonly facts: readonly Fact[];
  /** Shown as code. */
  readonly code?: string;
  readonly note?: string;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  /** A value to be read exactly: a digest, a path. */
  readonly isLiteral?: boolean;
}

/** Describes a row. `nowMs` is the time that ages are counted from. */
export function describe(node: ImageTreeNode, nowMs: number): ItemDescription {
  switch (node.kind) {
    case "source":
      return describeSource(node);
    case "image":
      return describeImage(node, nowMs);
    case "layer":
      return describeLayer(node);
    case "step":
      return describeStep(node);
    case "notice":
      return describeNotice(node);
    default:
      return unreachable(node);
  }
}

/** The name a person knows an image by: its first tag by name, else the repository it was pulled from, else its short ID. */
export function imageName(summary: ImageSummary): string {
  const repository = summary.repoDigests[0]?.split("@")[0];
  return tagsByName(summary)[0] ?? (repository === undefined ? shortDigest(summary.id) : `${repository}@${shortDigest(summary.id)}`);
}

/** A layer's most exact size, and what that number counts. */
export function layerSize(layer: Layer): { readonly bytes: number; readonly counts: string; readonly isBlob: boolean } | undefined {
  if (layer.contentBytes !== undefined) return { bytes: layer.contentBytes, counts: "file content, uncompressed", isBlob: false };
  if (layer.engineBytes !== undefined) return { bytes: layer.engineBytes, counts: "as the engine's history counts it", isBlob: false };
  if (layer.blobBytes !== undefined) return { bytes: layer.blobBytes, counts: "the blob as stored, usually compressed", isBlob: true };
  return undefined;
}

/** By name: engines list a new tag before the others, and an image should not change its name for that. */
function tagsByName({ tags }: ImageSummary): readonly string[] {
  return [...tags].sort();
}

function describeSource(node: SourceNode): ItemDescription {
  const isEngine = node.sourceKind === "engine";
  return {
    id: node.id,
    label: node.label,
    description: isEngine ? node.place : "archive",
    icon: isEngine ? "server-environment" : "file-zip",
    tooltip: { title: node.label, facts: [{ name: isEngine ? "Endpoint" : "File", value: node.place, isLiteral: true }] },
    contextValue: `source ${node.sourceKind}`,
    fold: "expanded",
  };
}

function describeImage({ id, summary }: ImageNode, nowMs: number): ItemDescription {
  const isDangling = summary.tags.length === 0;
  const size = summary.engineBytes === undefined ? undefined : formatBytes(summary.engineBytes);
  const created = summary.created === undefined ? undefined : age(summary.created * 1000, nowMs);
  const [, ...otherTags] = tagsByName(summary);
  const aside = [isDangling ? "dangling" : undefined, size, created, otherTags.length > 0 ? `also ${otherTags.join(", ")}` : undefined];
  const label = imageName(summary);
  return {
    id,
    label,
    description: join(aside),
    icon: "package",
    ...(isDangling ? { iconColor: "disabledForeground" } : {}),
    tooltip: imageTooltip(summary, label, nowMs),
    contextValue: isDangling ? "image dangling" : "image tagged",
    fold: "collapsed",
    spoken: `Image ${label}, ${join([isDangling ? "dangling" : undefined, size ?? "size unknown", created])}${otherTags.length > 0 ? `, also tagged ${otherTags.join(", ")}` : ""}`,
  };
}

function imageTooltip(summary: ImageSummary, title: string, nowMs: number): Tooltip {
  return {
    title,
    facts: [
      ...tagsByName(summary).slice(1).map((tag): Fact => ({ name: "Also tagged", value: tag, isLiteral: true })),
      { name: "Image ID", value: summary.id, isLiteral: true },
      ...summary.repoDigests.map((digest): Fact => ({ name: "Repository digest", value: digest, isLiteral: true })),
      summary.engineBytes === undefined ? { name: "Size", value: "unknown here" } : { name: "Size", value: `${formatBytes(summary.engineBytes)}, as the engine counts it` },
      ...(summary.created === undefined ? [] : [{ name: "Created", value: `${clockTime(summary.created * 1000)} (${age(summary.created * 1000, nowMs)})` }]),
      ...(summary.containers === undefined || summary.containers < 0 ? [] : [{ name: "Containers", value: String(summary.containers) }]),
    ],
    ...(summary.tags.length === 0 ? { note: "Dangling: no tag points to this image any more" } : {}),
  };
}

function describeLayer({ id, image, layer }: LayerNode): ItemDescription {
  const step = layer.step === undefined ? undefined : readable(layer.step);
  const size = layerSize(layer);
  const sizeText = size === undefined ? "size unknown" : `${formatBytes(size.bytes)}${size.isBlob ? " stored" : ""}`;
  const ofText = `Layer ${layer.index + 1} of ${image.layers.length}`;
  const text = step === undefined ? "no history for this layer" : step.text;
  return {
    id,
    label: step === undefined ? ofText : labelOf(step),
    description: join([sizeText, step?.keyword === undefined && step !== undefined ? undefined : shorten(text)]),
    icon: "layers",
    tooltip: layerTooltip(image, layer, ofText),
    contextValue: layerWords(layer).join(" "),
    fold: "none",
    spoken: `${ofText}, ${sizeText}, ${step === undefined ? text : `${step.keyword ?? ""} ${step.text}`.trim()}`,
  };
}

function layerWords(layer: Layer): readonly string[] {
  return ["layer", layer.index === 0 ? "base" : "upper", ...(layer.digest === undefined ? [] : ["digest"]), ...(layer.step === undefined ? [] : ["step"])];
}

function layerTooltip(image: Image, layer: Layer, title: string): Tooltip {
  const size = layerSize(layer);
  const full = layer.step === undefined ? undefined : readable(layer.step);
  return {
    title: layer.index === 0 ? `${title}, the base` : title,
    facts: [
      size === undefined ? { name: "Size", value: "unknown here" } : { name: "Size", value: `${formatBytes(size.bytes)} (${size.bytes.toLocaleString("en")} bytes), ${size.counts}` },
      ...(layer.blobBytes === undefined || size?.isBlob ? [] : [{ name: "Download", value: `${formatBytes(layer.blobBytes)}, the blob as stored` }]),
      { name: "DiffID", value: layer.diffId, isLiteral: true },
      layer.digest === undefined ? { name: "Digest", value: "unknown here: this source does not tell how the layer is stored" } : { name: "Digest", value: layer.digest, isLiteral: true },
      ...(layer.mediaType === undefined ? [] : [{ name: "Media type", value: layer.mediaType, isLiteral: true }]),
      ...stepFacts(layer.step, full),
    ],
    ...(layer.step === undefined || layer.step.createdBy === "" ? {} : { code: layer.step.createdBy }),
    ...(image.historyPairing === "inferred" ? { note: "The step was matched to the layer by its text; this source does not record it exactly" } : {}),
  };
}

const stepTitles = { none: "Made no layer", inferred: "Made no layer, as far as its text tells", unknown: "Whether it made a layer, and which, is not recorded" } as const;

function describeStep({ id, step, layer }: StepNode): ItemDescription {
  const shown = readable(step);
  return {
    id,
    label: labelOf(shown),
    description: shown.keyword === undefined ? "" : shorten(shown.text),
    icon: "circle-small",
    iconColor: "disabledForeground",
    tooltip: {
      title: stepTitles[layer],
      facts: stepFacts(step, shown),
      ...(step.createdBy === "" ? {} : { code: step.createdBy }),
    },
    contextValue: "step",
    fold: "none",
    spoken: `${stepTitles[layer]}: ${shown.keyword ?? ""} ${shown.text}`,
  };
}

function stepFacts(step: Layer["step"], shown: ReadableStep | undefined): readonly Fact[] {
  return [
    ...(step?.created === undefined ? [] : [{ name: "Created", value: clockTime(Date.parse(step.created)) }]),
    ...(step?.author === undefined || step.author === "" ? [] : [{ name: "Author", value: step.author }]),
    ...(step?.comment === undefined || step.comment === "" ? [] : [{ name: "Comment", value: step.comment }]),
    ...(shown?.buildArgs === undefined ? [] : [{ name: "Build arguments", value: shown.buildArgs, isLiteral: true }]),
  ];
}

const noticeIcons = { error: "error", warning: "warning", info: "info", action: "play" } as const;
const noticeColors = { error: "list.errorForeground", warning: "list.warningForeground" } as const;

function describeNotice(node: NoticeNode): ItemDescription {
  const color = node.severity === "error" || node.severity === "warning" ? noticeColors[node.severity] : undefined;
  return {
    id: node.id,
    label: node.label,
    description: node.description ?? "",
    icon: node.icon ?? noticeIcons[node.severity],
    ...(color === undefined ? {} : { iconColor: color }),
    tooltip: { title: node.label, facts: [], ...(node.detail === undefined ? {} : { note: node.detail }) },
    contextValue: "notice",
    fold: node.fold ?? "none",
    ...(node.command === undefined ? {} : { command: node.command }),
  };
}

/** Where nothing is recorded, the comment often says what happened: `Imported from -`. */
function readable({ createdBy, comment }: HistoryStep): ReadableStep {
  return createdBy.trim() === "" && comment !== undefined ? { text: comment } : readableStep(createdBy);
}

function labelOf(step: ReadableStep): string {
  return step.keyword ?? (step.text === "" ? "Step without a record" : shorten(step.text));
}

/** Rows are cut by their width anyway; this keeps a 100 kB heredoc out of the list. */
const maxRowText = 200;

function shorten(text: string): string {
  return text.length > maxRowText ? `${text.slice(0, maxRowText)}…` : text;
}

function join(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== "").join(" · ");
}
