// Lists of Python packages, installed by pip from the index that it is configured with, and predicted before. PIP_PYTHON
// names the Pythons to install for, with spaces between (python3 by default).
import { mkdtemp, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createTextCache } from "../../../dockerfile/facts/fetch/apt/cache.ts";
import { fetchPipPackages } from "../../../dockerfile/facts/fetch/python/pipPackages.ts";
import type { FactKeyOf } from "../../../dockerfile/facts/fact.ts";
import { predictPip } from "../../../dockerfile/size/python/predict.ts";
import { runCommand } from "../../rig/machine/command.ts";
import { temporaryDiskFolder } from "../../rig/machine/folders.ts";
import { unusedRegistrySource } from "../../support/dockerfile/factStore.ts";
import { printFigure } from "../figures.ts";

const lists = [
  "flask==3.0.3 gunicorn==22.0.0",
  "requests",
  "fastapi uvicorn[standard]",
  "django==5.0.6 psycopg2-binary",
  "flask==2.3.3 gunicorn==21.2.0 psycopg2-binary==2.9.9",
  "fastapi==0.110.0 uvicorn[standard]==0.29.0 sqlalchemy==2.0.29 alembic==1.13.1",
  "django==4.2.11 djangorestframework==3.15.1 celery==5.3.6 redis==5.0.3",
  "boto3==1.34.70 requests==2.31.0",
  "numpy pandas",
  "black==24.3.0 pytest==8.1.1 mypy==1.9.0",
  "pyramid==2.0.2 waitress==3.0.0",
  "bottle==0.12.25 cheroot==10.0.0",
];

interface Python {
  readonly program: string;
  readonly version: readonly [number, number];
  readonly index: string;
}

const facts = `
import sys
from pip._internal.models.index import PyPI
from pip._internal.configuration import Configuration
c = Configuration(isolated=False); c.load()
print(sys.version_info[0], sys.version_info[1], dict(c.items()).get("global.index-url", PyPI.simple_url))
`;

async function pythonOf(program: string): Promise<Python> {
  const stdout = await runCommand(program, ["-c", facts], { timeoutMs: 60_000 });
  const [major = "", minor = "", index = ""] = stdout.trim().split(" ");
  return { program, version: [Number(major), Number(minor)], index };
}

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}

const folder = await temporaryDiskFolder("pip-bench");
const cache = createTextCache(join(folder.path, "cache"));

async function predict(requests: readonly string[], { version, index }: Python) {
  const key: FactKeyOf<"pipPackages"> = {
    kind: "pipPackages",
    target: { version, machine: "x86_64", libc: ["glibc", [2, 28]] },
    requests,
    requirementFiles: [],
    constraintFiles: [],
    defaultIndex: index,
    extraIndexes: [],
    installed: [],
    upgrades: false,
    takesPrereleases: false,
    ignoresDependencies: false,
  };
  const registries = { fetch, whyNot: () => undefined, source: unusedRegistrySource };
  return fetchPipPackages(
    key,
    { contextRoot: folder.path },
    { registries, packageCache: cache },
    new AbortController().signal,
  );
}

async function benchList(list: string, python: Python): Promise<number | undefined> {
  const requests = list.split(" ");
  const fact = await predict(requests, python);
  const missing = fact.state === "known" ? fact.value.missing : fact.state;
  if (fact.state !== "known" || missing !== undefined) {
    printFigure(list, "?", missing ?? "");
    return undefined;
  }
  const target = { version: python.version, machine: "x86_64", libc: ["glibc", [2, 28]] as const };
  const base = { target, sitePackages: "", interpreter: python.program, pipVersion: "24", installed: [], settings: [] };
  const { files, byteCode } = predictPip(fact.value, {
    base: { ...base, hasByteCode: true },
    compiles: true,
    keepsCache: false,
  });
  const prefix = await mkdtemp(join(folder.path, "prefix-"));
  const options = ["--no-cache-dir", "--ignore-installed", "--only-binary=:all:", "--prefix", prefix];
  await runCommand(python.program, ["-m", "pip", "install", "-q", ...options, ...requests], { timeoutMs: 300_000 });
  const truth = await bytesIn(prefix);
  const error = (files.likely + byteCode.likely) / truth - 1;
  const isFalse = truth < files.low + byteCode.low || truth > files.high + byteCode.high;
  const note = `${fact.value.packages.length} packages, ${(truth / 1e6).toFixed(1)} MB${isFalse ? ", OUTSIDE THE RANGE" : ""}`;
  printFigure(list.slice(0, 48), `${(error * 100).toFixed(2)} %`, note);
  return Math.abs(error);
}

try {
  for (const program of (process.env["PIP_PYTHON"] ?? "python3").split(" ")) {
    const python = await pythonOf(program);
    console.log(`Python ${python.version.join(".")}`);
    const errors: number[] = [];
    for (const list of lists) errors.push(...[(await benchList(list, python)) ?? []].flat());
    errors.sort((a, b) => a - b);
    const median = errors[Math.floor(errors.length / 2)] ?? 0;
    printFigure(
      "median error",
      `${(median * 100).toFixed(2)} %`,
      `largest ${((errors.at(-1) ?? 0) * 100).toFixed(2)} %`,
    );
  }
} finally {
  await folder.remove();
}
