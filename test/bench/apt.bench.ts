// Package indexes of the machine's own Debian mirror: what reading them costs, and how near predictions come to builds of this very day.
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createTextCache } from "../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchAptIndexes } from "../../dockerfile/facts/fetch/apt/indexes.ts";
import { unpackPackages } from "../../dockerfile/facts/fetch/apt/unpack.ts";
import type { AptBase, AptIndex } from "../../dockerfile/size/apt/base.ts";
import { measuredPackages, type MeasuredPackage } from "../../dockerfile/size/apt/bytes/measuredPackages.ts";
import { parseSources, type AptSource } from "../../dockerfile/size/apt/index/sources.ts";
import { predictApt, type AptPrediction } from "../../dockerfile/size/apt/predict.ts";
import { readAptBase } from "../../dockerfile/size/apt/readBase.ts";
import { stageOf } from "../../dockerfile/size/apt/stage.ts";
import { baseImageTar } from "../rig/engines/baseImage.ts";
import { runCommand } from "../rig/machine/command.ts";
import { temporaryDiskFolder } from "../rig/machine/folders.ts";
import { bytesOfRun } from "../rig/machine/overlay.ts";
import { measure, print, printFigure } from "./figures.ts";

const { signal } = new AbortController();
const update = "apt-get update";
const install = "apt-get install -y --no-install-recommends";
const removeLists = "rm -rf /var/lib/apt/lists/*";

/** The RUNs that are built; cases 1 to 5 and 7 of the first study, and others with scripts and byte code. */
const cases: Readonly<Record<string, readonly string[]>> = {
  "curl, ca-certificates": [update, `${install} ca-certificates curl`, removeLists],
  "lists only": [update],
  "nginx, vim with recommends": [update, "apt-get install -y nginx vim-tiny", removeLists],
  upgrade: [update, "apt-get upgrade -y", removeLists],
  "gcc, make": [update, `${install} gcc libc6-dev make`, removeLists],
  "gcc, purged again": [
    update,
    `${install} gcc libc6-dev`,
    "apt-get purge -y --auto-remove gcc libc6-dev",
    removeLists,
  ],
  "python3, venv": [update, `${install} python3 python3-venv`, removeLists],
  "zsh, iperf3, mosquitto": [update, `${install} zsh iperf3 mosquitto`, removeLists],
  "lighttpd, sqlite, cowsay": [update, `${install} lighttpd sqlite3 cowsay`, removeLists],
  "inkscape's libraries": [update, `${install} libpoppler-glib8 libgtkmm-3.0-1v5 libpotrace0`, removeLists],
};

const folder = await temporaryDiskFolder("apt-bench");
try {
  const root = await unpackBase(join(folder.path, "root"));
  const base = await readBase(root);
  const index = await benchIndex(base, join(folder.path, "cache"));
  await benchResolve(base, index);
  await benchAccuracy(root, base, index);
} finally {
  await folder.remove();
}

/** The rig's Debian with apt and dpkg as the official slim image has them, and this machine's mirror. */
async function unpackBase(root: string): Promise<string> {
  await mkdir(root, { recursive: true });
  await runCommand("tar", ["-C", root, "-xf", await baseImageTar()], { timeoutMs: 120_000 });
  for (const path of ["var/lib/apt/lists", "var/cache/apt", "var/log/apt"]) {
    await rm(join(root, path), { recursive: true, force: true });
    await mkdir(join(root, path, "partial"), { recursive: true });
  }
  for (const path of ["var/log/dpkg.log", "var/log/alternatives.log", "etc/apt/sources.list"])
    await rm(join(root, path), { force: true });
  const lines = (await machineSources()).map(
    ({ uri, suite, components }) => `deb ${uri} ${suite} ${components.join(" ")}\n`,
  );
  const files: Readonly<Record<string, string>> = {
    "etc/apt/sources.list.d/machine.list": lines.join(""),
    "etc/apt/apt.conf.d/docker-clean":
      'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/*.bin || true"; };\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n',
    "etc/apt/apt.conf.d/docker-lists": 'Acquire::GzipIndexes "true";\nAcquire::Languages "none";\n',
    "etc/dpkg/dpkg.cfg.d/docker":
      ["doc", "info", "locale", "man"].map((name) => `path-exclude /usr/share/${name}/*\n`).join("") +
      "path-include /usr/share/doc/*/copyright\n",
    "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
  };
  for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text, { mode: 0o755 });
  return root;
}

