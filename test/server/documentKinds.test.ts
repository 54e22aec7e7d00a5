import assert from "node:assert/strict";
import { test } from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { documentKind } from "../../server/src/documents/documentKind.ts";
import { documentKinds, openDocument } from "../../server/src/documents/documents.ts";
import { requests } from "../../server/src/requests/requests.ts";
import type { Session } from "../../server/src/session.ts";

const notes = documentKind({
  id: "notes",
  matches: (uri) => uri.endsWith(".notes"),
  snapshot: (_session, uri) => Promise.resolve({ document: TextDocument.create(uri, "notes", 1, "one\ntwo") }),
  problems: ({ document }) => [{ span: { start: 0, end: 3 }, line: 0, message: `${document.lineCount} lines` }],
});

/** A session for kinds that don't use it. */
const session = { documents: { get: () => undefined } } as unknown as Session;

test("a document kind gets its documents once it is in the table, without other changes", async () => {
  const open = await openDocument(session, "file:///a.notes", [notes, ...documentKinds]);
  assert.deepEqual(
    open?.problems().map(({ message }) => message),
    ["2 lines"],
  );
  assert.deepEqual([open.reports(), open.hints({ start: 0, end: 7 })], [[], []]);
});

test("each document belongs to one kind", () => {
  const kindOf = (uri: string) => documentKinds.find((kind) => kind.matches(uri))?.id;
  assert.deepEqual(
    {
      dockerfile: kindOf("file:///w/Dockerfile"),
      untitled: kindOf("untitled:Untitled-1"),
      ignoreFile: kindOf("file:///w/app.dockerignore"),
      lintConfig: kindOf("file:///w/.hadolint.yaml"),
    },
    { dockerfile: "dockerfile", untitled: "dockerfile", ignoreFile: "ignoreFile", lintConfig: "lintConfig" },
  );
});

test("each capability is announced by one request", () => {
  const capabilities = requests.flatMap(({ capability }) => Object.keys(capability));
  assert.deepEqual(capabilities, [...new Set(capabilities)]);
});
