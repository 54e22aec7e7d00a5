// Measures the targets of the hardening: memory and time that hostile inputs take. IMAGEWRIGHT_BENCH_OLD names another
// checkout with dist/, whose server is measured for comparison.
import { printFigure } from "./figures.ts";
import { measureArchives } from "./hardening/archives.ts";
import { builds } from "./hardening/builds.ts";
import { measureIgnoreFiles } from "./hardening/ignoreFiles.ts";
import { measureServerMemory } from "./hardening/serverMemory.ts";

/** The targets, with the figures of 0.1.0 where they were measured, by the makers of the inputs that were reported then. */
const targets: readonly (readonly [label: string, limit: string, note: string])[] = [
  ["limit: an archive", "300 MB", "above the idle worker, within 2 s; 0.1.0, as measured then: 7 GB for one of 3.8 kB"],
  ["limit: an ignore file", "100 ms", "for any other request meanwhile"],
  ["limit: edits", "80 MB", "of heap after GC"],
  ["limit: files opened and closed", "20 MB", "of heap more than at the start"],
];

for (const [label, limit, note] of targets) printFigure(label, limit, note);
for (const build of builds) {
  // A worker of another build may use a different protocol.
  if (build.name === "now") await measureArchives(build);
  await measureIgnoreFiles(build);
  await measureServerMemory(build);
}
