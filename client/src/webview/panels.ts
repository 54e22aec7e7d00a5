import { type Disposable, ViewColumn, type WebviewPanel, type WebviewPanelSerializer, window } from "vscode";

/** Webview panels of one type: one for each request, restored after the window reloads. */
export interface Panels<Request> extends WebviewPanelSerializer, Disposable {
  /** Opens a panel for the request, or shows the existing one. */
  open(request: Request): void;
}

export interface PanelOptions<Request> {
  readonly viewType: string;
  title(request: Request): string;
  /** The request from the view's stored state; undefined if it isn't valid. */
  decode(kept: unknown): Request | undefined;
  /** Fills a new or a restored panel. `moved` must be called when it shows another request. */
  fill(panel: WebviewPanel, request: Request, moved: (to: Request) => void): void;
}

/** Creates panels. Requests are plain data: equal JSON means the same panel. */
export function createPanels<Request>({ viewType, title, decode, fill }: PanelOptions<Request>): Panels<Request> {
  const open = new Map<string, WebviewPanel>();
  const show = (panel: WebviewPanel, request: Request): void => {
    let key = JSON.stringify(request);
    const forget = (): void => {
      if (open.get(key) === panel) open.delete(key);
    };
    open.set(key, panel);
    panel.onDidDispose(forget);
    fill(panel, request, (to) => {
      forget();
      key = JSON.stringify(to);
      open.set(key, panel);
      panel.title = title(to);
    });
  };
  return {
    open: (request) => {
      const known = open.get(JSON.stringify(request));
      if (known) known.reveal();
      else show(window.createWebviewPanel(viewType, title(request), ViewColumn.Active), request);
    },
    // After the window reloads: the view kept the request, and the content is read again.
    deserializeWebviewPanel: (panel, state: unknown) => {
      const kept = typeof state === "object" && state !== null && "request" in state ? state.request : undefined;
      const request = decode(kept);
      if (request === undefined) panel.dispose();
      else show(panel, request);
      return Promise.resolve();
    },
    dispose: () => {
      for (const panel of [...open.values()]) panel.dispose();
    },
  };
}
