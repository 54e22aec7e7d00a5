import { readFile } from "node:fs/promises";
import { decodeLintConfig, type LintConfig } from "../../dockerfile/lint/config.ts";
import { CommandError } from "./command.ts";

/** Severities by rule id from a configuration file; none where no file is given. */
export async function readLintConfig(path: string | undefined): Promise<LintConfig["severities"]> {
  if (path === undefined) return {};
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new CommandError(`the configuration ${path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  const { config: { severities }, problems } = decodeLintConfig(text);
  for (const problem of problems) console.error(`imagewright: ${path}:${problem.line + 1}: ${problem.message}`);
  return severities;
}
