// Measures the targets of the hardening: memory and time that hostile inputs take. IMAGEWRIGHT_BENCH_OLD names another
// checkout with dist/, whose server is measured for comparison.
import { measureArchives } from "./hardening/archives.ts";
import { builds } from "./hardening/builds.ts";
import { measureIgnoreFiles } from "./hardening/ignoreFiles.ts";
import { measureServerMemory } from "./hardening/serverMemory.ts";

for (const build of builds) {
  // A worker of another build may use a different protocol.
  if (build.name === "now") await measureArchives(build);
  await measureIgnoreFiles(build);
  await measureServerMemory(build);
}
