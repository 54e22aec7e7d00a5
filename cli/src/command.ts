import type { OciError } from "../../oci/core/error.ts";

/** Exit codes of every command. */
export const exitCodes = {
  /** Succeeded, and found nothing that the command was asked to fail on. */
  clean: 0,
  /** Succeeded, and found something: problems, drifted pins, differences. */
  found: 1,
  /** The command failed. */
  failed: 2,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface Arguments {
  readonly positionals: readonly string[];
  readonly flag: (name: string) => boolean;
  readonly option: (name: string) => string | undefined;
  readonly list: (name: string) => readonly string[];
}

/** One option of a command. A new one is a row of the command's table. */
export type Option = OptionHelp &
  (
    | { readonly type: "boolean" }
    /** `value` is the placeholder for its value in the help: `--format FORMAT`. */
    | { readonly type: "string"; readonly value: string; readonly multiple?: true }
  );

interface OptionHelp {
  /** One letter, as in `-f`. */
  readonly short?: string;
  /** The option's description. */
  readonly help: string;
}

/** Options by their names without the dashes. */
export type Options = Readonly<Record<string, Option>>;

export interface Command {
  readonly name: string;
  /** `FILE…`, for the usage line. */
  readonly operands: string;
  readonly summary: string;
  readonly options: Options;
  run(args: Arguments, signal: AbortSignal): Promise<ExitCode>;
}

/** Commands by name, loaded when needed. */
export type Commands = ReadonlyMap<string, () => Promise<Command>>;

/** A failure of the command: printed as one message, exit code 2. */
export class CommandError extends Error {}

export function fromOciError(error: OciError): CommandError {
  return new CommandError(describeError(error));
}

/** Describes what failed and why. */
export function describeError(error: OciError): string {
  const subject = "what" in error ? error.what : error.endpoint;
  return error.message.includes(subject) ? error.message : `${subject}: ${error.message}`;
}
