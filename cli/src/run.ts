import { parseArgs } from "node:util";
import {
  CommandError,
  exitCodes,
  type Arguments,
  type Command,
  type Commands,
  type ExitCode,
  type Option,
} from "./command.ts";
import { printError } from "./output/messages.ts";
import { ownEntry } from "../../oci/core/ownEntry.ts";
import { programVersion } from "./version.ts";

/** Runs the command that `argv` names; prints the usage if there is none. */
export async function runCommand(commands: Commands, argv: readonly string[], signal: AbortSignal): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || helpWords.has(name)) {
    console.log(overview(await Promise.all([...commands.values()].map((load) => load()))));
    return name === undefined ? exitCodes.failed : exitCodes.clean;
  }
  if (name === "--version" || name === "-V") {
    console.log(programVersion());
    return exitCodes.clean;
  }
  const load = commands.get(name);
  if (!load) return fail(`unknown command "${name}"; expected one of ${[...commands.keys()].join(", ")}`);
  const command = await load();
  if (rest.some((word) => word !== "help" && helpWords.has(word))) {
    console.log(help(command));
    return exitCodes.clean;
  }
  try {
    return await command.run(parse(command, rest), signal);
  } catch (error) {
    return fail(signal.aborted ? "interrupted" : reasonOf(error));
  }
}

const helpWords: ReadonlySet<string> = new Set(["--help", "-h", "help"]);

/** The reason of a failure; for a bug, everything that helps to find it. */
function reasonOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function parse(command: Command, argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: command.options, allowPositionals: true });
    const value = (name: string): unknown => ownEntry(values, name);
    return {
      positionals,
      flag: (name) => value(name) === true,
      option: (name) => {
        const found = value(name);
        return typeof found === "string" ? found : undefined;
      },
      list: (name) => {
        const found = value(name);
        return Array.isArray(found) ? found.map(String) : [];
      },
    };
  } catch (error) {
    throw new CommandError(`${optionProblem(String(error))}\n\n${help(command)}`);
  }
}

/** The problem that `parseArgs` reports, in fewer words: `unknown option --loud`. */
function optionProblem(error: string): string {
  const [, unknown] = / Unknown option '([^']+)'/.exec(error) ?? [];
  if (unknown !== undefined) return `unknown option ${unknown}`;
  const [, option, problem] = /(--[\w-]+)(?: <value>)?' (argument|does not take an argument)/.exec(error) ?? [];
  if (option === undefined) return error;
  return problem === "argument" ? `${option} needs a value` : `${option} takes no value`;
}

function fail(message: string): ExitCode {
  printError(message);
  return exitCodes.failed;
}

function overview(commands: readonly Command[]): string {
  const width = Math.max(...commands.map(({ name, operands }) => name.length + operands.length + 1));
  const lines = commands.map(({ name, operands, summary }) => `  ${`${name} ${operands}`.padEnd(width)}  ${summary}`);
  return `Usage: imagewright COMMAND …\n\n${lines.join("\n")}\n\nimagewright COMMAND --help lists its options, imagewright --version prints the version. Exit codes: 0 clean, 1 something found, 2 failed.`;
}

function help({ name, operands, summary, options }: Command): string {
  const rows = Object.entries(options).map(([option, row]) => [optionUsage(option, row), row.help] as const);
  const width = Math.max(...rows.map(([usage]) => usage.length));
  const lines = rows.map(([usage, meaning]) => `  ${usage.padEnd(width)}  ${meaning}`);
  const usage = ["imagewright", name, operands, "[options]"].filter((part) => part !== "").join(" ");
  return `Usage: ${usage}\n\n${summary}\n\n${lines.join("\n")}`;
}

/** `-f, --format FORMAT`. */
function optionUsage(name: string, option: Option): string {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  return `${short}--${name}${option.type === "string" ? ` ${option.value}` : ""}`;
}
