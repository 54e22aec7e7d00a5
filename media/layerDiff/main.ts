import type { HostToView, ViewToHost } from "../protocol/messages.ts";
import { Page } from "./page.ts";

/** Provided by VS Code in a webview. @see https://code.visualstudio.com/api/references/vscode-api#WebviewPanel */
declare function acquireVsCodeApi(): {
  postMessage(message: ViewToHost): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const vscode = acquireVsCodeApi();
const page = new Page({
  post: (message) => vscode.postMessage(message),
  keep: (state) => vscode.setState(state),
  kept: vscode.getState(),
});
document.body.append(page.root);
// Only the extension's own frame can post here: VS Code's loader forwards nothing else.
window.addEventListener("message", (event: MessageEvent<HostToView>) => page.receive(event.data));
vscode.postMessage({ type: "ready" });
