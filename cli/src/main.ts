#!/usr/bin/env node
import { join } from "node:path";
import { useBaselineWebAssembly } from "../../dockerfile/baselineWebAssembly.ts";
import { machineEnvironment } from "../../oci/source/machine.ts";
import type { ExitCode } from "./command.ts";
import { commands } from "./commands.ts";
import { runCommand } from "./run.ts";
import { keepCompiledCode, type KeptCode } from "./start/codeCache.ts";
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
});

async function run(): Promise<ExitCode> {
  // Before the code cache, because V8 refuses code that was made with other flags.
  useBaselineWebAssembly();
  const args = process.argv.slice(2);
  const kept = await keptCode(args[0]);
  const code = await runCommand(commands, args, interrupted.signal);
  // Work that only fills caches may be ended at once.
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
  await kept?.store();
  return code;
}

/** Nothing is kept when run from sources, which are being changed, or with Node's switch for its own code cache. */
async function keptCode(command: string | undefined): Promise<KeptCode | undefined> {
  const machine = machineEnvironment();
  const isOff = typeof __dirname !== "string" || Boolean(machine.env["NODE_DISABLE_COMPILE_CACHE"]);
  if (isOff || command === undefined || !commands.has(command)) return undefined;
  const scripts = join(__dirname, "cliChunks");
  return keepCompiledCode({ machine, version: programVersion(), command, scripts });
}
