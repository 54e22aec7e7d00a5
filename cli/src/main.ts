#!/usr/bin/env node
import { machineEnvironment } from "../../oci/source/machine.ts";
import { keepCompiledCode } from "./codeCache.ts";
import type { ExitCode } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommand } from "./run.ts";
import { programVersion } from "./version.ts";

// Output to a closed pipe (`| head`) is not a failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const interrupted = new AbortController();
const interrupt = (): void => interrupted.abort();
process.once("SIGINT", interrupt);
process.once("SIGTERM", interrupt);

void run().then((code) => {
  process.exitCode = code;
  // Work that only fills the cache may be ended at once.
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
});

async function run(): Promise<ExitCode> {
  // What runs from sources is being changed.
  if (typeof __dirname === "string") await keepCompiledCode(machineEnvironment(), programVersion());
  return runCommand(commands, process.argv.slice(2), interrupted.signal);
}
