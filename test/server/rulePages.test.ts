import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startLspClient, type LspClientOptions } from "../support/lspClient.ts";

const uri = "file:///work/Dockerfile";
const showsPages = { textDocument: { publishDiagnostics: { codeDescriptionSupport: true } } };

async function pageOf(options: LspClientOptions): Promise<string | undefined> {
  const client = await startLspClient(options);
  client.open(uri, "FROM debian:latest\n");
  const [found] = await client.diagnostics(uri);
  await client.stop();
  assert.equal(found?.code, "latest-tag");
  return found.codeDescription?.href;
}

test("a finding links to the page of its rule, which comes with the server", async () => {
  const page = await pageOf({ capabilities: showsPages });
  assert.match(await readFile(fileURLToPath(page ?? ""), "utf8"), /^# latest-tag$/m);
});

test("an editor that opens pages in its own way provides the URL", async () => {
  const page = await pageOf({ capabilities: showsPages, rulePages: "imagewright-docs:/rules/" });
  assert.equal(page, "imagewright-docs:/rules/latest-tag.md");
});

test("an editor that doesn't show links gets none", async () => {
  assert.equal(await pageOf({ capabilities: {} }), undefined);
});
