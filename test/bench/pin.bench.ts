// `imagewright pin` on a workspace: 500 files with 2,000 references to 100 images, in a registry that responds after 50
// ms.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadHclReader } from "../../references/hclGrammar.ts";
import { compose } from "../../references/in/compose.ts";
import { projectFolder } from "../rig/machine/project.ts";
import { startTagRegistry, type TagRegistry, type TagRegistryOptions } from "../support/registry/tagRegistry.ts";
import { measure, printFigure } from "./figures.ts";

const latencyMs = 50;
const fileCount = 500;
const imageCount = 100;
// The number of requests of either method that a registry gets at a time.
const lanes = 4;

const folder = await mkdtemp(join(tmpdir(), "bench-pin-"));
try {
  const registry = await startTagRegistry({ latencyMs });
  await writeWorkspace(registry.host);
  console.log(`${fileCount} files, ${fileCount * 4} references, ${imageCount} images, ${latencyMs} ms`);
  await run("pin --write", registry, ["--write"], "at most 200 requests, 2 s, 120 MB");
  await run("check, nothing moved", registry, ["--check"], "100 requests, 2 s, 120 MB");
  await run("update, nothing moved", registry, ["--update"], "100 requests");
  await registry.stop();

  const limited = await startTagRegistry({ latencyMs, answer: oneRefusal() });
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  await writeWorkspace(limited.host, `127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const start = performance.now();
  let lastMs = 0;
  const watching = setInterval(() => {
    if (limited.requests.length > 0 && limited.requests.length !== seen) lastMs = performance.now() - start;
    seen = limited.requests.length;
  }, 20);
  let seen = 0;
  await run("pin --write, one 429, one silent registry", limited, ["--write"], "the silent one takes its 15 s, once");
  clearInterval(watching);
  printFigure("  last answer of the other registry after", `${(lastMs / 1000).toFixed(1)} s`, "at most 5 s");
  await limited.stop();
  silent.closeAllConnections();
  silent.close();
} finally {
  await rm(folder, { recursive: true });
}

await measureCompose();

/** Reads a Compose file of 10,000 lines, in CPU time, because the machine may be busy. */
async function measureCompose(): Promise<void> {
  const service = (index: number): string => `  s${index}:\n    image: "nginx:1.${index}"\n    ports:\n      - "80"\n`;
  const text = `services:\n${Array.from({ length: 2500 }, (_, index) => service(index)).join("")}`;
  await measure("Compose of 10,000 lines, CPU time; at most 500 ms", 5, async () => {
    const before = process.cpuUsage();
    const { references } = await compose.find(text, { comments: "obey", loadHcl: loadHclReader });
    if (references.length !== 2500) throw new Error("images are missing");
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
}

/** Rejects the 50th request for a second. */
function oneRefusal(): NonNullable<TagRegistryOptions["answer"]> {
  return (_, response, count) => {
    if (count !== 50) return false;
    response.writeHead(429, { "retry-after": "1" }).end();
    return true;
  };
}

async function writeWorkspace(host: string, other?: string): Promise<void> {
  for (let index = 0; index < fileCount; index++) {
    const image = (n: number): string => `${host}/bench/image${(index * 4 + n * 7) % imageCount}:1`;
    // Every fortieth file also names an image of the other registry.
    const extra = other !== undefined && index % 40 === 0 ? `FROM ${other}/silent/image${index}:1\n` : "";
    const text = `${extra}FROM ${image(0)} AS a\nFROM ${image(1)} AS b\nCOPY --from=${image(2)} /x /x\nRUN --mount=from=${image(3)},target=/m true\n`;
    await mkdir(join(folder, `p${index}`), { recursive: true });
    await writeFile(join(folder, `p${index}`, "Dockerfile"), text);
  }
}

async function run(label: string, registry: TagRegistry, args: readonly string[], target: string): Promise<void> {
  const before = registry.requests.length;
  const start = performance.now();
  const { maxMb, cpuS } = await runCli(args);
  const seconds = (performance.now() - start) / 1000;
  const asked = registry.requests.slice(before);
  const heads = asked.filter((line) => line.startsWith("HEAD")).length;
  printFigure(label, `${seconds.toFixed(1)} s`, target);
  printFigure("  requests", String(asked.length), `${heads} HEAD, ${asked.length - heads} GET`);
  const waitS = ((Math.max(heads, asked.length - heads) / lanes) * latencyMs) / 1000;
  printFigure(
    "  waiting for the registry",
    `${waitS.toFixed(1)} s`,
    `at least: ${lanes} of each method at a time, ${latencyMs} ms each`,
  );
  printFigure("  memory", `${maxMb.toFixed(0)} MB`, `peak; ${cpuS.toFixed(1)} s of CPU time`);
  const pinned = await readFile(join(folder, "p7", "Dockerfile"), "utf8");
  if (args.includes("--write") && pinned.split("@sha256:").length !== 5) throw new Error(`not pinned:\n${pinned}`);
}

/** Memory and CPU time as reported by the process itself at its end. */
function runCli(args: readonly string[]): Promise<{ readonly maxMb: number; readonly cpuS: number }> {
  const report =
    "data:text/javascript,process.on('exit',()=>{const u=process.resourceUsage();process.stderr.write(`\\nUSED ${u.maxRSS} ${u.userCPUTime+u.systemCPUTime}`)})";
  const cli = join(projectFolder, "dist", "cli.js");
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ["--import", report, cli, "pin", ...args, "--quiet", folder],
      { env: { ...process.env, HOME: folder, DOCKER_HOST: "unix:///nowhere.sock" }, maxBuffer: 64 * 1024 * 1024 },
      (error, _, stderr) => {
        const used = /USED (\d+) (\d+)/.exec(stderr);
        if (!used) return reject(error ?? new Error(stderr));
        resolve({ maxMb: Number(used[1]) / 1024, cpuS: Number(used[2]) / 1e6 });
      },
    );
  });
}
