// npm run bench: runs every *.bench.ts next to this file, one after the other, and shows their output. Arguments are
// parts of file names.
import { readdirSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { join } from "node:path";
import { runCommand } from "../rig/machine/command.ts";
import { projectFolder } from "../rig/machine/project.ts";

/** Generous, because a bench may start an engine and build images. */
const maxBenchMs = 20 * 60_000;

const wanted = process.argv.slice(2);
const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(".bench.ts") && (wanted.length === 0 || wanted.some((part) => name.includes(part))))
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
for (const name of files) {
  console.log(`\n== ${name.replace(".bench.ts", "")}`);
  await runCommand(process.execPath, [join(import.meta.dirname, name)], {
    cwd: projectFolder,
    timeoutMs: maxBenchMs,
    output: "inherit",
  }).catch((error: unknown) => {
    failed += 1;
    console.log(String(error));
  });
}
process.exit(failed === 0 ? 0 : 1);
