import { formatBytes } from "../../../../oci/core/bytes.ts";
import type { HistoryStep } from "../../../../oci/core/history.ts";
import type { Image, Layer } from "../../../../oci/core/image.ts";
import { capitalize } from "../../../../oci/core/text.ts";
import type { ReadableStep } from "../../../../oci/images/readableStep.ts";
import { clockTime } from "./age.ts";
import { type Fact, type Gauge, type ItemDescription, joinParts, rowText, type Tooltip } from "./description.ts";
import { exactBytes, layerSize, layerOfStep, percent, readable, sizeText, sizeWords } from "./layerSizes.ts";
import type { LayerNode, StepNode } from "../node.ts";
import { counted } from "../../ui/phrases.ts";
import { l10n } from "../../ui/l10n.ts";

export function describeLayer(node: LayerNode): ItemDescription {
  const { id, image, layer, share } = node;
  const step = layer.step && readable(layer.step);
  const ofText = l10n.t("Layer {0} of {1}", layer.index + 1, image.layers.length);
  const about = aboutLayer(node);
  return {
    id,
    label: step ? labelOf(step) : ofText,
    description: joinParts([about.size, step ? textOf(step) : l10n.t("no history recorded"), about.shared]),
    icon: "layers",
    ...(share === undefined ? {} : { gauge: { share, tone: toneOf(node) } }),
    tooltip: () => layerTooltip(node, layer.index === 0 ? l10n.t("{0}, the base", ofText) : ofText),
    contextValue: layerWords(node).join(" "),
    collapsibleState: "collapsed",
    accessibilityLabel: [
      ofText,
      about.size,
      about.share,
      step ? spokenStep(step) : l10n.t("no history recorded"),
      about.shared,
    ]
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
  own: l10n.t("orange bar: only in this image"),
  shared: l10n.t("blue bar: shared"),
  unknown: l10n.t("grey bar: not known whether it is shared"),
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
    share: share === undefined || size?.bytes === 0 ? undefined : l10n.t("{0} of the image", percent(share)),
    shared:
      sharedCount === undefined || sharedCount === 0
        ? undefined
        : l10n.t("shared with {0}", counted(sharedCount, "image")),
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
        : [
            {
              name: l10n.t("Share"),
              value: l10n.t("{0} of the image's layers ({1})", percent(share), toneWords[toneOf(node)]),
            },
          ]),
      ...(sharedCount === undefined
        ? []
        : [
            {
              name: l10n.t("Shared"),
              value:
                sharedCount === 0
                  ? l10n.t("Not shared with other images")
                  : l10n.t("with {0}", counted(sharedCount, "image")),
            },
          ]),
      { name: "DiffID", value: layer.diffId, isLiteral: true },
      layer.digest === undefined
        ? { name: l10n.t("Layer digest"), value: l10n.t("Not available from this source") }
        : { name: l10n.t("Layer digest"), value: layer.digest, isLiteral: true },
      ...(layer.mediaType === undefined
        ? []
        : [{ name: l10n.t("Media type"), value: layer.mediaType, isLiteral: true }]),
      ...stepFacts(layer.step, layer.step && readable(layer.step)),
    ],
    ...(layer.step === undefined || layer.step.createdBy === "" ? {} : { code: layer.step.createdBy }),
    ...(image.historyPairing === "inferred"
      ? { note: l10n.t("Matched to this step by its text; this source doesn't record the link") }
      : {}),
  };
}

function sizeFacts(layer: Layer, { engineSizeKind }: Image): readonly Fact[] {
  const size = layerSize(layer);
  if (!size) return [{ name: l10n.t("Size"), value: l10n.t("Not available from this source") }];
  const { blobBytes } = layer;
  return [
    { name: l10n.t("Size"), value: `${exactBytes(size.bytes)}, ${sizeWords(size, engineSizeKind)}` },
    ...(blobBytes === undefined || size.counts === "blob"
      ? []
      : [{ name: l10n.t("Download"), value: l10n.t("{0}, the blob as stored", formatBytes(blobBytes)) }]),
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
    accessibilityLabel: l10n.t("Step: {0}, {1}", spokenStep(shown), layerOfStep(layer)),
  };
}

function stepFacts(step: Layer["step"], shown: ReadableStep | undefined): readonly Fact[] {
  return [
    ...(step?.created === undefined ? [] : [{ name: l10n.t("Created"), value: clockTime(Date.parse(step.created)) }]),
    ...textFact(l10n.t("Author"), step?.author),
    ...textFact(l10n.t("Comment"), step?.comment),
    ...(shown?.buildArgs === undefined
      ? []
      : [{ name: l10n.t("Build arguments"), value: shown.buildArgs, isLiteral: true }]),
  ];
}

function textFact(name: string, value: HistoryStep["author"]): readonly Fact[] {
  return value === undefined || value === "" ? [] : [{ name, value }];
}

function labelOf(step: ReadableStep): string {
  return step.keyword ?? (step.text === "" ? l10n.t("Unrecorded step") : rowText(step.text));
}
