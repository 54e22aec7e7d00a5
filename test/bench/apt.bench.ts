// Package indexes of the machine's own Debian mirror: the cost of reading them, and how close predictions come to
// builds of the same day. IMAGEWRIGHT_BENCH_APT selects the cases to build by parts of their names; with
// IMAGEWRIGHT_BENCH_DETAILS set, contributors are listed.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createTextCache } from "../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchAptIndexes } from "../../dockerfile/facts/fetch/apt/indexes.ts";
import { unpackPackages } from "../../dockerfile/facts/fetch/apt/unpack.ts";
import { createMemos } from "../../dockerfile/facts/kinds/aptIndex.ts";
import type { AptBase, AptIndex } from "../../dockerfile/size/apt/base.ts";
import { measuredPackages, type MeasuredPackage } from "../../dockerfile/size/apt/bytes/measuredPackages.ts";
import { predictApt } from "../../dockerfile/size/apt/predict.ts";
import { stageOf } from "../../dockerfile/size/apt/stage.ts";
import { sizeStages } from "../../dockerfile/size/run.ts";
import type { Estimate, LayerSize } from "../../dockerfile/size/estimator.ts";
import { buildOf } from "../support/dockerfile/check.ts";
import { aptBaseOf, unpackDebian, type DebianProfile } from "../rig/images/debianRoot.ts";
import { temporaryDiskFolder, type TemporaryFolder } from "../rig/machine/folders.ts";
import { bytesOfRuns } from "../rig/machine/overlay.ts";
import { measure, print, printFigure } from "./figures.ts";

const { signal } = new AbortController();
const update = "apt-get update";
const install = "apt-get install -y --no-install-recommends";
const removeLists = "rm -rf /var/lib/apt/lists/*";

/** RUNs that build on each other; cases 1 to 5 and 7 of the first study, and others with scripts and byte code. */
const cases: Readonly<Record<string, readonly string[]>> = {
  "curl, then git, python3, git purged": [
    `${update} && ${install} ca-certificates curl && ${removeLists}`,
    `${update} && apt-get install -y git`,
    `set -eux; ${install} python3; ${removeLists} /tmp/*`,
    "apt-get purge -y git",
    "apt-get autoremove -y",
  ],
  "lists only": [update],
  "nginx, vim with recommends": [`${update} && apt-get install -y nginx vim-tiny && ${removeLists}`],
  upgrade: [`${update} && apt-get upgrade -y && ${removeLists}`],
  "gcc, make": [`${update} && ${install} gcc libc6-dev make && ${removeLists}`],
  "gcc, purged again": [
    `${update} && ${install} gcc libc6-dev && apt-get purge -y --auto-remove gcc libc6-dev && ${removeLists}`,
  ],
  "python3, venv": [`${update} && ${install} python3 python3-venv && ${removeLists}`],
  "zsh, iperf3, mosquitto": [`${update} && ${install} zsh iperf3 mosquitto && ${removeLists}`],
  "lighttpd, sqlite, cowsay": [`${update} && ${install} lighttpd sqlite3 cowsay && ${removeLists}`],
  "inkscape's libraries": [`${update} && ${install} libpoppler-glib8 libgtkmm-3.0-1v5 libpotrace0 && ${removeLists}`],
  "wget and jq, documentation removed": [
    `${update} && ${install} wget jq && ${removeLists} /usr/share/doc /usr/share/man /var/log/* /var/cache/debconf/*-old`,
  ],
};

const folder = await temporaryDiskFolder("apt-bench");
try {
  const index = await prepareIndex(folder);
  for (const profile of ["slim", "full"] as const) await benchProfile(folder, profile, index);
} finally {
  await folder.remove();
}

async function prepareIndex({ path }: TemporaryFolder): Promise<AptIndex> {
  const root = join(path, "slim");
  await unpackDebian(root, "slim");
  const base = await aptBaseOf(root);
  const index = await benchIndex(base, join(path, "cache"));
  await benchResolve(base, index);
  return index;
}

async function benchProfile({ path }: TemporaryFolder, profile: DebianProfile, index: AptIndex): Promise<void> {
  const root = join(path, profile);
  if (profile !== "slim") await unpackDebian(root, profile);
  await benchAccuracy(root, profile, index);
}

async function benchIndex(base: AptBase, cacheFolder: string): Promise<AptIndex> {
  const cache = createTextCache(cacheFolder);
  const unpackMs: number[] = [];
  const fetchAll = () =>
    fetchAptIndexes(
      base.sources,
      {
        fetch,
        cache,
        architecture: base.architecture,
        unpack: async (packed, compression) => {
          const start = performance.now();
          const compact = await unpackPackages(packed, compression);
          unpackMs.push(performance.now() - start);
          return compact;
        },
      },
      signal,
    );
  const heapBefore = usedHeap();
  const start = performance.now();
  const { index, failures } = await fetchAll();
  for (const { message } of failures) console.log(message);
  print(
    `fetch ${base.sources.length} suites, first use`,
    performance.now() - start,
    `peak RSS ${mb(process.memoryUsage.rss())}`,
  );
  print(
    "  of that: unpack and parse",
    unpackMs.reduce((a, b) => a + b, 0),
    `${unpackMs.length} files`,
  );
  printFigure("heap of the index", mb(usedHeap() - heapBefore), "after garbage collection");
  const sizes = await Promise.all(
    (await readdir(cacheFolder)).map(async (name) => (await stat(join(cacheFolder, name))).size),
  );
  printFigure("cache on disk", mb(sizes.reduce((a, b) => a + b, 0)), `${sizes.length} files`);
  await measure("index from the cache", 5, async () => void (await fetchAll()));
  return index;
}

