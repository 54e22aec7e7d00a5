import assert from "node:assert/strict";
import { test } from "node:test";
import { TextDocument } from "vscode-languageserver-textdocument";
import { inlayHints } from "../../../server/src/features/inlayHints.ts";
import type { Snapshot } from "../../../server/src/documents/dockerfileSnapshot.ts";
import { decodeSettings } from "../../../server/protocol/settings.ts";
import { toInlayHint } from "../../../server/src/toLsp.ts";
import { toCodeLens } from "../../../server/src/toLsp/codeLens.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

const text = "FROM debian:12\nCOPY a /srv/a\nRUN make\nENV A=1\nRUN edited since\n";
const document = TextDocument.create("file:///w/Dockerfile", "dockerfile", 1, text);

test("a hint leads to the layer that its line made in the last build, unless the line was edited since", () => {
  const layers = ["sha256:base", "sha256:copy", "sha256:make", "sha256:last"];
  const steps = [
    { createdBy: "ADD rootfs /", layerIndex: 0 },
    { createdBy: "COPY a /srv/a # buildkit", layerIndex: 1 },
    { createdBy: "RUN /bin/sh -c make # buildkit", layerIndex: 2 },
    { createdBy: "ENV A=1" },
    { createdBy: "RUN /bin/sh -c as it was # buildkit", layerIndex: 3 },
  ];
  const build = buildOf(text, [[{ kind: "lastBuild" }, { images: [{ name: "app:1", layers, steps }] }]]);
  const snapshot = { file: build.file, build, settings: decodeSettings({}) } as Snapshot;
  const hints = inlayHints(snapshot, { start: 0, end: text.length });
  const layersOfLines = hints.flatMap(({ offset, builtLayer }) =>
    builtLayer ? [`${document.positionAt(offset).line + 1}: ${builtLayer.image} ${builtLayer.diffId}`] : [],
  );
  assert.deepEqual(layersOfLines, ["2: app:1 sha256:copy", "3: app:1 sha256:make"]);
});

test("hints and lenses run an editor's command for layers, and are only texts without one", () => {
  const builtLayer = { image: "app:1", diffId: "sha256:copy" };
  const hint = { offset: 3, label: "1 kB", tooltip: "as measured", builtLayer };
  assert.deepEqual(toInlayHint(document, hint, "show.it").label, [
    {
      value: "1 kB",
      command: { title: "Show Changes in This Layer", command: "show.it", arguments: [builtLayer] },
    },
  ]);
  assert.equal(toInlayHint(document, hint, undefined).label, "1 kB");
  const lens = { span: { start: 0, end: 4 }, title: "app:1, built 5 min ago", shows: { image: "app:1" } };
  const commandOf = (showLayer: string | undefined) => toCodeLens(document, lens, { build: undefined, showLayer })[0];
  assert.deepEqual(commandOf("show.it")?.command, {
    title: "app:1, built 5 min ago",
    command: "show.it",
    arguments: [{ image: "app:1" }],
  });
  assert.deepEqual(commandOf(undefined)?.command, { title: "app:1, built 5 min ago", command: "" });
});
