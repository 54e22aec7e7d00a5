import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { CodeLens } from "vscode-languageserver-protocol/node";
import { codeLenses } from "../../../server/src/features/codeLenses.ts";
import type { Snapshot } from "../../../server/src/documents/dockerfileSnapshot.ts";
import { decodeSettings } from "../../../server/protocol/settings.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";
import { startLspClient, type LspClientOptions } from "../../support/lspClient.ts";

const on = { codeLens: { stages: true } };
const text =
  "FROM scratch AS tests\nCOPY a /\nRUN check\nFROM scratch\nCOPY a /srv/\nRUN serve\nEXPOSE 80\nENV A=1\nCMD x\n";
const hour = 3_600_000;

function built(name: string, createdMs: number, ...createdBy: string[]) {
  return {
    name,
    createdMs,
    layers: [name],
    steps: createdBy.map((step) => ({ createdBy: step, bytes: step.startsWith("COPY") ? 1500 : 0 })),
  };
}

const facts: KnownFacts = [
  [{ kind: "contextFiles" }, { root: "/w", isTruncated: false, files: [file("a", 1500)] }],
  [
    { kind: "lastBuild" },
    {
      images: [
        built(
          "shop:2",
          11.5 * hour,
          "COPY a /srv/ # buildkit",
          "RUN /bin/sh -c serve # buildkit",
          "EXPOSE map[80/tcp:{}]",
        ),
        built("shop:tests", 5 * hour, "COPY a / # buildkit", "RUN /bin/sh -c check # buildkit"),
        built("shop:1", hour, "COPY a /srv/ # buildkit", "RUN /bin/sh -c serve # buildkit", "EXPOSE map[80/tcp:{}]"),
        built("other:1", hour, "RUN /bin/sh -c something else # buildkit"),
      ],
    },
  ],
  [
    { kind: "imageWaste", reference: "shop:2", layers: ["shop:2"] },
    { bytes: 700, byLayers: [] },
  ],
];

function file(path: string, bytes: number) {
  return { path, kind: "file" as const, bytes, isIgnored: false };
}

function titles(of: string, known: KnownFacts, settings: unknown = on): readonly string[] {
  const build = buildOf(of, known);
  const snapshot = { build, settings: decodeSettings(settings) } as Snapshot;
  return codeLenses(snapshot, 12 * hour).map(
    ({ span, title, builds }) =>
      `${of.slice(0, span.start).split("\n").length}: ${title}${builds ? ` ${JSON.stringify(builds)}` : ""}`,
  );
}

test("a stage has what builds it, its size, and the newest image that was built of it", () =>
  assert.deepEqual(titles(text, facts), [
    '1: Build tests {"target":"tests","context":"/w"}',
    "1: total ≥ 1.50 kB + ?",
    "1: shop:tests, built 7 hours ago · 1.50 kB",
    '4: Build image {"context":"/w"}',
    "4: total ≈ 1.50 kB",
    "4: shop:2, built 30 min ago · 1.50 kB · 700 B wasted",
  ]));

test("a stage without a name is built by its number, and an image without a date has no age", () => {
  const undated = built("old:1", 0, "COPY a / # buildkit", "RUN /bin/sh -c check # buildkit");
  const known: KnownFacts = [...facts.slice(0, 1), [{ kind: "lastBuild" }, { images: [undated] }]];
  assert.deepEqual(titles(text.replace(" AS tests", ""), known).slice(0, 3), [
    '1: Build stage 0 {"target":"0","context":"/w"}',
    "1: total ≈ 1.50 kB",
    "1: old:1 · 1.50 kB",
  ]);
});

test("lenses are off by default, and templates and other languages have none", () => {
  assert.deepEqual(titles(text, facts, {}), []);
  assert.deepEqual(titles("FROM {{ base }}\nRUN {% if a %}b{% endif %}\n", facts), []);
});

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "lenses-"));
  await writeFile(join(folder, "a"), "x".repeat(1500));
});
after(() => rm(folder, { recursive: true }));

async function lensesOf(options: LspClientOptions): Promise<readonly CodeLens[]> {
  const client = await startLspClient({ folder, settings: on, ...options });
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  client.open(uri, "FROM scratch AS one\nCOPY a /\nFROM scratch\n");
  const ask = () => client.connection.sendRequest<CodeLens[]>("textDocument/codeLens", { textDocument: { uri } });
  let lenses = await ask();
  // What isn't known at first is announced by refreshes.
  for (let seen = 0; JSON.stringify(lenses).includes("…"); lenses = await ask()) {
    while (client.refreshes === seen) await new Promise((resolve) => setTimeout(resolve, 10));
    seen = client.refreshes;
  }
  await client.stop();
  return lenses;
}

const capabilities = { workspace: { configuration: true, codeLens: { refreshSupport: true } } };

test("an editor with a command for it gets lenses that build, others only texts", { timeout: 120_000 }, async () => {
  const uri = pathToFileURL(join(folder, "Dockerfile")).href;
  const env = { DOCKER_HOST: `unix://${join(folder, "no.sock")}` };
  const lenses = await lensesOf({ env, capabilities, buildCommand: "build.it" });
  assert.deepEqual(
    lenses.map(({ range, command }) => [range.start.line, command]),
    [
      [0, { title: "Build one", command: "build.it", arguments: [{ uri, target: "one", context: folder }] }],
      [0, { title: "total 1.50 kB", command: "" }],
      [2, { title: "Build image", command: "build.it", arguments: [{ uri, context: folder }] }],
      [2, { title: "total 0 B", command: "" }],
    ],
  );
  const texts = [
    await lensesOf({ env, capabilities }),
    await lensesOf({ capabilities, buildCommand: "build.it", trusted: false }),
  ];
  for (const each of texts)
    assert.deepEqual(
      each.map(({ command }) => command?.title),
      ["total 1.50 kB", "total 0 B"],
    );
});
