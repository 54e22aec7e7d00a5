import { commands, env, Uri, type WebviewPanel, window } from "vscode";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { HostToView, RowMenu, ViewToHost } from "../../../media/protocol/messages.ts";
import { adviceFor } from "../ui/advice.ts";
import { loadPage, type Page } from "../webview/page.ts";
import { createPanels, type Panels } from "../webview/panels.ts";
import { compare, type CompareHooks, type Comparison } from "./compare.ts";
import { WastePart } from "./wastePart.ts";
import type { WasteHooks } from "./wasteReport.ts";
import { decodeRequest, diffViewType, type DiffRequest, layerChange, requestTitle } from "./side.ts";
import { safeCopy, safeLabel } from "../ui/untrustedText.ts";

export interface DiffPanelOptions {
  readonly extensionUri: Uri;
  readonly source: CompareHooks["source"];
  readonly diff: CompareHooks["diff"];
  readonly onRead: CompareHooks["onRead"];
  readonly waste: WasteHooks["waste"];
  readonly baseLayerCount: WasteHooks["baseLayerCount"];
  onFailure(error: unknown): void;
}

/** The layer diff's webviews: one for each pair that is compared. */
export function createDiffPanels(options: DiffPanelOptions): Panels<DiffRequest> {
  return createPanels({
    viewType: diffViewType,
    title: requestTitle,
    decode: decodeRequest,
    fill: (panel, request, moved) => new DiffPanel(panel, request, { ...options, moved }).start(),
  });
}

type MovingOptions = DiffPanelOptions & { moved(to: DiffRequest): void };

/** One webview: reads in the background, sends the outcome, and sends it again when the view comes back from being hidden. */
class DiffPanel {
  readonly #page: Page<HostToView>;
  readonly #options: MovingOptions;
  readonly #waste: WastePart;
  #request: DiffRequest;
  #work = new AbortController();
  #outcome: Result<Comparison> | "cancelled" | undefined;
  #isReady = false;
  /** Incremented per transfer; a stale transfer sees it and stops. */
  #transfer = 0;

  constructor(panel: WebviewPanel, request: DiffRequest, options: MovingOptions) {
    this.#request = request;
    this.#options = options;
    panel.iconPath = Uri.joinPath(options.extensionUri, "media", "icons", "imagewright.png");
    this.#waste = new WastePart({ ...options, side: request.after, post: (message) => this.#postIfReady(message) });
    panel.onDidDispose(() => (this.#work.abort(), this.#waste.reset()));
    this.#page = loadPage<ViewToHost, HostToView>(panel, {
      extensionUri: options.extensionUri,
      title: "Layer diff",
      script: "layerDiff.js",
      styles: ["codicon.css", "layerDiff.style.css"],
      receive: (message) => this.#receive(message),
    });
  }

  /** Compares from the start; what was going on is given up. */
  start(): void {
    this.#waste.reset();
    this.#begin();
  }

  #begin(): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#outcome = undefined;
    this.#transfer++;
    this.#compare(this.#work.signal).catch((error: unknown) => this.#failed(error));
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { source, diff, onRead } = this.#options;
    const outcome = await compare(
      this.#request,
      { source, diff, onRead, onProgress: (label, fraction) => this.#progress(signal, label, fraction) },
      signal,
    );
    if (signal.aborted) return;
    this.#outcome = outcome;
    this.#send();
  }

  #progress(signal: AbortSignal, label: string, fraction: number | undefined): void {
    if (!signal.aborted)
      this.#postIfReady({ type: "progress", label, ...(fraction === undefined ? {} : { fraction }) });
  }

  /** A bug: shown as an error and logged, since a view that waits for ever tells nobody. */
  #failed(error: unknown): void {
    if (this.#work.signal.aborted) return;
    this.#options.onFailure(error);
    this.#post({ type: "error", title: "The comparison failed", message: "The output of Imagewright says more" });
  }

  #receive(message: ViewToHost): void {
    switch (message.type) {
      case "ready":
        this.#isReady = true;
        this.#post({ type: "identify", request: this.#request });
        return this.#send();
      case "copyPath":
        env.clipboard
          .writeText(safeCopy(`/${message.path}`))
          .then(() => window.setStatusBarMessage(safeLabel(`Copied /${message.path}`), 3000), this.#options.onFailure);
        return;
      case "showLayer":
        return this.#showLayer(message.layerIndex);
      case "openRow":
        return this.#openRow(message.row);
      case "cancel":
        this.#work.abort();
        this.#outcome = "cancelled";
        return this.#send();
      case "retry":
        return this.start();
      case "readWaste":
        return this.#waste.read();
      default:
        return message satisfies never;
    }
  }

  /** What the image wastes stays as it is. */
  #showLayer(layerIndex: number): void {
    const { sourceId, image, name } = this.#request.after;
    this.#request = layerChange({ sourceId, image, name }, layerIndex);
    this.#options.moved(this.#request);
    this.#post({ type: "identify", request: this.#request });
    this.#begin();
  }

  /** As the menu does it, which says the same of a row. */
  #openRow(row: RowMenu): void {
    const command = row.hasBefore && row.hasAfter ? "imagewright.layerFile.compare" : "imagewright.layerFile.open";
    commands.executeCommand(command, { ...row, request: this.#request }).then(undefined, this.#options.onFailure);
  }

  #send(): void {
    if (!this.#isReady || this.#outcome === undefined) return;
    if (this.#outcome === "cancelled") return this.#post({ type: "cancelled" });
    if (!this.#outcome.ok) return this.#sendError(this.#outcome.error);
    this.#sendRows(this.#outcome.value, ++this.#transfer).catch(this.#options.onFailure);
  }

  /** Forwards the worker's pieces, each made while the one before is on its way: all at once would hold every other extension up. */
  async #sendRows({ header, pieces }: Comparison, transfer: number): Promise<void> {
    await this.#page.post({ type: "begin", header });
    for (const rows of pieces) {
      if (transfer !== this.#transfer || this.#work.signal.aborted) return;
      await this.#page.post({ type: "rows", rows });
    }
    if (transfer !== this.#transfer) return;
    await this.#page.post({ type: "end" });
    // Behind the rows: most of the layers are read by now, and nobody waits for it.
    if (this.#waste.isFree) this.#waste.read();
    this.#waste.tell();
  }

  #sendError(error: OciError): void {
    const { title, detail } = adviceFor(error);
    this.#post({ type: "error", title, message: detail });
  }

  #postIfReady(message: HostToView): void {
    if (this.#isReady) this.#post(message);
  }

  #post(message: HostToView): void {
    this.#page.post(message).then(undefined, this.#options.onFailure);
  }
}
