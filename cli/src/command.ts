import type { ParseArgsConfig } from "node:util";
import type { OciError } from "../../oci/core/error.ts";

/** Exit codes of every command. */
export const exitCodes = {
  /** Done, and nothing found that the command was asked to fail on. */
  clean: 0,
  /** Done, and something found: problems, drifted pins, differences are not among them unless asked. */
  found: 1,
  /** The job could not be done. */
  failed: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly option: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
}

export interface Command {
  readonly name: string;
  /** `FILE…`, for the usage line. */
  readonly operands: string;
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  /** What each option means, for the help. */
  readonly optionHelp: Readonly<Record<string, string>>;
  run(args: Arguments, signal: AbortSignal): Promise<ExitCode>;
}

/** A job that can't be done: printed as one message, exit code 2. */
export class CommandError extends Error {}

export function fromOciError(error: OciError): CommandError {
  const subject = "what" in error ? error.what : error.endpoint;
  return new CommandError(error.message.includes(subject) ? error.message : `${subject}: ${error.message}`);
}
