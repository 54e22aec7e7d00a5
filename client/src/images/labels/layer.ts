import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { Image, Layer } from "../../../../oci/core/image.ts";
import { capitalize } from "../../../../oci/core/text.ts";
import type { ReadableStep } from "../../ui/instruction.ts";
import { clockTime } from "./age.ts";
import { counted } from "./sizes.ts";
import { type Fact, type Gauge, type ItemDescription, joinParts, rowText, type Tooltip } from "./description.ts";
import { exactBytes, layerSize, layerOfStep, percent, readable, sizeText, sizeWords } from "./layerSizes.ts";
import type { LayerNode, StepNode } from "../node.ts";

export function describeLayer(node: LayerNode): ItemDescription {
  const { id, image, layer, share } = node;
  const step = layer.step && readable(layer.step);
  const ofText = `Layer ${layer.index + 1} of ${image.layers.length}`;
  const about = aboutLayer(node);
  return {
    id,
    label: step ? labelOf(step) : ofText,
    description: joinParts([about.size, step ? textOf(step) : "no history recorded", about.shared]),
    icon: "layers",
    ...(share === undefined ? {} : { gauge: { share, tone: toneOf(node) } }),
    tooltip: () => layerTooltip(node, layer.index === 0 ? `${ofText}, the base` : ofText),
    contextValue: layerWords(node).join(" "),
    collapsibleState: "collapsed",
    accessibilityLabel: [ofText, about.size, about.share, step ? spokenStep(step) : "no history recorded", about.shared]
      .filter((part) => part !== undefined)
      .join(", "),
  };
}

function toneOf({ sharedCount }: LayerNode): Gauge["tone"] {
  if (sharedCount === undefined) return "unknown";
  return sharedCount > 0 ? "shared" : "own";
}

/** The meaning of the colour of the bar in front of the row. */
const toneWords: Readonly<Record<Gauge["tone"], string>> = {
  own: "orange bar: only in this image",
  shared: "blue bar: shared",
  unknown: "grey bar: not known whether it is shared",
};

/** Texts about the layer's share: the gauge shows it, and screen readers get it in words. */
function aboutLayer({ layer, share, sharedCount }: LayerNode): {
  readonly size: string;
  readonly share: string | undefined;
  readonly shared: string | undefined;
} {
  const size = layerSize(layer);
  return {
    size: sizeText(size),
    share: share === undefined || size?.bytes === 0 ? undefined : `${percent(share)} of the image`,
    shared: sharedCount === undefined || sharedCount === 0 ? undefined : `shared with ${counted(sharedCount, "image")}`,
  };
}

/** The text of the step; undefined if it isn't an instruction, since it is then the label. */
function textOf(step: ReadableStep): string | undefined {
  return step.keyword === undefined ? undefined : rowText(step.text);
}

function spokenStep({ keyword = "", text }: ReadableStep): string {
  return rowText(`${keyword} ${text}`.trim());
}

/** Words for menus. A layer of another platform can't be compared: its image can't be requested by ID. */
function layerWords({ layer, platform }: LayerNode): readonly string[] {
  const kind = platform === undefined ? ["layer", layer.index === 0 ? "base" : "upper"] : ["foreign"];
  return [...kind, ...(layer.digest === undefined ? [] : ["digest"]), ...(layer.step === undefined ? [] : ["step"])];
}

function layerTooltip(node: LayerNode, title: string): Tooltip {
  const { image, layer, share, sharedCount } = node;
  return {
    title,
    facts: [
      ...sizeFacts(layer, image),
      ...(share === undefined
        ? []
        : [{ name: "Share", value: `${percent(share)} of the image's layers (${toneWords[toneOf(node)]})` }]),
      ...(sharedCount === undefined
        ? []
        : [
            {
              name: "Shared",
              value: sharedCount === 0 ? "Not shared with other images" : `with ${counted(sharedCount, "image")}`,
            },
          ]),
      { name: "DiffID", value: layer.diffId, isLiteral: true },
      layer.digest === undefined
        ? { name: "Layer digest", value: "Not available from this source" }
        : { name: "Layer digest", value: layer.digest, isLiteral: true },
      ...(layer.mediaType === undefined ? [] : [{ name: "Media type", value: layer.mediaType, isLiteral: true }]),
      ...stepFacts(layer.step, layer.step && readable(layer.step)),
    ],
    ...(layer.step === undefined || layer.step.createdBy === "" ? {} : { code: layer.step.createdBy }),
    ...(image.historyPairing === "inferred"
      ? { note: "Matched to this step by its text; this source doesn't record the link" }
      : {}),
  };
}

function sizeFacts(layer: Layer, { engineSizeKind }: Image): readonly Fact[] {
  const size = layerSize(layer);
  if (!size) return [{ name: "Size", value: "Not available from this source" }];
  const { blobBytes } = layer;
  return [
    { name: "Size", value: `${exactBytes(size.bytes)}, ${sizeWords(size, engineSizeKind)}` },
    ...(blobBytes === undefined || size.counts === "blob"
      ? []
      : [{ name: "Download", value: `${formatBytes(blobBytes)}, the blob as stored` }]),
  ];
}

export function describeStep({ id, step, layer }: StepNode): ItemDescription {
  const shown = readable(step);
  const madeLayer = typeof layer === "object" ? layer : undefined;
  return {
    id,
    label: labelOf(shown),
    description: joinParts([madeLayer && layerOfStep(madeLayer), textOf(shown)]),
    icon: madeLayer ? "layers" : "circle-small",
    ...(madeLayer ? {} : { iconColor: "disabledForeground" }),
    tooltip: () => ({
      title: capitalize(layerOfStep(layer)),
      facts: stepFacts(step, shown),
      ...(step.createdBy === "" ? {} : { code: step.createdBy }),
    }),
    contextValue: "step",
    collapsibleState: "collapsed",
    accessibilityLabel: `Step: ${spokenStep(shown)}, ${layerOfStep(layer)}`,
  };
}

function stepFacts(step: Layer["step"], shown: ReadableStep | undefined): readonly Fact[] {
  return [
    ...(step?.created === undefined ? [] : [{ name: "Created", value: clockTime(Date.parse(step.created)) }]),
    ...textFact("Author", step?.author),
    ...textFact("Comment", step?.comment),
    ...(shown?.buildArgs === undefined ? [] : [{ name: "Build arguments", value: shown.buildArgs, isLiteral: true }]),
  ];
}

function textFact(name: string, value: HistoryStep["author"]): readonly Fact[] {
  return value === undefined || value === "" ? [] : [{ name, value }];
}

function labelOf(step: ReadableStep): string {
  return step.keyword ?? (step.text === "" ? "Unrecorded step" : rowText(step.text));
}
