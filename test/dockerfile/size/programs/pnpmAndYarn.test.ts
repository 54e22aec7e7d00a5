// Lines of pnpm and Yarn, from the text of a Dockerfile to its hints.
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { FactKeyOf } from "../../../../dockerfile/facts/fact.ts";
import { describeLayerSize } from "../../../../dockerfile/size/describe.ts";
import type { NodeInstall } from "../../../../dockerfile/size/node/packageSize.ts";
import { sizeStages } from "../../../../dockerfile/size/run.ts";
import { buildOf, type KnownFacts } from "../../../support/dockerfile/check.ts";

const size = { bytes: 1_000_000, files: 10, packedBytes: 200_000 };
const once = { low: 1, likely: 1, high: 1 };
const install: NodeInstall = {
  packages: [
    { name: "a", version: "1.0.0", size, copies: once },
    { name: "b", version: "2.0.0", size: { ...size, bytes: 3_000_000 }, copies: once },
    { name: "mac", version: "1.0.0", size: { ...size, bytes: 5_000_000 }, copies: { low: 0, likely: 0, high: 0 } },
  ],
  folderCount: 1,
  hiddenLockBytes: 0,
  lockBytes: 50_000,
  scripts: [],
  noted: { low: 1000, likely: 2000, high: 3000 },
};
const ofPnpm = { ...install, packages: install.packages.slice(0, 2) };

const files = ["package.json", "pnpm-lock.yaml", "yarn.lock", ".npmrc"];
const context: KnownFacts[number] = [
  { kind: "contextFiles" },
  {
    root: "/ctx",
    files: files.map((path) => ({ path, kind: "file", bytes: 10, isIgnored: false })),
    isTruncated: false,
  },
];

function factsOf(lock: "pnpm-lock.yaml" | "yarn.lock", omit: FactKeyOf<"nodePackages">["omit"], value: NodeInstall) {
  const base = lock === "yarn.lock" ? {} : { base: "node:20" };
  const key = {
    kind: "nodePackages",
    lock,
    manifest: "package.json",
    configs: [],
    omit,
    libc: "glibc",
    ...base,
  } as const;
  return [key, value] as const;
}

function hint(lines: readonly string[], more: KnownFacts = []) {
  const known: KnownFacts = [
    ...more,
    context,
    factsOf("pnpm-lock.yaml", [], ofPnpm),
    factsOf("pnpm-lock.yaml", ["dev"], { ...ofPnpm, packages: ofPnpm.packages.slice(0, 1) }),
    factsOf("yarn.lock", [], install),
    factsOf("yarn.lock", ["dev"], { ...install, packages: install.packages.slice(0, 1) }),
  ];
  const text = [
    "FROM node:20",
    "ENV CI=true DISABLE_V8_COMPILE_CACHE=1",
    "WORKDIR /app",
    "COPY package.json *lock* ./",
    ...lines,
  ].join("\n");
  const last = sizeStages(buildOf(`${text}\n`, known))
    .flatMap(({ layers }) => layers)
    .at(-1);
  const described = last && describeLayerSize(last);
  return { label: described?.label ?? "", tooltip: described?.tooltip ?? "" };
}

suite("a line of pnpm", () => {
  for (const [line, label] of [
    ["RUN pnpm install --frozen-lockfile", /^≈ 3\.97 MB/],
    ["RUN pnpm i --frozen-lockfile --prod", /^≈ 994 kB/],
    ["RUN NODE_ENV=production pnpm install", /^≈ 994 kB/],
    ["RUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm install --prod", /^≈ 1\.00 MB/],
    ["ENV PNPM_HOME=/pnpm\nRUN --mount=type=cache,target=/pnpm/store pnpm install", /^≈ 4\.00 MB/],
    ["RUN npm i -g pnpm@9 && npm cache clean --force\nRUN pnpm config set store-dir /s && pnpm i", /^≈ 3\.97 MB/],
    ["RUN --mount=type=cache,target=/s pnpm install --store-dir=/s", /^≈ 4\.00 MB/],
  ] as const)
    test(`a line of pnpm shows what its packages take in: ${line}`, () => {
      const { label: shown, tooltip } = hint(line.split("\n"));
      assert.match(shown, label, tooltip);
      assert.match(tooltip, /packages? of pnpm, by the lock file/);
    });

  for (const [why, lines, reason] of [
    ["if it names packages", ["RUN pnpm add a"], /runs `pnpm add a`/],
    ["with an option that isn't followed", ["RUN pnpm install --filter web"], /--filter/],
    [
      "after another install",
      ["RUN pnpm install", "RUN pnpm install --prod"],
      /an earlier line has installed packages/,
    ],
    ["if it only fetches", ["RUN pnpm fetch"], /runs `pnpm fetch`/],
  ] as const)
    test(`a line of pnpm is unknown ${why}`, () => {
      const { label, tooltip } = hint(lines);
      assert.match(label, /\?$/);
      assert.match(tooltip, reason);
    });

  test("a line of pnpm has a floor if corepack may download pnpm first", () => {
    const { label, tooltip } = hint(["RUN corepack enable", "RUN pnpm install --frozen-lockfile"]);
    assert.match(label, /^≥ 3\.\d+ MB \+ \?$/);
    assert.match(tooltip, /corepack may download the package manager first/);
    assert.match(hint(["RUN corepack enable && corepack prepare pnpm@9.1.0", "RUN pnpm i"]).label, /^≈/);
  });

  test("a line of pnpm has a floor if packages run scripts", () => {
    const packages = [{ name: "puppeteer", version: "1.0.0", size, copies: once, hasScript: true } as const];
    const fact = factsOf("pnpm-lock.yaml", [], { ...ofPnpm, packages });
    const { label, tooltip } = hint(["RUN pnpm i"], [fact]);
    assert.match(label, /^≥/);
    assert.match(tooltip, /install script of puppeteer/);
  });
});

