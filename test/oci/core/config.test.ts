import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import { decodeConfig } from "../../../oci/core/config.ts";
import { chainIds, parseDigest, type DiffId } from "../../../oci/core/digest.ts";
import { pairHistory, type HistoryStep, type PairedHistory } from "../../../oci/core/history.ts";

const diffId = (letter: string): string => `sha256:${letter.repeat(64)}`;

test("a config is decoded completely", () => {
  const decoded = decodeConfig("test", {
    os: "linux",
    architecture: "arm64",
    variant: "v8",
    created: "2024-01-01T00:00:00Z",
    config: {
      User: "app",
      Env: ["A=1"],
      Cmd: ["sh"],
      Entrypoint: "run",
      ExposedPorts: { "80/tcp": {} },
      Labels: { a: "b" },
      Healthcheck: { Test: ["CMD", "x"] },
      WorkingDir: "/w",
    },
    rootfs: { type: "layers", diff_ids: [diffId("a")] },
    history: [{ created_by: "ADD x /" }, { created_by: "CMD sh", empty_layer: true }],
  });
  assert.ok(decoded.ok);
  assert.deepEqual(decoded.value, {
    platform: { os: "linux", architecture: "arm64", variant: "v8" },
    created: "2024-01-01T00:00:00Z",
    user: "app",
    env: ["A=1"],
    entrypoint: ["run"],
    cmd: ["sh"],
    workingDir: "/w",
    exposedPorts: ["80/tcp"],
    volumes: [],
    labels: { a: "b" },
    healthcheck: ["CMD", "x"],
    onBuild: [],
    diffIds: [diffId("a")],
    history: [
      { createdBy: "ADD x /", isEmptyLayer: false },
      { createdBy: "CMD sh", isEmptyLayer: true },
    ],
  });
});

test("null and absent config members are empty", () => {
  const nulls = {
    os: null,
    config: {
      Env: null,
      Cmd: null,
      Entrypoint: null,
      ExposedPorts: null,
      Volumes: null,
      Labels: null,
      OnBuild: null,
      Healthcheck: null,
      User: null,
    },
    rootfs: { diff_ids: null },
    history: null,
  };
  const decoded = decodeConfig("test", nulls);
  const absent = decodeConfig("test", { rootfs: {} });
  assert.ok(decoded.ok && absent.ok);
  assert.deepEqual(decoded.value, absent.value);
  assert.deepEqual(decoded.value.platform, { os: "unknown", architecture: "unknown" });
});

test("an invalid config member is reported with its path", () => {
  const message = (value: unknown): string => {
    const decoded = decodeConfig("test", value);
    return decoded.ok ? "" : decoded.error.message;
  };
  assert.equal(
    message({ rootfs: {}, history: [{}, { created_by: 3 }] }),
    "config.history[1].created_by: expected a string",
  );
  assert.equal(
    message({ rootfs: { diff_ids: [diffId("a"), "x"] } }),
    "config.rootfs.diff_ids[1]: expected a digest like sha256:<64 hex digits>",
  );
  assert.match(message({}), /config\.rootfs: expected the list of layers/);
  assert.match(message(3), /config: expected an object/);
});

test("a chain ID is the hash of the chain below and the layer", () => {
  const hash = (text: string): string => createHash("sha256").update(text).digest("hex");
  const ids = ["a", "b", "c"].map((letter) => parseDigest(diffId(letter)) as DiffId);
  const second = `sha256:${hash(`${diffId("a")} ${diffId("b")}`)}`;
  assert.deepEqual(chainIds(ids, hash), [diffId("a"), second, `sha256:${hash(`${second} ${diffId("c")}`)}`]);
  assert.deepEqual(chainIds([], hash), []);
});

/** `text` is a step with a flag unless it ends in `?`; `!` marks one that made no layer. */
function steps(...texts: readonly string[]): readonly HistoryStep[] {
  return texts.map((text) =>
    text.endsWith("?")
      ? { createdBy: text.slice(0, -1) }
      : { createdBy: text.replace(/!$/, ""), isEmptyLayer: text.endsWith("!") },
  );
}

