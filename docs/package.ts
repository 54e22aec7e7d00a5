// npm run package: the VSIX, with only what runs (see .vscodeignore). vsce prints what is in it.
import { createVSIX } from "@vscode/vsce";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { name: string; version: string };
const vsix = join(root, `${manifest.name}-${manifest.version}.vsix`);

execFileSync(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, timeout: 120_000, stdio: "inherit" });
// All that is needed of node_modules is in the bundles.
// The pictures of the README are in the package, so its links stay as they are.
await createVSIX({
  cwd: root,
  packagePath: vsix,
  dependencies: false,
  allowMissingRepository: true,
  rewriteRelativeLinks: false,
});
console.log(`${vsix}: ${(statSync(vsix).size / 1000).toFixed(1)} kB`);
// What is packaged is what is measured: the bundles just made.
execFileSync(process.execPath, ["test/bench/startup.bench.ts"], { cwd: root, timeout: 600_000, stdio: "inherit" });