test("a line of pnpm may hold what the registry says of pnpm itself", () => {
  const line = "RUN pnpm install --prod --frozen-lockfile";
  const facts: KnownFacts = [context, factsOf("pnpm-lock.yaml", ["dev"], ofPnpm)];
  const label = (more: string): string => {
    const text = `FROM node:20\nWORKDIR /app\nCOPY package.json pnpm-lock.yaml ./\n${line}${more}\n`;
    const last = sizeStages(buildOf(text, facts))[0]?.layers.at(-1);
    return (last && describeLayerSize(last)?.label) ?? "";
  };
  assert.match(label(""), /^≈ 7\.23 MB/);
  assert.match(label(" && rm -rf /root/.cache"), /^≈ 3\.97 MB/);
});

suite("a line of Yarn", () => {
  test("a line of Yarn keeps each package in its cache, packed and unpacked", () => {
    const { label, tooltip } = hint(["RUN yarn install --frozen-lockfile"]);
    // 4 MB in node_modules; 9 MB and three archives in the cache.
    assert.match(label, /^≈ 13\.6 MB/, tooltip);
    assert.match(tooltip, /2 packages of Yarn, by the lock file/);
    assert.match(tooltip, /To save 9\.6\d MB: run yarn cache clean/);
  });

  for (const [line, label] of [
    ["RUN yarn --frozen-lockfile && yarn cache clean", /^≈ 4\.00 MB/],
    ["RUN yarn install --production --frozen-lockfile && yarn cache clean", /^≈ 1\.00 MB/],
    ["ENV NODE_ENV=production\nRUN yarn && rm -rf /usr/local/share/.cache", /^≈ 1\.00 MB/],
    ["ENV NODE_ENV=production\nRUN yarn install --production=false && yarn cache clean", /^≈ 4\.00 MB/],
    ["RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install", /^≈ 4\.00 MB/],
    ["RUN --mount=type=cache,target=/c YARN_CACHE_FOLDER=/c yarn install --cache-folder /c", /^≈ 4\.00 MB/],
  ] as const)
    test(`a line of Yarn has no cache in: ${line}`, () => {
      const { label: shown, tooltip } = hint(line.split("\n"));
      assert.match(shown, label, tooltip);
    });

  for (const [why, lines, reason] of [
    ["if it names packages", ["RUN yarn global add serve"], /runs `yarn global add`|runs `yarn global/],
    ["if it runs a script", ["RUN yarn install && yarn build"], /runs `yarn build`/],
    ["with an option that isn't followed", ["RUN yarn install --flat"], /--flat/],
  ] as const)
    test(`a line of Yarn is unknown ${why}`, () => {
      const { label, tooltip } = hint(lines);
      assert.match(label, /\?$/);
      assert.match(tooltip, reason);
    });
});

suite("a line of corepack", () => {
  test("a line of corepack enable adds no bytes: it makes links", () => {
    assert.equal(hint(["RUN corepack enable"]).label, "0 B");
    assert.equal(hint(["RUN corepack enable pnpm && corepack disable yarn"]).label, "0 B");
  });

  test("a line of corepack enable may hold what Node 22 compiles of it", () => {
    assert.match(hint(["ENV NODE_VERSION=22.1.0", "RUN corepack enable"]).label, /^≈ 141 kB/);
  });

  test("a line of corepack that downloads a package manager is unknown", () => {
    const { label, tooltip } = hint(["RUN corepack enable && corepack prepare pnpm@9.1.0 --activate"]);
    assert.equal(label, "?");
    assert.match(tooltip, /runs `corepack prepare`, which downloads a program/);
  });
});
