import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { dockerArchive } from "../rig/images/imageContent.ts";
import { legacySave } from "../support/images/archiveFiles.ts";
import { tarOf } from "../support/images/tarBytes.ts";
import { imagewright } from "./run.ts";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
});
after(() => rm(folder, { recursive: true }));

const run = {
  User: "app",
  Env: ["A=1", "PATH=/bin"],
  Entrypoint: ["/init"],
  Cmd: ["serve"],
  Labels: { team: "a" },
  ExposedPorts: { "80/tcp": {} },
  Volumes: { "/data": {} },
  Healthcheck: { Test: ["CMD", "ok"], Interval: 5_000_000_000, Retries: 3 },
};

async function save(name: string, config: object): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, await dockerArchive({ layers: [{ a: "1" }], config: { ...run, ...config } }, "x:1"));
  return path;
}

test("diff compares every setting of the configuration", async () => {
  const a = await save("a.tar", {});
  const b = await save("b.tar", {
    User: "root",
    Env: ["A=2", "B=", "PATH=/bin"],
    Entrypoint: null,
    Cmd: ["serve", "-v"],
    Labels: {},
    ExposedPorts: { "80/tcp": {}, "81/udp": {} },
    Volumes: {},
    Healthcheck: { Test: ["CMD", "ok"], Interval: 6_000_000_000, Timeout: 1, StartPeriod: 2, StartInterval: 3 },
  });
  const { code, stdout } = await imagewright(["diff", "--format", "json", a, b]);
  assert.equal(code, 1);
  const { rows, config } = JSON.parse(stdout);
  assert.deepEqual(rows, []);
  assert.deepEqual(
    config.map(({ name, key, before: was, after: is }: Record<string, unknown>) => [name, key, was, is]),
    [
      ["user", null, "app", "root"],
      ["entrypoint", null, ["/init"], null],
      ["cmd", null, ["serve"], ["serve", "-v"]],
      ["healthcheck.interval", null, 5_000_000_000, 6_000_000_000],
      ["healthcheck.timeout", null, null, 1],
      ["healthcheck.startPeriod", null, null, 2],
      ["healthcheck.startInterval", null, null, 3],
      ["healthcheck.retries", null, 3, null],
      ["env", "A", "1", "2"],
      ["env", "B", null, ""],
      ["labels", "team", "a", null],
      ["ports", "81/udp", null, "81/udp"],
      ["volumes", "/data", "/data", null],
    ],
  );
  const text = await imagewright(["diff", a, b]);
  assert.match(text.stdout, /^configuration\nuser +"app" → "root"\n/);
  assert.match(text.stdout, /labels team +"a" → not set/);
  const same = await imagewright(["diff", a, a]);
  assert.deepEqual([same.code, same.stdout.trim()], [0, "no differences"]);
});

test("a layer that can't be read doesn't hide the others", async () => {
  const files = legacySave({ layers: [{ a: "1" }, { b: "22" }, { c: "333" }], tags: ["x:1"] });
  const good = join(folder, "good.tar");
  await writeFile(good, tarOf(legacySave({ layers: [{ a: "1" }, { b: "2" }, { c: "333" }], tags: ["x:1"] })));
  const [{ Layers: layers }] = JSON.parse(String(files["manifest.json"])) as [{ Layers: string[] }];
  const bad = join(folder, "bad.tar");
  await writeFile(bad, tarOf({ ...files, [layers[1] ?? ""]: Buffer.alloc(2048, "junk") }));
  const listed = await imagewright(["layers", "--format", "json", bad]);
  assert.equal(listed.code, 2);
  assert.match(listed.stderr, /layer 1 \(sha256:[0-9a-f]{64}\) of .*bad\.tar: no tar header.*it is left out/);
  const { layers: told, waste } = JSON.parse(listed.stdout);
  assert.deepEqual(
    told.map(({ contentBytes, problem }: { contentBytes: number | null; problem: { kind: string } | null }) => [
      contentBytes,
      problem?.kind,
    ]),
    [
      [1, undefined],
      [null, "badArchive"],
      [3, undefined],
    ],
  );
  assert.equal(waste.isComplete, false);
  assert.match((await imagewright(["layers", bad])).stdout, /#1 +unreadable/);
  const compared = await imagewright(["diff", "--format", "json", bad, good]);
  assert.equal(compared.code, 2);
  const { rows, unreadable } = JSON.parse(compared.stdout);
  assert.deepEqual(
    rows.map(({ path, change }: { path: string; change: string }) => `${change} ${path}`),
    ["added b"],
  );
  assert.deepEqual(
    unreadable.map(({ side, layer, kind }: { side: string; layer: number; kind: string }) => [side, layer, kind]),
    [["before", 1, "badArchive"]],
  );
});
