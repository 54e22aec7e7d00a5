// Lines of npm, from the text of a Dockerfile to its hints.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { FactKeyOf } from "../../../../dockerfile/facts/fact.ts";
import { describeLayerSize } from "../../../../dockerfile/size/describe.ts";
import type { NodeInstall } from "../../../../dockerfile/size/node/packageSize.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { buildOf, type KnownFacts } from "../../../support/dockerfile/check.ts";

const size = { bytes: 1_000_000, files: 10, packedBytes: 200_000, diskBytes: 1_100_000 };
const install: NodeInstall = {
  packages: [
    { name: "a", version: "1.0.0", size },
    { name: "b", version: "2.0.0", size: { ...size, bytes: 3_000_000 } },
  ],
  folderCount: 1,
  hiddenLockBytes: 1000,
  lockBytes: 50_000,
  scripts: [],
};

const files = ["package.json", "package-lock.json", "web/package.json", "web/package-lock.json", "plain/package.json"];

function context(...more: readonly string[]): KnownFacts[number] {
  const listed = [...files, ...more].map((path) => ({ path, kind: "file", bytes: 10, isIgnored: false }));
  return [{ kind: "contextFiles" }, { root: "/ctx", files: listed, isTruncated: false }];
}

type Key = Partial<FactKeyOf<"nodePackages">>;

function installFact(value: NodeInstall, key: Key = {}): KnownFacts[number] {
  const {
    lock = "package-lock.json",
    manifest = "package.json",
    configs = [],
    omit = [],
    libc = "glibc",
    ...rest
  } = key;
  return [{ kind: "nodePackages", lock, manifest, configs, omit, ...rest, libc }, value];
}

interface Case {
  readonly from?: string;
  readonly facts?: KnownFacts;
}

/** The hint of the last line. */
function hint(lines: readonly string[], { from = "node:20-slim", facts }: Case = {}) {
  const known = facts ?? [context(), installFact(install), installFact(install, { omit: ["dev"] })];
  const layers = sizeStages(buildOf(`FROM ${from}\n${lines.join("\n")}\n`, known)).flatMap((stage) => stage.layers);
  const last = layers.at(-1);
  const described = last && describeLayerSize(last);
  return { label: described?.label ?? "", tooltip: described?.tooltip ?? "", layer: last };
}

const copy = ["WORKDIR /app", "COPY package*.json ./"];

