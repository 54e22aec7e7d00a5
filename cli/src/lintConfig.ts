import { dirname, relative } from "node:path";
import type { LintConfigFileFact } from "../../dockerfile/facts/fact.ts";
import {
  findLintConfigFile,
  readConfigFile,
  rememberConfigDisk,
  type ConfigDisk,
} from "../../dockerfile/facts/fetch/lintConfigFile.ts";
import { configPlaces } from "../../dockerfile/facts/machine.ts";
import { combineConfigs, noConfig, type LintConfig } from "../../dockerfile/lint/config/lintConfig.ts";
import { remembered } from "../../oci/source/remembered.ts";
import { CommandError } from "./command.ts";
import { printError } from "./output/messages.ts";

/** The configuration of a file. */
export interface AppliedConfig extends LintConfig {
  /** The configuration file that should apply but can't be read; the problem has been reported. */
  readonly unread?: string;
}

/** The configurations of a run. Each file is read once, and its problems are reported once, on standard error. */
export interface LintConfigs {
  /** The configuration for a Dockerfile given by absolute path; undefined for standard input without a name. */
  of(dockerfilePath: string | undefined): Promise<AppliedConfig>;
}

/**
 * Returns the configurations of a run. `given` is the file of `--config`; without it the nearest file applies to each
 * Dockerfile. hadolint's environment variables override either.
 */
export async function lintConfigs(given: string | undefined): Promise<LintConfigs> {
  const fromEnvironment = await configOfEnvironment();
  const byPlace = new Map<string, Promise<AppliedConfig>>();
  const decoded = new Map<string, Promise<AppliedConfig>>();
  const disk = rememberConfigDisk();
  const read = async (found: LintConfigFileFact): Promise<AppliedConfig> => {
    if (found.kind === "none") return noConfig;
    return remembered(decoded, found.path, () => decode(found));
  };
  const find = async (folder: string): Promise<AppliedConfig> => {
    const file = given === undefined ? await nearest(folder, disk) : await named(given);
    const { unread, ...config } = await read(file);
    return { ...combineConfigs([config, fromEnvironment]), ...(unread !== undefined && { unread }) };
  };
  return {
    of(dockerfilePath) {
      const folder = given !== undefined || dockerfilePath === undefined ? "" : dirname(dockerfilePath);
      return remembered(byPlace, folder, () => find(folder));
    },
  };
}

/** hadolint's environment variables. Names of rules are checked only if there are any: that loads all rules. */
async function configOfEnvironment(): Promise<LintConfig> {
  if (!Object.keys(process.env).some((name) => name.toUpperCase().startsWith("HADOLINT_"))) return noConfig;
  const { configFromEnvironment } = await import("../../dockerfile/lint/config/hadolintEnvironment.ts");
  const { config, problems } = configFromEnvironment(process.env);
  for (const problem of problems) printError(problem);
  return config;
}

function nearest(folder: string, disk: ConfigDisk): Promise<LintConfigFileFact> {
  return findLintConfigFile(folder === "" ? undefined : folder, undefined, configPlaces(process.cwd()), disk);
}

/** Reads a file given by name, which must exist. */
async function named(path: string): Promise<LintConfigFileFact> {
  const found = await readConfigFile(path);
  if (found.kind === "file") return found;
  throw new CommandError(
    `the configuration ${path} could not be read: ${found.kind === "none" ? "the file doesn't exist" : found.reason}`,
  );
}

async function decode(found: Exclude<LintConfigFileFact, { kind: "none" }>): Promise<AppliedConfig> {
  const shown = relative(process.cwd(), found.path);
  const path = shown.startsWith("..") ? found.path : shown;
  if (found.kind === "unreadable") {
    printError(`the configuration ${path} could not be read, so it does not apply: ${found.reason}`);
    return { ...noConfig, unread: path };
  }
  const { decodeLintConfig } = await import("../../dockerfile/lint/config/hadolintYaml.ts");
  const { config, problems, isUnread } = decodeLintConfig(found.text);
  for (const { span, line, message } of problems) {
    const column = span.start - (found.text.lastIndexOf("\n", span.start - 1) + 1);
    printError(`${path}:${line + 1}:${column + 1}: ${message}`);
  }
  return isUnread ? { ...config, unread: path } : config;
}
