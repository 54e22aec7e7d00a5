#!/usr/bin/env node
import { runCommand } from "./run.ts";
import { commands } from "./commands.ts";

// Output to a closed pipe (`| head`) is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const interrupted = new AbortController();
process.once("SIGINT", () => interrupted.abort());
process.once("SIGTERM", () => interrupted.abort());

void runCommand(commands, process.argv.slice(2), interrupted.signal).then((code) => {
  process.exitCode = code;
});
