// npm run bench: runs every *.bench.ts of this folder and those in it, one after the other, and shows their output.
// Arguments are parts of file names.
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { runCommand } from "../rig/machine/command.ts";
import { projectFolder } from "../rig/machine/project.ts";

/** Generous, because a bench may start an engine and build images. */
const maxBenchMs = 20 * 60_000;

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".bench.ts") && (wanted.length === 0 || wanted.some((part) => path.includes(part))))
  .sort();
if (files.length === 0) console.log(`no bench matches "${wanted.join(" ")}"`);

await runCommand(process.execPath, [join(projectFolder, "esbuild.mjs")], {
  cwd: projectFolder,
  timeoutMs: 120_000,
  output: "inherit",
});
console.log(
  `\nNode ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
);
let failed = 0;
for (const path of files) {
  console.log(`\n== ${basename(path, ".bench.ts")}`);
  await runCommand(process.execPath, [join(import.meta.dirname, path)], {
    cwd: projectFolder,
    timeoutMs: maxBenchMs,
    output: "inherit",
  }).catch((error: unknown) => {
    failed += 1;
    console.log(String(error));
  });
}
process.exit(failed === 0 ? 0 : 1);
