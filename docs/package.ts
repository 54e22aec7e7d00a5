// npm run package: the VSIX, with only what runs (see .vscodeignore), and what is in it.
import { createVSIX, listFiles, PackageManager } from "@vscode/vsce";
import { execFileSync } from "node:child_process";
import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { name: string; version: string };
const vsix = join(root, `${manifest.name}-${manifest.version}.vsix`);

execFileSync(process.execPath, ["esbuild.mjs", "--production"], { cwd: root, timeout: 120_000, stdio: "inherit" });
await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, allowMissingRepository: true, skipLicense: false });

for (const file of await listFiles({ cwd: root, packageManager: PackageManager.None })) {
  console.log(`${kilobytes(join(root, file)).padStart(10)}  ${file}`);
}
console.log(`${kilobytes(vsix).padStart(10)}  ${vsix}`);

function kilobytes(path: string): string {
  return `${(statSync(path).size / 1000).toFixed(1)} kB`;
}
