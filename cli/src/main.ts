#!/usr/bin/env node
import { runCommand } from "./run.ts";
import { commands } from "./commands.ts";

// Output to a closed pipe (`| head`) is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const interrupted = new AbortController();
const interrupt = (): void => interrupted.abort();
process.once("SIGINT", interrupt);
process.once("SIGTERM", interrupt);

void runCommand(commands, process.argv.slice(2), interrupted.signal).then((code) => {
  process.exitCode = code;
  // Work that only fills the cache may be ended at once.
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
});
