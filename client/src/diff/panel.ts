import { commands, env, Uri, type WebviewPanel, window } from "vscode";
import type { OciError, Result } from "../../../oci/core/error.ts";
import type { HostToView, RowMenu, ViewToHost } from "../../../media/protocol/messages.ts";
import { packRows } from "../../../media/protocol/packedRows.ts";
import { adviceFor } from "../ui/advice.ts";
import { loadPage, type Page } from "../webview/page.ts";
import { createPanels, type Panels } from "../webview/panels.ts";
import { compare, type CompareHooks, type Comparison } from "./compare.ts";
import { type FindLayerLines, rememberLast } from "./layerLines.ts";
import { PanelParts, type PanelPartsOptions } from "./parts/panelParts.ts";
import { decodeRequest, diffViewType, type DiffRequest, layerChange, requestTitle } from "./side.ts";
import { safeCopy, safeLabel } from "../ui/untrustedText.ts";
import { l10n } from "../ui/l10n.ts";

export interface DiffPanelOptions {
  readonly extensionUri: Uri;
  readonly source: CompareHooks["source"];
  readonly layers: Pick<CompareHooks, "diff" | "list"> & PanelPartsOptions["layers"];
  readonly onRead: CompareHooks["onRead"];
  readonly baseLayerCount: PanelPartsOptions["baseLayerCount"];
  readonly layerLines: FindLayerLines;
  onFailure(error: unknown): void;
}

/** The webviews of the layer diff: one for each compared pair. */
export function createDiffPanels(options: DiffPanelOptions): Panels<DiffRequest> {
  return createPanels({
    viewType: diffViewType,
    title: requestTitle,
    decode: decodeRequest,
    fill: (panel, request, moved) => new DiffPanel(panel, request, { ...options, moved }).start(),
  });
}

type MovingOptions = DiffPanelOptions & { moved(to: DiffRequest): void };

/** One webview. Reads in the background, sends the result, and sends it again when the view is shown again. */
class DiffPanel {
  readonly #page: Page<HostToView>;
  readonly #options: MovingOptions;
  readonly #parts: PanelParts;
  readonly #layerLines: FindLayerLines;
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
    this.#layerLines = rememberLast(options.layerLines);
    this.#parts = new PanelParts({
      ...options,
      layerLines: this.#layerLines,
      request: () => this.#request,
      post: (message) => this.#postIfReady(message),
    });
    panel.onDidDispose(() => (this.#work.abort(), this.#parts.reset()));
    this.#page = loadPage<ViewToHost, HostToView>(panel, {
      extensionUri: options.extensionUri,
      title: l10n.t("Layer diff"),
      script: "layerDiff.js",
      styles: ["codicon.css", "layerDiff.style.css"],
      receive: (message) => this.#receive(message),
    });
  }

  /** Starts the comparison from the beginning, cancelling a running one. */
  start(): void {
    this.#parts.reset();
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
    const { source, layers, onRead } = this.#options;
    const { diff, list } = layers;
    const outcome = await compare(
      this.#request,
      { source, diff, list, onRead, onProgress: (label, fraction) => this.#progress(signal, label, fraction) },
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

  /** Reports a bug: shown as an error and logged, since a view that waits forever would hide it. */
  #failed(error: unknown): void {
    if (this.#work.signal.aborted) return;
    this.#options.onFailure(error);
    this.#post({
      type: "error",
      title: l10n.t("The comparison failed"),
      message: l10n.t("See the Imagewright output for details"),
    });
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
          .then(
            () => window.setStatusBarMessage(safeLabel(l10n.t("Copied /{0}", message.path)), 3000),
            this.#options.onFailure,
          );
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
      case "showWhole":
        return this.#show({
          before: this.#request.before,
          after: this.#request.after,
          ...(message.isWhole && { isWhole: true }),
        });
      case "openPart":
        return this.#parts.open(message.part);
      case "readPart":
        return this.#parts.read(message.part);
      case "search":
        return this.#parts.search(message.text);
      default:
        return message satisfies never;
    }
  }

  /** Shows another layer; the data read about the whole image stays. */
  #showLayer(layerIndex: number): void {
    const { isWhole, after } = this.#request;
    const { sourceId, image, name } = after;
    this.#show({ ...layerChange({ sourceId, image, name }, layerIndex), ...(isWhole && { isWhole }) });
    this.#parts.moved();
  }

  /** Compares other sides in the same panel. */
  #show(request: DiffRequest): void {
    this.#request = request;
    this.#options.moved(request);
    this.#post({ type: "identify", request: this.#request });
    this.#begin();
  }

  /** Opens a row in the same way as its menu does. */
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

  /** Forwards the worker's chunks one at a time: sending all at once would block every other extension. */
  async #sendRows({ header, image, pieces }: Comparison, transfer: number): Promise<void> {
    await this.#page.post({ type: "begin", header });
    for (const rows of pieces) {
      if (transfer !== this.#transfer || this.#work.signal.aborted) return;
      await this.#page.post({ type: "rows", rows: packRows(rows) });
    }
    if (transfer !== this.#transfer) return;
    await this.#page.post({ type: "end" });
    // After the rows: most layers have been read then, and it doesn't delay anything.
    this.#parts.open("waste");
    const origin = await this.#layerLines(this.#request.after.sourceId, image);
    if (origin && transfer === this.#transfer) await this.#page.post({ type: "lines", origin });
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