function print({ pairing, layers, emptyStepsAfter }: PairedHistory): string {
  const before = layers.map(
    ({ step, emptyStepsBefore }) =>
      `${emptyStepsBefore.map(({ createdBy }) => `(${createdBy}) `).join("")}${step?.createdBy ?? "-"}`,
  );
  return `${pairing}: ${[...before, ...emptyStepsAfter.map(({ createdBy }) => `(${createdBy})`)].join(" | ")}`;
}

/** Lists the newest step first, as an engine does. */
function pairNewestFirst(newestFirst: readonly HistoryStep[], layerCount: number): PairedHistory {
  return pairHistory([...newestFirst].reverse(), layerCount);
}

test("history is paired exactly by flags", () => {
  assert.equal(
    print(pairHistory(steps("ADD", "CMD!", "ENV!", "RUN", "USER!"), 2)),
    "exact: ADD | (CMD) (ENV) RUN | (USER)",
  );
  assert.equal(print(pairHistory(steps("ENV!"), 0)), "exact: (ENV)");
  assert.equal(print(pairHistory([], 0)), "exact: ");
});

test("history is not paired if counts don't match", () => {
  assert.equal(print(pairHistory(steps("ADD", "RUN"), 3)), "none: - | - | -");
  assert.equal(print(pairHistory(steps("ADD", "RUN"), 1)), "none: -");
  assert.equal(print(pairHistory([], 2)), "none: - | -");
});

test("an engine's history is paired by its texts if only one pairing is possible", () => {
  const classic = steps(
    '/bin/sh -c #(nop)  CMD ["a"]?',
    "/bin/sh -c make?",
    "|1 A=b /bin/sh -c make more?",
    "/bin/sh -c #(nop) COPY file:1 in / ?",
    "/bin/sh -c #(nop)  ENV A=b?",
  );
  assert.match(
    print(pairNewestFirst(classic, 3)),
    /^inferred: \(.*ENV A=b\) .*COPY.* \| \|1 .* \| \/bin\/sh -c make \| \(.*CMD/,
  );
  const buildkit = steps(
    'ENTRYPOINT ["/x"]?',
    "COPY a /a # buildkit?",
    "WORKDIR /w?",
    "RUN |1 V=1 /bin/sh -c make # buildkit?",
    "# debian.sh --arch 'amd64'?",
  );
  assert.match(print(pairNewestFirst(buildkit, 4)), /^inferred: # debian\.sh .* \| RUN .* \| WORKDIR \/w \| COPY/);
});

test("a RUN that may not have changed anything leaves the pairing open", () => {
  assert.equal(print(pairNewestFirst(steps("RUN a?", "RUN b?", "COPY x /?"), 2)), "none: - | -");
  assert.equal(
    print(pairNewestFirst(steps("RUN a?", "RUN b?", "COPY x /?"), 1)),
    "inferred: COPY x / | (RUN b) | (RUN a)",
  );
});

test("bytes counted by the engine prove that a step made a layer", () => {
  const newestFirst = [
    { createdBy: "RUN b", engineBytes: 0 },
    { createdBy: "RUN a", engineBytes: 5 },
    { createdBy: "COPY x /", engineBytes: 0 },
  ];
  assert.equal(print(pairNewestFirst(newestFirst, 2)), "inferred: COPY x / | RUN a | (RUN b)");
});

test("decoding a config never throws, and pairing assigns each layer to one row", () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => void decodeConfig("test", value)));
  const step = fc.record({
    createdBy: fc.string(),
    isEmptyLayer: fc.option(fc.boolean(), { nil: undefined }),
  }) as fc.Arbitrary<HistoryStep>;
  fc.assert(
    fc.property(fc.array(step), fc.nat(5), (history, count) =>
      assert.equal(pairHistory(history, count).layers.length, count),
    ),
  );
});