suite("a line of npm ci", () => {
  test("a line of npm ci shows what its packages and npm's cache take", () => {
    const { label, tooltip } = hint([...copy, "RUN npm ci"]);
    assert.match(label, /^≈ 4\.40 MB/);
    assert.match(
      tooltip,
      /2 packages of npm, by the lock file; [^\n]*\nMost of it: b 2\.0\.0 3\.00 MB, a 1\.0\.0 1\.00 MB, npm's cache 401 kB/,
    );
    assert.match(tooltip, /Left behind: npm's cache 401 kB\nTo save 401 kB: run npm cache clean --force/);
  });

  for (const line of [
    "RUN npm ci && npm cache clean --force",
    "RUN npm ci --no-audit --loglevel=error; rm -rf /root/.npm /tmp/*",
    "RUN npm ci && rm -rf /root/.npm/_cacache",
    "RUN --mount=type=cache,target=/root/.npm npm ci",
    "RUN npm clean-install --no-fund && rm -rf /root/.npm",
  ])
    test(`a line of npm ci has no cache in: ${line}`, () => {
      const { label, tooltip } = hint([...copy, line]);
      assert.match(label, /^≈ 4\.00 MB/);
      assert.doesNotMatch(tooltip, /Left behind/);
    });

  test("a line of npm ci is found in the folder of the command", () => {
    const web = installFact(install, { lock: "web/package-lock.json", manifest: "web/package.json" });
    const { label } = hint(["COPY . /src", "RUN cd /src/web && npm ci"], { facts: [context(), web] });
    assert.match(label, /^≈ 4\.40 MB/);
  });

  for (const [why, lines] of [
    ["--omit=dev", [...copy, "RUN npm ci --omit=dev"]],
    ["--production", [...copy, "RUN npm ci --production"]],
    ["--only=production", [...copy, "RUN npm ci --only=production"]],
    ["ENV NODE_ENV", ["ENV NODE_ENV=production", ...copy, "RUN npm ci"]],
    ["NODE_ENV of the command", [...copy, "RUN NODE_ENV=production npm ci"]],
  ] as const)
    test(`a line of npm ci leaves out development packages by ${why}`, () => {
      const facts = [context(), installFact(install, { omit: ["dev"] })];
      assert.match(hint(lines, { facts }).label, /^≈ 4\.40 MB/);
    });

  test("a line of npm ci installs development packages that are asked for", () => {
    const lines = ["ENV NODE_ENV=production", ...copy, "RUN npm ci --include=dev"];
    assert.match(hint(lines, { facts: [context(), installFact(install)] }).label, /^≈ 4\.40 MB/);
  });

  test("a line of npm ci is for musl on Alpine", () => {
    const facts = [context(), installFact(install, { libc: "musl" })];
    assert.match(hint([...copy, "RUN npm ci"], { from: "node:20-alpine", facts }).label, /^≈ 4\.40 MB/);
  });

  test("a line of npm ci is for the platform that is built for", () => {
    const facts = [context(), installFact(install, { cpu: "arm64" })];
    const build = buildOf(`FROM node:20\n${[...copy, "RUN npm ci"].join("\n")}\n`, facts, { platform: "linux/arm64" });
    assert.equal(sizeStages(build)[0]?.layers.at(-1)?.state, "estimated");
  });

  test("a line of npm ci counts the lock file that npm install writes again", () => {
    const [clean, rewriting] = ["ci", "install"].map((action) => hint([...copy, `RUN npm ${action}`]).layer);
    assert.ok(clean?.state === "estimated" && rewriting?.state === "estimated");
    assert.equal(rewriting.estimate.likely - clean.estimate.likely, install.lockBytes);
  });

  test("a line of npm ci is sized after settings that change nothing of what is installed", () => {
    const lines = [...copy, "RUN npm set registry https://npm.example && npm config set fund=false", "RUN npm ci"];
    assert.match(hint(lines).label, /^≈ 4\.\d+ MB/);
  });

  test("a line of npm ci says that a base image that isn't known may set NODE_ENV", () => {
    const { tooltip } = hint([...copy, "RUN npm ci"]);
    assert.match(tooltip, /by the lock file; the base image is taken to set no NODE_ENV/);
    const set = hint(["ENV NODE_ENV=production", ...copy, "RUN npm ci"]).tooltip;
    assert.match(set, /by the lock file\n/);
  });

  test("a line of npm ci may find its packages in the cache of an earlier line", () => {
    const { layer } = hint([...copy, "RUN npm ci --omit=dev", "RUN npm ci"]);
    assert.ok(layer?.state === "estimated");
    assert.ok(layer.estimate.low < 4_010_000 && layer.estimate.high > 4_400_000);
  });

  test("a line of npm ci has disk space where the engine counts that", () => {
    const { layer } = hint([...copy, "RUN npm ci && npm cache clean --force"]);
    const disk = layer?.state === "estimated" ? layer.estimate.disk : undefined;
    // Two packages, node_modules, and npm's lock file in it.
    assert.ok(disk && disk.likely > 2_200_000 + 2 * 4096 && disk.likely < 2_250_000, JSON.stringify(disk));
  });

  test("a line of npm ci may hold what Node 22 compiles of npm", () => {
    const { layer } = hint([...copy, "RUN npm ci"], { from: "node:22" });
    const removed = hint([...copy, "RUN npm ci && rm -rf /tmp/*"], { from: "node:22" }).layer;
    assert.ok(layer?.state === "estimated" && removed?.state === "estimated");
    assert.ok(layer.estimate.likely - removed.estimate.likely > 1_000_000);
  });
});

suite("a line of npm has a floor", () => {
  const scripted = { ...install, packages: [{ name: "puppeteer", version: "1.0.0", hasScript: true, size } as const] };
  for (const [why, lines, facts, reason] of [
    ["if it runs a script of the project", [...copy, "RUN npm ci && npm run build"], undefined, /runs `npm run build`/],
    [
      "if packages run scripts",
      [...copy, "RUN npm ci"],
      [context(), installFact(scripted)],
      /install script of puppeteer/,
    ],
    [
      "if the project has a script for it",
      [...copy, "RUN npm ci"],
      [context(), installFact({ ...install, scripts: ["postinstall"] })],
      /the project's own script `postinstall`/,
    ],
    [
      "if a size is missing",
      [...copy, "RUN npm ci"],
      [context(), installFact({ ...install, missing: "npm.example isn't contacted" })],
      /npm\.example isn't contacted/,
    ],
    ["beside another program", [...copy, "RUN npm ci && make"], undefined, /runs `make`/],
  ] as const)
    test(`a line of npm has a floor ${why}`, () => {
      const { label, tooltip } = hint([...lines], facts && { facts });
      assert.match(label, /^≥ [\d.]+ MB \+ \?$/, tooltip);
      assert.match(tooltip, reason);
    });

  test("a line of npm has a number, not a floor, if scripts are ignored", () => {
    const facts = [context(), installFact({ ...scripted, scripts: ["prepare"] })];
    assert.match(hint([...copy, "RUN npm ci --ignore-scripts"], { facts }).label, /^≈/);
  });
});

suite("a line of npm is unknown", () => {
  for (const [why, lines, reason] of [
    ["without a lock file", ["WORKDIR /app", "COPY plain/package.json ./", "RUN npm install"], /no package-lock\.json/],
    ["without a project", ["WORKDIR /app", "RUN npm ci"], /no package\.json/],
    ["for packages that it names", [...copy, "RUN npm install express"], /`npm install express`/],
    ["for global packages", ["RUN npm install -g pm2"], /npm/],
    ["with an option that isn't followed", [...copy, "RUN npm ci --install-strategy=nested"], /--install-strategy/],
    ["with another cache", ["ENV npm_config_cache=/c", ...copy, "RUN npm ci"], /npm_config_cache/],
    ["where node_modules is a mount", [...copy, "RUN --mount=type=cache,target=/app/node_modules npm ci"], /a mount/],
    ["if it removes packages", [...copy, "RUN npm ci && rm -rf node_modules/a/test"], /removes some of node_modules/],
    [
      "after a setting",
      [...copy, "RUN npm config set omit dev", "RUN npm ci"],
      /an earlier line changes npm's settings/,
    ],
    ["if it prunes packages", [...copy, "RUN npm ci && npm prune --omit=dev"], /npm/],
  ] as const)
    test(`a line of npm is unknown ${why}`, () => {
      const { label, tooltip } = hint([...lines]);
      assert.equal(label, "?", tooltip);
      assert.match(tooltip, reason);
    });
});
