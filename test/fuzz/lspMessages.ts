import { ResponseError } from "vscode-languageserver-protocol/node";
import { startLspClient } from "../support/lspClient.ts";
import type { Target } from "./target.ts";

const uri = "file:///fuzz/Dockerfile";
const textDocument = { uri };
const position = { line: 0, character: 3 };
const messages: readonly { readonly method: string; readonly params: unknown }[] = [
  { method: "textDocument/hover", params: { textDocument, position } },
  { method: "textDocument/completion", params: { textDocument, position } },
  { method: "textDocument/rename", params: { textDocument, position, newName: "b" } },
  { method: "textDocument/inlayHint", params: { textDocument, range: { start: position, end: position } } },
  {
    method: "textDocument/codeAction",
    params: { textDocument, range: { start: position, end: position }, context: { diagnostics: [] } },
  },
  { method: "textDocument/diagnostic", params: { textDocument, previousResultId: "x" } },
  { method: "workspace/executeCommand", params: { command: "imagewright.pin", arguments: [{ uri, mode: "check" }] } },
];

/**
 * Requests to a real server, as a broken or hostile editor may send them. An error is a valid response; silence isn't.
 */
export async function lspMessages(): Promise<Target> {
  const client = await startLspClient({ trusted: false });
  client.open(uri, "FROM debian:latest AS a\nCOPY --from=a x /\n");
  return {
    seeds: messages.map((message) => Buffer.from(JSON.stringify(message))),
    words: ["null", "-1", "1e9", "{}", "[]", '"__proto__"', uri, ".dockerignore", ".hadolint.yaml", "%00", "\\u0000"],
    async run(input) {
      const message = readMessage(input);
      if (!message) return;
      await client.connection.sendRequest(message.method, message.params).catch((error: unknown) => {
        if (!(error instanceof ResponseError)) throw error;
      });
      if ((await client.diagnostics(uri)).length === 0) throw new Error("the server lost the document");
    },
    stop: () => client.stop(),
  };
}

function readMessage(input: Buffer): { readonly method: string; readonly params: object } | undefined {
  try {
    const { method, params } = JSON.parse(input.toString("utf8")) as {
      readonly method?: unknown;
      readonly params?: unknown;
    };
    const isSent = typeof method === "string" && typeof params === "object" && params !== null;
    // Ends the server, as intended.
    return isSent && !/^(?:shutdown|exit|initialize)/.test(method) ? { method, params } : undefined;
  } catch {
    return undefined;
  }
}
