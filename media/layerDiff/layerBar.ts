import { formatBytes } from "../../oci/core/bytes.ts";
import type { LayerLines, ViewLayer } from "../protocol/messages.ts";
import { element } from "../grid/element.ts";
import { l10n } from "../protocol/l10n.ts";

/**
 * The layers of the newer side's image as a stacked bar, base first, as wide as the bytes they ship. A click shows what
 * a layer changed.
 */
export class LayerBar {
  readonly root = element("div", {
    class: "layer-bar",
    role: "toolbar",
    "aria-label": l10n.t("Layers, base first"),
    hidden: true,
  });
  readonly #onChoose: (layerIndex: number) => void;
  #layers: readonly ViewLayer[] = [];
  #current: number | undefined;
  #baseLayerCount = 0;
  #origin: LayerLines | undefined;

  constructor(onChoose: (layerIndex: number) => void) {
    this.#onChoose = onChoose;
    this.root.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows the layers. `current` is the layer whose change is shown, if it is the change of a single layer. */
  show(layers: readonly ViewLayer[], current: number | undefined): void {
    this.#layers = layers;
    this.#current = current;
    this.#origin = undefined;
    this.#draw();
  }

  /** Called when the Dockerfile lines of the layers are known. */
  showLines(origin: LayerLines): void {
    this.#origin = origin;
    this.#draw();
  }

  /** Called when all layers have been read; the lowest came with the base image. */
  showRead(layers: readonly ViewLayer[], baseLayerCount: number): void {
    this.#layers = layers;
    this.#baseLayerCount = baseLayerCount;
    this.#draw();
  }

  /** Shows the layer above or below the current one. */
  step(by: 1 | -1): void {
    const next = this.#current === undefined ? undefined : this.#current + by;
    if (next !== undefined && this.#layers[next]) this.#onChoose(next);
  }

  #draw(): void {
    this.root.hidden = this.#layers.length < 2;
    const hadFocus = this.root.contains(document.activeElement);
    const widths = layerWidths(this.#layers);
    const buttons = this.#layers.map((layer, index) => {
      const place = { index, count: this.#layers.length, isBase: index < this.#baseLayerCount };
      const label = layerLabel(layer, { ...place, line: lineText(this.#origin, index) });
      const segment = element("button", {
        type: "button",
        class: `segment${index < this.#baseLayerCount ? " of-base" : ""}`,
        title: label,
        "aria-label": label,
        "aria-current": index === this.#current ? "true" : undefined,
        tabindex: index === (this.#current ?? 0) ? 0 : -1,
        onclick: () => this.#onChoose(index),
      });
      segment.style.flexGrow = String(widths[index] ?? 1);
      return segment;
    });
    this.root.replaceChildren(...buttons);
    if (hadFocus) buttons[this.#current ?? 0]?.focus();
  }

  /** Handles keys like an ARIA toolbar: arrows move, Enter chooses. */
  #key(event: KeyboardEvent): void {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : undefined;
    if (step === undefined || event.ctrlKey || event.metaKey) return;
    const buttons = [...this.root.querySelectorAll("button")];
    const next = buttons[buttons.findIndex((button) => button === document.activeElement) + step];
    if (!next) return;
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
    next.focus();
    event.preventDefault();
  }
}

/** The widths of layers in one unit: the bytes they ship if they are known for all, else the same for all. */
export function layerWidths(layers: readonly ViewLayer[]): readonly number[] {
  const sizes = [
    layers.map(({ content }) => content),
    layers.map(({ blob }) => blob),
    layers.map(({ engine }) => engine),
  ];
  const known = sizes.find((all) => all.every((bytes) => bytes !== undefined));
  const total = known?.reduce<number>((sum, bytes = 0) => sum + bytes, 0) ?? 0;
  return layers.map((_, index) => (known && total > 0 ? (known[index] ?? 0) / total : 1 / layers.length));
}

interface LayerPlace {
  readonly index: number;
  readonly count: number;
  readonly isBase: boolean;
  /** `Dockerfile:12`; empty if unknown. */
  readonly line?: string;
}

/** `Dockerfile:12`, the line that made a layer; empty if unknown. */
export function lineText(origin: LayerLines | undefined, layerIndex: number | undefined): string {
  const line = origin?.lines[layerIndex ?? -1];
  return origin && typeof line === "number" ? `${origin.file}:${line}` : "";
}

/** `Layer 2 of 5, from the base image: 1.48 MB, RUN apt-get update`; `Layer 3 of 5, Dockerfile:12: 12 kB, COPY . .`. */
export function layerLabel({ content, blob, engine, step }: ViewLayer, place: LayerPlace): string {
  const { index, count, isBase, line = "" } = place;
  const bytes = content ?? engine ?? blob;
  const what = [bytes === undefined ? l10n.t("size not read yet") : formatBytes(bytes), step].filter(
    (part) => part !== "",
  );
  const position = isBase
    ? l10n.t("Layer {0} of {1}, from the base image", index + 1, count)
    : l10n.t("Layer {0} of {1}", index + 1, count);
  return `${position}${line && `, ${line}`}: ${what.join(", ")}`;
}
