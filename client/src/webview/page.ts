import { randomBytes } from "node:crypto";
import { env, l10n, Uri, type WebviewPanel } from "vscode";
import { pageHtml } from "./html.ts";

/** A page of ours in `dist/media`. */
export interface PageOptions<ToHost> {
  readonly extensionUri: Uri;
  readonly title: string;
  /** File names in `dist/media`. */
  readonly script: string;
  readonly styles: readonly string[];
  receive(message: ToHost): void;
}

/** A page in its panel, with its messages. */
export interface Page<ToView> {
  /** False if the view is hidden; it reports that it is ready once shown again. */
  post(message: ToView): Thenable<boolean>;
}

/** Loads a page into a panel. It may load only our own files, and gets all data by messages. */
export function loadPage<ToHost, ToView>(
  { webview }: Pick<WebviewPanel, "webview">,
  { extensionUri, title, script, styles, receive }: PageOptions<ToHost>,
): Page<ToView> {
  const files = Uri.joinPath(extensionUri, "dist", "media");
  const address = (name: string): string => webview.asWebviewUri(Uri.joinPath(files, name)).toString();
  webview.options = { enableScripts: true, localResourceRoots: [files] };
  webview.onDidReceiveMessage((message: ToHost) => receive(message));
  webview.html = pageHtml({
    title,
    script: address(script),
    styles: styles.map(address),
    cspSource: webview.cspSource,
    nonce: randomBytes(18).toString("base64"),
    ...(l10n.bundle && { translated: { language: env.language, texts: l10n.bundle } }),
  });
  return { post: (message) => webview.postMessage(message) };
}
