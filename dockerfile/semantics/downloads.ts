import type { ShellCommand, ShellWord } from "../shell/shell.ts";
import { runsProgram } from "./runCommands.ts";

/** A file that `curl` or `wget` fetches. */
export interface Download {
  readonly command: ShellCommand;
  readonly address: ShellWord;
  /** As written; absent if it goes to standard output or is unknown. */
  readonly file?: string;
}

/** The download of a command; undefined if it doesn't download an HTTP or FTP address. */
export function downloadOf(command: ShellCommand): Download | undefined {
  if (!runsProgram(command, "curl", "wget")) return undefined;
  const address = command.arguments.find(({ value }) => /^(?:https?|ftp):\/\//i.test(value));
  if (!address) return undefined;
  const file = runsProgram(command, "curl") ? curlFile(command, address) : wgetFile(command, address);
  return { command, address, ...(file !== undefined && file !== "-" && { file }) };
}

/** @see curl(1) */
function curlFile(command: ShellCommand, address: ShellWord): string | undefined {
  const named = optionValue(command, "o", "--output");
  if (named !== undefined) return named;
  const isNamedByAddress = command.arguments.some(
    ({ value }) => value === "--remote-name" || /^-[a-zA-Z]*O[a-zA-Z]*$/.test(value),
  );
  const redirected = command.redirections.find(({ operator }) => operator === ">")?.target?.value;
  return isNamedByAddress ? lastPart(address) : redirected;
}

/** @see wget(1) */
function wgetFile(command: ShellCommand, address: ShellWord): string | undefined {
  const named = optionValue(command, "O", "--output-document");
  if (named !== undefined)
    return named === "-" ? command.redirections.find(({ operator }) => operator === ">")?.target?.value : named;
  const folder = optionValue(command, "P", "--directory-prefix");
  const name = lastPart(address);
  return name !== undefined && folder !== undefined ? `${folder}/${name}` : name;
}

/** The value in `-o x`, `-ox`, `-fsSLo x`, `-qO-`, `--output x` or `--output=x`. */
function optionValue({ arguments: words }: ShellCommand, short: string, long: string): string | undefined {
  for (const [index, { value }] of words.entries()) {
    if (value.startsWith(`${long}=`)) return value.slice(long.length + 1);
    const attached = value === long ? "" : new RegExp(`^-[a-zA-Z]*?${short}(.*)$`).exec(value)?.[1];
    if (attached !== undefined) return attached === "" ? words[index + 1]?.value : attached;
  }
  return undefined;
}

function lastPart({ value }: ShellWord): string | undefined {
  return /^[a-z]+:\/\/[^/]+\/(?:.*\/)?([^/?#]+)(?:[?#].*)?$/i.exec(value)?.[1];
}
