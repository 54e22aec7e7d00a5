import { randomBytes } from "node:crypto";
import { env, Uri, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from "vscode";
import type { OciError, Result } from "../../../oci/core/error.ts";
import { type DiffModel, type HostToView, rowsPerMessage, type ViewToHost } from "../../../media/protocol/messages.ts";
import { adviceFor } from "../ui/advice.ts";
import { compare, type CompareHooks } from "./compare.ts";
import { pageHtml } from "./html.ts";
import { decodeRequest, type DiffRequest, requestTitle } from "./side.ts";

export const diffViewType = "imagewright.layerDiff";

export interface DiffPanels extends WebviewPanelSerializer {
  /** Opens the comparison, or brings it to the front where it is open already. */
  open(request: DiffRequest): void;
  dispose(): void;
}

export interface PanelOptions {
  readonly extensionUri: Uri;
  readonly source: CompareHooks["source"];
  readonly diff: CompareHooks["diff"];
  readonly onRead: CompareHooks["onRead"];
  onFailure(error: unknown): void;
}

/** The layer diff's webviews: one for each pair that is compared. */
export function createDiffPanels(options: PanelOptions): DiffPanels {
  const open = new Map<string, DiffPanel>();
  const show = (panel: WebviewPanel, request: DiffRequest): void => {
    const key = JSON.stringify(request);
    open.set(key, new DiffPanel(panel, request, options));
    panel.onDidDispose(() => open.delete(key));
  };
  return {
    open: (request) => {
      const known = open.get(JSON.stringify(request));
      if (known) return known.reveal();
      show(window.createWebviewPanel(diffViewType, requestTitle(request), ViewColumn.Active), request);
    },
    // After a reload of the window: the view kept the request, the content is read again.
    deserializeWebviewPanel: (panel, state: unknown) => {
      const request = decodeRequest(
        typeof state === "object" && state !== null && "request" in state ? state.request : undefined,
      );
      if (request) show(panel, request);
      else panel.dispose();
      return Promise.resolve();
    },
    dispose: () => {
      for (const panel of [...open.values()]) panel.dispose();
    },
  };
}

/** One webview: reads in the background, tells the view, and tells it again when it comes back from being hidden. */
class DiffPanel {
  readonly #panel: WebviewPanel;
  readonly #request: DiffRequest;
  readonly #options: PanelOptions;
  #work = new AbortController();
  #outcome: Result<DiffModel> | "cancelled" | undefined;
  #isReady = false;
  /** Goes up with each telling, so that an older one that is not through stops. */
  #telling = 0;

  constructor(panel: WebviewPanel, request: DiffRequest, options: PanelOptions) {
    this.#panel = panel;
    this.#request = request;
    this.#options = options;
    const files = Uri.joinPath(options.extensionUri, "dist", "media");
    const address = (name: string): string => panel.webview.asWebviewUri(Uri.joinPath(files, name)).toString();
    panel.webview.options = { enableScripts: true, localResourceRoots: [files] };
    panel.iconPath = Uri.joinPath(options.extensionUri, "media", "icons", "imagewright.png");
    panel.webview.onDidReceiveMessage((message: ViewToHost) => this.#receive(message));
    panel.onDidDispose(() => this.#work.abort());
    panel.webview.html = pageHtml({
      script: address("layerDiff.js"),
      styles: [address("codicon.css"), address("layerDiff.style.css")],
      cspSource: panel.webview.cspSource,
      nonce: randomBytes(18).toString("base64"),
    });
    this.#start();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #start(): void {
    this.#work.abort();
    this.#work = new AbortController();
    this.#outcome = undefined;
    this.#telling++;
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
    this.#tell();
  }

  #progress(signal: AbortSignal, label: string, fraction: number | undefined): void {
    if (!signal.aborted && this.#isReady)
      this.#post({ type: "progress", label, ...(fraction === undefined ? {} : { fraction }) });
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
        return this.#tell();
      case "copyPath":
        env.clipboard
          .writeText(`/${message.path}`)
          .then(() => window.setStatusBarMessage(`Copied /${message.path}`, 3000), this.#options.onFailure);
        return;
      case "cancel":
        this.#work.abort();
        this.#outcome = "cancelled";
        return this.#tell();
      case "retry":
        return this.#start();
      default:
        return message satisfies never;
    }
  }

  #tell(): void {
    if (!this.#isReady || this.#outcome === undefined) return;
    if (this.#outcome === "cancelled") return this.#post({ type: "cancelled" });
    if (!this.#outcome.ok) return this.#tellError(this.#outcome.error);
    this.#tellRows(this.#outcome.value, ++this.#telling).catch(this.#options.onFailure);
  }

  /** Each message is made while the one before is on its way: all at once would hold every other extension up. */
  async #tellRows({ rows, ...header }: DiffModel, telling: number): Promise<void> {
    const { webview } = this.#panel;
    await webview.postMessage({ type: "begin", header } satisfies HostToView);
    for (let first = 0; first < rows.length; first += rowsPerMessage) {
      if (telling !== this.#telling || this.#work.signal.aborted) return;
      await webview.postMessage({ type: "rows", rows: rows.slice(first, first + rowsPerMessage) } satisfies HostToView);
    }
    if (telling === this.#telling) await webview.postMessage({ type: "end" } satisfies HostToView);
  }

  #tellError(error: OciError): void {
    const { title, detail } = adviceFor(error);
    this.#post({ type: "error", title, message: detail });
  }

  #post(message: HostToView): void {
    // False where the view is hidden: it asks again by "ready".
    this.#panel.webview.postMessage(message).then(undefined, this.#options.onFailure);
  }
}
