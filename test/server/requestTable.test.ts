import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import {
  createConnection,
  createProtocolConnection,
  HoverRequest,
  InitializeRequest,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
  type Hover,
  type HoverParams,
} from "vscode-languageserver/node";
import { lspRequest } from "../../server/src/requests/request.ts";
import { requests } from "../../server/src/requests/requests.ts";
import { startServer } from "../../server/src/server.ts";

/** Everything that a request needs to be announced and handled: one value in the table. */
const hover = lspRequest<HoverParams, Hover | null>({
  name: () => "hover",
  capability: { hoverProvider: true },
  type: HoverRequest.type,
  failed: () => null,
  answer: (_session, { textDocument }) => Promise.resolve({ contents: `hover of ${textDocument.uri}` }),
});

test("a request is announced and handled once it is in the table, without other changes", async () => {
  const [toServer, toClient] = [new PassThrough(), new PassThrough()];
  startServer(createConnection(ProposedFeatures.all, toServer, toClient), [...requests, hover]);
  const client = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  client.listen();
  const params = { processId: null, rootUri: null, capabilities: {}, workspaceFolders: null };
  const { capabilities } = await client.sendRequest(InitializeRequest.type, params);
  assert.deepEqual(
    { hover: capabilities.hoverProvider, hints: capabilities.inlayHintProvider, rename: capabilities.renameProvider },
    // Preparing renames isn't announced to an editor that doesn't support it.
    { hover: true, hints: {}, rename: true },
  );
  const position = { line: 0, character: 0 };
  const answer = await client.sendRequest(HoverRequest.type, { textDocument: { uri: "file:///a" }, position });
  assert.deepEqual(answer, { contents: "hover of file:///a" });
  client.dispose();
});
