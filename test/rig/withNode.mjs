// Runs a TypeScript program of this project: node test/rig/withNode.mjs PROGRAM.ts ARGUMENTS… The npm scripts find Node
// 24 first on their PATH, from the npm package `node`. If install scripts are blocked, that package is empty, and an
// older Node reads this file; therefore it is plain JavaScript, and searches for Node 24 itself.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const wantedMajor = 24;
const modules = fileURLToPath(new URL("../../node_modules/", import.meta.url));
const program = process.platform === "win32" ? "node.exe" : "node";

const node = findNode();
if (node === undefined) {
  const cause = existsSync(modules)
    ? "the npm package `node` brings it, but its install script has not run"
    : "node_modules is missing";
  const command = existsSync(modules) ? "npm rebuild node" : "npm ci";
  console.error(
    `This needs Node ${wantedMajor}, and ${process.version} runs: ${cause}. Run\n  ${command}\nand try again.`,
  );
  process.exit(1);
}

// The channel informs the program when this process ends; see lifetime.ts.
const child = spawn(node, process.argv.slice(2), { stdio: ["inherit", "inherit", "inherit", "ipc"] });
// A Ctrl-C also reaches the child, which decides when everything is cleaned up; this process only returns its exit
// status.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(signal === null ? code : 1));
// npm sends a SIGTERM only to its shell, which dies without passing it on.
const parent = process.ppid;
setInterval(() => process.ppid === parent || child.kill("SIGTERM"), 500).unref();

/** This Node if it is recent enough, else one that npm has unpacked, with or without its install script. */
function findNode() {
  if (isNewEnough(process.version)) return process.execPath;
  const nested = [modules, join(modules, "node/node_modules/")].flatMap((folder) =>
    (existsSync(folder) ? readdirSync(folder) : [])
      .filter((name) => /^node(-|$)/.test(name))
      .map((name) => join(folder, name, "bin", program)),
  );
  return nested.find(
    (path) => existsSync(path) && isNewEnough(spawnSync(path, ["--version"], { encoding: "utf8" }).stdout ?? ""),
  );
}

function isNewEnough(version) {
  return Number(/^v(\d+)/.exec(version)?.[1] ?? 0) >= wantedMajor;
}