async function benchResolve(base: AptBase, index: AptIndex): Promise<void> {
  const measured = measuredPackages();
  await measure("measured packages, parsed", 5, () => void measuredPackages());
  for (const names of ["curl", "ffmpeg imagemagick", "nodejs npm"])
    await measure(
      `predict apt-get install ${names}`,
      9,
      () => void predict(base, index, measured, `${install} ${names}`),
    );
  const misspelt = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? `libcrul${i}` : "curl")).join(" ");
  await measure(
    "predict 500 names, half misspelt",
    5,
    () => void predict(base, index, measured, `${install} ${misspelt}`),
  );
}

async function benchAccuracy(root: string, profile: DebianProfile, index: AptIndex): Promise<void> {
  if (process.getuid?.() !== 0) return console.log("accuracy: builds need root");
  const base = await aptBaseOf(root);
  const errors = { measured: [] as Miss[], typical: [] as Miss[] };
  const wanted = process.env["IMAGEWRIGHT_BENCH_APT"] ?? "";
  for (const [name, runs] of Object.entries(cases).filter(([name]) => name.includes(wanted))) {
    const truths = await bytesOfRuns(root, runs);
    const predicted = predictLines(base, index, measuredPackages(), runs);
    const byKind = predictLines(base, index, new Map(), runs);
    for (const [at, truth] of truths.entries()) {
      const label = runs.length === 1 ? name : `${name}: ${at + 1}`;
      errors.measured.push(compare(`${profile} ${label}`, truth, predicted[at]));
      errors.typical.push(compare("  by kind only", truth, byKind[at]));
    }
  }
  summarize(`${profile}, with measured packages`, errors.measured);
  summarize(`${profile}, by kind only`, errors.typical);
}

function predict(
  base: AptBase,
  index: AptIndex,
  measured: ReadonlyMap<string, MeasuredPackage>,
  command: string,
): unknown {
  const [program = "", ...args] = command.split(" ");
  return predictApt({ commands: [{ program, args }], stage: stageOf(base), index, measured });
}

/** The hints of a Dockerfile with these RUNs. */
function predictLines(
  base: AptBase,
  index: AptIndex,
  measured: ReadonlyMap<string, MeasuredPackage>,
  runs: readonly string[],
): readonly LayerSize[] {
  const { sources, architecture } = base;
  const facts = [
    [{ kind: "aptBase", reference: "debian:12" }, base],
    [
      { kind: "aptIndex", sources, architecture },
      { index, measured, memoOf: createMemos() },
    ],
  ] as const;
  const text = `FROM debian:12\n${runs.map((run) => `RUN ${run}\n`).join("")}`;
  return sizeStages(buildOf(text, facts))[0]?.layers.slice(1) ?? [];
}

/** An error as a share of the true size; undefined without a prediction. */
interface Miss {
  readonly error: number | undefined;
  readonly isOutside: boolean;
}

function compare(name: string, truth: number, size: LayerSize | undefined): Miss {
  if (size?.state === "estimated") return compareEstimate(name, truth, size.estimate);
  const { reason = "", atLeast = 0 } = size?.state === "unknown" ? size : {};
  const isOutside = atLeast > truth;
  printFigure(name, "unknown", `${reason}${isOutside ? ": floor OUTSIDE" : ""}`);
  return { error: undefined, isOutside };
}

function compareEstimate(name: string, truth: number, { low, likely, high, details }: Estimate): Miss {
  const error = (likely - truth) / truth;
  const isOutside = truth < low || truth > high;
  const verdict = isOutside ? ": OUTSIDE" : "";
  printFigure(name, `${(error * 100).toFixed(2)} %`, `built ${mb(truth)}, said ${mb(low)}–${mb(high)}${verdict}`);
  if (process.env["IMAGEWRIGHT_BENCH_DETAILS"])
    for (const { label, bytes } of details?.contributors ?? []) console.log(`    ${label} ${bytes}`);
  return { error: Math.abs(error), isOutside };
}

function summarize(name: string, misses: readonly Miss[]): void {
  const errors = misses.flatMap(({ error }) => error ?? []).sort((a, b) => a - b);
  const percent = (share: number): string =>
    `${((errors[Math.min(errors.length - 1, Math.floor(errors.length * share))] ?? 0) * 100).toFixed(2)} %`;
  const within = (share: number): number => errors.filter((error) => error <= share).length;
  const outside = misses.filter(({ isOutside }) => isOutside).length;
  printFigure(
    name,
    percent(0.5),
    `median of ${misses.length}: ${within(0)} exact, ${within(0.01)} ≤ 1 %, ${within(0.05)} ≤ 5 %, ${misses.length - errors.length} unknown, false certainty ${outside}; p90 ${percent(0.9)}, max ${percent(1)}`,
  );
}

function usedHeap(): number {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function mb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
