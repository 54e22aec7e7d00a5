import type { HostToView, ViewToHost } from "../protocol/messages.ts";
import { keepLatest } from "./keepLatest.ts";
import { restoreFocus } from "./restoreFocus.ts";
import { View } from "./view.ts";

/** Provided by VS Code in a webview. @see https://code.visualstudio.com/api/references/vscode-api#WebviewPanel */
declare function acquireVsCodeApi(): {
  postMessage(message: ViewToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const { keep, flush } = keepLatest((state) => vscode.setState(state));
const view = new View({
  // The answer to a message may be an editor in place of this page.
  post: (message) => (flush(), vscode.postMessage(message)),
  keep,
  kept: vscode.getState(),
});
document.body.append(view.root);
restoreFocus(window);
// Only the extension's own frame can post here: VS Code's loader forwards nothing else.
window.addEventListener("message", (event: MessageEvent<HostToView>) => view.receive(event.data));
vscode.postMessage({ type: "ready" });
