import type { LayerClient } from "../../../../oci/layers/client.ts";
import type { HostToView, PartName } from "../../../../media/protocol/messages.ts";
import { adviceFor } from "../../ui/advice.ts";
import type { CompareHooks } from "../compare.ts";
import type { DiffRequest } from "../side.ts";
import { comparisonReport } from "./comparisonReport.ts";
import { duplicatesReport } from "./duplicatesReport.ts";
import { LazyPart } from "./lazyPart.ts";
import { searchReport } from "./searchReport.ts";
import { wasteReport, type WasteHooks } from "./wasteReport.ts";
import { l10n } from "../../ui/l10n.ts";

export interface PanelPartsOptions extends Pick<CompareHooks, "source" | "onRead"> {
  readonly layers: Pick<LayerClient, "waste" | "duplicates" | "aspects" | "search">;
  readonly baseLayerCount: WasteHooks["baseLayerCount"];
  readonly layerLines: WasteHooks["layerLines"];
  /** The current comparison of the panel. */
  request(): DiffRequest;
  post(message: HostToView): void;
  onFailure(error: unknown): void;
}

type ReadPart = Exclude<PartName, "search">;

/** The content of a panel's tabs other than the changes; each is read when it is first shown. */
export class PanelParts {
  readonly #options: PanelPartsOptions;
  readonly #parts: { readonly [Name in ReadPart]: LazyPart<Name> };
  #search = new AbortController();

  constructor(options: PanelPartsOptions) {
    this.#options = options;
    const { source, onRead, baseLayerCount, layerLines, layers, request, post, onFailure } = options;
    const sides = [request().before, request().after];
    const common = { post, onFailure, isFree: sides.every(({ sourceId }) => sourceId !== "registry") };
    this.#parts = {
      waste: new LazyPart({
        ...common,
        name: "waste",
        read: (onProgress, signal) => {
          const hooks = { source, onRead, baseLayerCount, layerLines, waste: layers.waste, onProgress };
          return wasteReport(request().after, hooks, signal);
        },
      }),
      duplicates: new LazyPart({
        ...common,
        name: "duplicates",
        read: (onProgress, signal) =>
          duplicatesReport(request().after, { source, duplicates: layers.duplicates, onProgress }, signal),
      }),
      comparison: new LazyPart({
        ...common,
        name: "comparison",
        read: (onProgress, signal) =>
          comparisonReport(request(), { source, aspects: layers.aspects, onProgress }, signal),
      }),
    };
  }

  /** Called when a tab is shown. */
  open(name: ReadPart): void {
    this.#parts[name].open();
  }

  read(name: ReadPart): void {
    this.#parts[name].read();
  }

  /** Finds paths in all layers and cancels the previous search. */
  search(text: string): void {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    const { source, layers, request, post, onFailure } = this.#options;
    const onProgress = (label: string): void => {
      if (!signal.aborted) post({ type: "partState", part: "search", state: "reading", label });
    };
    const hooks = { source, search: layers.search, onProgress };
    searchReport({ side: request().after, text }, hooks, signal).then(
      (outcome) => {
        if (signal.aborted) return;
        if (outcome.ok) return post({ type: "report", part: "search", report: outcome.value });
        const { title, detail } = adviceFor(outcome.error);
        post({ type: "partError", part: "search", title, message: detail });
      },
      (error: unknown) => {
        if (signal.aborted) return;
        onFailure(error);
        post({
          type: "partError",
          part: "search",
          title: l10n.t("The search failed"),
          message: l10n.t("See the Imagewright output"),
        });
      },
    );
  }

  /** Called when another pair of sides is compared; data about the newer image stays. */
  moved(): void {
    this.#parts.comparison.reset();
  }

  /** Gives up what goes on and forgets what was read. */
  reset(): void {
    this.#search.abort();
    for (const part of Object.values(this.#parts)) part.reset();
  }
}
