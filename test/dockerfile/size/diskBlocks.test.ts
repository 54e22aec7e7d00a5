import assert from "node:assert/strict";
import { test } from "node:test";
import { describeLayerSize, describeTotal } from "../../../dockerfile/size/describe.ts";
import { sizeStages } from "../../../dockerfile/size/run.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const file = (path: string, bytes: number) => ({ path, kind: "file", bytes, isIgnored: false });
const folder = (path: string) => ({ path, kind: "directory", bytes: 0, isIgnored: false });
const context = [
  file("package.json", 13),
  folder("src"),
  file("src/a.js", 5000),
  file("src/b.js", 100),
  folder("src/deep"),
  file("src/deep/c.js", 1),
];
const base = { bytes: 40_960, unit: "disk", id: "sha256:0", user: "", env: [], workingDir: "" };
const facts: KnownFacts = [
  [{ kind: "contextFiles" }, { root: "/ctx", files: context, isTruncated: false }],
  [{ kind: "baseImage", reference: "base:1" }, base],
];

/** Counted by Docker 28.5 with the containerd store on ext4 for these lines on 2026-11-30, in blocks of 4 KiB. */
const truth: readonly (readonly [line: string, blocks: number])[] = [
  ["FROM base:1", 10],
  ["COPY package.json /", 2],
  ["COPY package.json /one", 2],
  ["WORKDIR /srv/app", 3],
  ["COPY package.json ./", 4],
  ["COPY src src/", 9],
  ["COPY package.json src ./", 8],
  ["COPY <<E /x/y/z\nhello\nE", 4],
];

const text = truth.map(([line]) => `${line}\n`).join("");

test("on an engine that counts disk blocks, every line is counted in blocks", () => {
  const [stage] = sizeStages(buildOf(text, facts));
  const likely = stage?.layers.map((size) => (size.state === "estimated" ? size.estimate.likely / 4096 : size.state));
  assert.deepEqual(
    likely,
    truth.map(([, blocks]) => blocks),
  );
  assert.deepEqual(stage?.unit, "disk");
});

test("the label of a line in blocks isn't exact, and the tooltip names the unit", () => {
  const [stage] = sizeStages(buildOf("FROM base:1\nCOPY package.json /\n", facts));
  const copy = stage?.layers[1];
  const described = copy && describeLayerSize(copy);
  assert.equal(described?.label, "≈ 8.19 kB");
  assert.match(described.tooltip, /^4,096 to 12,288 bytes of disk space, computed: /);
  assert.match(stage ? describeTotal(stage).tooltip : "", /bytes of disk space, including the base image/);
});

test("a file that an earlier line already put there may not be in the layer", () => {
  const [stage] = sizeStages(buildOf("FROM base:1\nCOPY package.json /\nCOPY package.json /\n", facts));
  const again = stage?.layers[2];
  assert.ok(again?.state === "estimated");
  assert.equal(again.estimate.low, 0);
});

test("a size known only in another unit is unknown", () => {
  const [, second] = sizeStages(
    buildOf("FROM base:1\nFROM other:1\n", [
      ...facts,
      [
        { kind: "baseImage", reference: "other:1" },
        { ...base, bytes: 5000, unit: "content" },
      ],
    ]),
  );
  const [from] = second?.layers ?? [];
  assert.equal(
    from?.state === "unknown" && from.reason,
    "only known as 5.00 kB of files, and this engine counts disk space",
  );
});

/** Counted by Docker 28.5 with the containerd store on ext4 for lines like these on 2026-11-21, in blocks of 4 KiB. */
const runs: readonly (readonly [line: string, blocks: number])[] = [
  ["RUN true", 1],
  ["RUN dd if=/dev/zero of=/big bs=1M count=20", 5121],
  ["RUN fallocate -l 10M /falloc", 2561],
  ["RUN truncate -s 50M /sparse", 12801],
  ["RUN head -c 123456 /dev/urandom > /head.bin", 32],
  ["RUN echo a > /opt/a && cat /opt/a > /opt/b", 4],
  ["RUN ln -s /opt/a /opt/c", 2],
  ["RUN rm -rf /var/lib/apt/lists/*", 5],
];

for (const [line, blocks] of runs)
  test(`the file commands of a RUN are counted in blocks: ${line}`, () => {
    const [stage] = sizeStages(buildOf(`FROM base:1\n${line}\n`, facts));
    const size = stage?.layers[1];
    assert.equal(size?.state === "estimated" && size.estimate.likely / 4096, blocks);
  });

test("a file that RUN wrote as it was may not be in the layer", () => {
  const lines = ["FROM base:1", "RUN truncate -s 3M /a && truncate -s 4096 /b", "RUN chown 1000 /a && echo 1 >> /b"];
  const size = sizeStages(buildOf(`${lines.join("\n")}\n`, facts))[0]?.layers[2];
  assert.ok(size?.state === "estimated");
  const { low, likely, high } = size.estimate;
  assert.deepEqual([low, likely, high], [2 * 4096, 3 * 1024 ** 2 + 3 * 4096, 3 * 1024 ** 2 + 4 * 4096]);
});

test("a RUN with commands that aren't followed has no number of blocks", () => {
  const size = sizeStages(buildOf("FROM base:1\nRUN make && echo 1 > /a\n", facts))[0]?.layers[1];
  assert.equal(size?.state, "unknown");
});
