import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { comparisonReport } from "../../../client/src/diff/parts/comparisonReport.ts";
import { duplicatesReport } from "../../../client/src/diff/parts/duplicatesReport.ts";
import { PanelParts } from "../../../client/src/diff/parts/panelParts.ts";
import { searchReport } from "../../../client/src/diff/parts/searchReport.ts";
import { layerChange, type DiffSide } from "../../../client/src/diff/side.ts";
import { createLayerClient } from "../../../oci/layers/client.ts";
import type { HostToView, SearchReport } from "../../../media/protocol/messages.ts";
import { dockerArchive, type FixtureImage } from "../../rig/images/imageContent.ts";

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), "imagewright-parts-test-"));
after(() => rmSync(folder, { recursive: true }));
const client = createLayerClient({ workerPath: new URL("../../../oci/layers/worker.ts", import.meta.url) });
after(() => client.dispose());

const status = (version: string): string =>
  `Package: bash\nStatus: install ok installed\nVersion: ${version}\nArchitecture: amd64\n\n`;
const older: FixtureImage = {
  layers: [{ "var/lib/dpkg/status": status("5.1"), "opt/a.bin": "x".repeat(50), "etc/motd": "hi" }],
};
const newer: FixtureImage = {
  layers: [
    ...older.layers,
    { "opt/b.bin": "x".repeat(50), "opt/link.bin": { hardLink: "opt/b.bin" }, "etc/.wh.motd": "" },
    { "var/lib/dpkg/status": status("5.2") },
  ],
  config: { Env: ["MODE=new"] },
};

/** Opens images as the panel does: by their source ID. */
async function opened(...images: readonly FixtureImage[]) {
  const sides: DiffSide[] = [];
  const sources = new Map<string, Awaited<ReturnType<typeof open>>>();
  for (const [index, image] of images.entries()) {
    const path = join(folder, `${Math.random()}.tar`);
    writeFileSync(path, await dockerArchive(image, `app:${index + 1}`));
    sources.set(path, await open(path));
    sides.push({ sourceId: path, image: "", name: `app:${index + 1}` });
  }
  const source = (id: string) => Promise.resolve(sources.get(id));
  return { sides, hooks: { source, onProgress: () => undefined } };
}

async function open(path: string) {
  const archive = await client.openArchive(path, signal);
  assert.ok(archive.ok);
  return archive.value;
}

test("a search lists each layer that changed a path, with its change", async () => {
  const { sides, hooks } = await opened(newer);
  const [side] = sides;
  assert.ok(side);
  const found = await searchReport({ side, text: "*motd" }, { ...hooks, search: client.search }, signal);
  assert.ok(found.ok);
  assert.deepEqual(
    found.value.rows.map(({ path, layerIndex, change, size }) => [path, layerIndex, change, size]),
    [
      ["etc/motd", 0, "added", 2],
      ["etc/motd", 1, "removed", undefined],
    ],
  );
  assert.deepEqual([found.value.pathCount, found.value.shownPaths, found.value.unreadCount], [1, 1, 0]);
});

test("files with the same content are one group, and a hard link ships nothing", async () => {
  const { sides, hooks } = await opened(newer);
  const [side] = sides;
  assert.ok(side);
  const found = await duplicatesReport(side, { ...hooks, duplicates: client.duplicates }, signal);
  assert.ok(found.ok);
  const { groups, wastedBytes, notes } = found.value;
  assert.deepEqual(groups, [
    {
      size: 50,
      wastedBytes: 50,
      copyCount: 2,
      copies: [
        { path: "opt/a.bin", layer: 1 },
        { path: "opt/b.bin", layer: 2 },
      ],
    },
  ]);
  assert.deepEqual([wastedBytes, notes], [50, []]);
});

test("two images are compared by packages, configuration, layers and history", async () => {
  const { sides, hooks } = await opened(older, newer);
  const [before, later] = sides;
  assert.ok(before && later);
  const found = await comparisonReport({ before, after: later }, { ...hooks, aspects: client.aspects }, signal);
  assert.ok(found.ok);
  const lines = found.value.sections.map(
    ({ title, lines: all }) =>
      `${title}: ${all.map((line) => `${line.change} ${line.before}→${line.after}`).join(", ")}`,
  );
  assert.deepEqual(lines.slice(0, 3), [
    "Packages: changed 5.1→5.2",
    "Configuration: added →new",
    "Layers: same layer 1→layer 1, added →layer 2, added →layer 3",
  ]);
  assert.match(lines[3] ?? "", /^History: /);
});

test("a layer's change of packages is compared, but not the image's configuration", async () => {
  const { sides, hooks } = await opened(newer);
  const [side] = sides;
  assert.ok(side);
  const titles = async (index: number): Promise<readonly string[]> => {
    const found = await comparisonReport(layerChange(side, index), { ...hooks, aspects: client.aspects }, signal);
    return found.ok ? found.value.sections.map(({ title, lines, note }) => `${title} ${lines.length}, ${note}`) : [];
  };
  assert.deepEqual(await titles(2), ["Packages 1, 1 package before, 1 after"]);
  assert.deepEqual(await titles(1), ["Packages 0, 1 package before, 1 after"]);
});

test("a search that is replaced by another posts nothing more", async () => {
  const { sides, hooks } = await opened(newer);
  const [side] = sides;
  assert.ok(side);
  const reports: SearchReport[] = [];
  const isDone = new Promise<void>((resolve) => {
    const parts = new PanelParts({
      ...hooks,
      layers: client,
      onRead: () => undefined,
      baseLayerCount: () => Promise.resolve(undefined),
      layerLines: () => Promise.resolve(undefined),
      request: () => layerChange(side, 2),
      post: (message: HostToView) => {
        if (message.type !== "report" || message.part !== "search") return;
        reports.push(message.report);
        resolve();
      },
      onFailure: (error) => assert.fail(String(error)),
    });
    parts.search("first");
    parts.search("motd");
  });
  await isDone;
  assert.deepEqual(
    reports.map(({ text }) => text),
    ["motd"],
  );
});

test("every entry of a file system is listed, folders before their content", async () => {
  const { sides, hooks } = await opened(newer);
  const opening = await hooks.source(sides[0]?.sourceId ?? "");
  const image = await opening?.image("", {}, signal);
  assert.ok(opening && image?.ok);
  const paths: string[] = [];
  const listed = await client.list(
    { source: opening.layerSource, image: image.value, layerCount: 1 },
    { onEntries: (entries) => void paths.push(...entries.map(({ path }) => path)) },
    signal,
  );
  assert.deepEqual(paths, ["etc/motd", "opt/a.bin", "var/lib/dpkg/status"]);
  assert.deepEqual(listed, { ok: true, value: 3 });
});