async function machineSources(): Promise<readonly AptSource[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch(() => []);
  const paths = ["/etc/apt/sources.list", ...names.map((name) => join(folder, name))];
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(path, "utf8").catch(() => "")] as const),
  );
  return parseSources(new Map(texts)).filter(({ suite }) => /^bookworm(?:-updates|-security)?$/.test(suite));
}

async function readBase(root: string): Promise<AptBase> {
  const files = new Map<string, Uint8Array>();
  for (const folder of ["/etc/apt/apt.conf.d", "/etc/apt/sources.list.d", "/etc/dpkg/dpkg.cfg.d"])
    for (const name of await readdir(join(root, folder)))
      files.set(`${folder}/${name}`, await readFile(join(root, folder, name)));
  files.set("/var/lib/dpkg/status", await readFile(join(root, "/var/lib/dpkg/status")));
  const base = readAptBase(files);
  if (!base.ok) throw new Error(base.error.message);
  const debconf = ["/var/cache/debconf/config.dat", "/var/cache/debconf/templates.dat"];
  const sizes = debconf.map(async (path) => [path, (await stat(join(root, path))).size] as const);
  return { ...base.value, files: new Map(await Promise.all(sizes)) };
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
      () => void predict(base, index, measured, [`${install} ${names}`]),
    );
  const misspelt = Array.from({ length: 500 }, (_, i) => (i % 2 === 0 ? `libcrul${i}` : "curl")).join(" ");
  await measure(
    "predict 500 names, half misspelt",
    5,
    () => void predict(base, index, measured, [`${install} ${misspelt}`]),
  );
}

async function benchAccuracy(root: string, base: AptBase, index: AptIndex): Promise<void> {
  if (process.getuid?.() !== 0) return console.log("accuracy: builds need root");
  const measured = measuredPackages();
  const errors = { measured: [] as Miss[], typical: [] as Miss[] };
  for (const [name, commands] of Object.entries(cases)) {
    const truth = await bytesOfRun(root, commands.join(" && "));
    errors.measured.push(compare(`${name}`, truth, predict(base, index, measured, commands)));
    errors.typical.push(compare(`  by kind only`, truth, predict(base, index, new Map(), commands)));
  }
  summarize("with measured packages", errors.measured);
  summarize("by kind only", errors.typical);
}

function predict(
  base: AptBase,
  index: AptIndex,
  measured: ReadonlyMap<string, MeasuredPackage>,
  commands: readonly string[],
): AptPrediction {
  const words = commands.map((command) => {
    const [program = "", ...args] = command.split(" ");
    return { program, args };
  });
  return predictApt({ commands: words, stage: stageOf(base), index, measured });
}

/** An error as a share of the truth; undefined where nothing was predicted. */
interface Miss {
  readonly error: number | undefined;
  readonly isOutside: boolean;
}

function compare(name: string, truth: number, it: AptPrediction): Miss {
  if (it.state === "unknown") {
    printFigure(name, "unknown", it.reason);
    return { error: undefined, isOutside: false };
  }
  const error = (it.likely - truth) / truth;
  const isOutside = truth < it.low || truth > it.high;
  const range = `${mb(it.low)}–${mb(it.high)}`;
  printFigure(
    name,
    `${(error * 100).toFixed(2)} %`,
    `built ${mb(truth)}, said ${range}${isOutside ? ": OUTSIDE" : ""}`,
  );
  return { error: Math.abs(error), isOutside };
}

function summarize(name: string, misses: readonly Miss[]): void {
  const errors = misses.flatMap(({ error }) => error ?? []).sort((a, b) => a - b);
  const percent = (share: number): string =>
    `${((errors[Math.min(errors.length - 1, Math.floor(errors.length * share))] ?? 0) * 100).toFixed(2)} %`;
  const outside = misses.filter(({ isOutside }) => isOutside).length;
  printFigure(
    name,
    percent(0.5),
    `median of ${errors.length}; p90 ${percent(0.9)}, max ${percent(1)}, ${misses.length - errors.length} unknown, false certainty ${outside}`,
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
