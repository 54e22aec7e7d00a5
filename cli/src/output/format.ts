import { CommandError, type Arguments, type Options } from "../command.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";

/** The `--format` option of every command. */
export const formatOption: Options = {
  format: { type: "string", short: "f", value: "FORMAT", help: "Output as text (default) or json" },
};

export function formatOf(args: Arguments): "text" | "json" {
  return chosen(args, ["text", "json"]);
}

/** The `--format` option of reports that people paste into comments. */
export const reportFormatOption: Options = {
  format: { type: "string", short: "f", value: "FORMAT", help: "Output as text (default), json or markdown" },
};

export function reportFormatOf(args: Arguments): "text" | "json" | "markdown" {
  return chosen(args, ["text", "json", "markdown"]);
}

export const pinFormats = ["text", "json", "sarif"] as const;

export function pinFormatOf(args: Arguments): (typeof pinFormats)[number] {
  return chosen(args, pinFormats);
}

export const lintFormats = ["text", "json", "sarif", "codeclimate", "checkstyle", "gnu"] as const;

export type LintFormat = (typeof lintFormats)[number];

/** hadolint's names for the same formats. */
const otherNames: Readonly<Record<string, LintFormat>> = { tty: "text", gitlab_codeclimate: "codeclimate" };

export function lintFormatOf(args: Arguments): LintFormat {
  const name = args.option("format") ?? "";
  return ownEntry(otherNames, name) ?? chosen(args, lintFormats);
}

/** The help of a `--format` whose default is the first of the formats: "Output as text (default), json or sarif". */
export function formatHelp([first, ...others]: readonly [string, ...string[]]): string {
  return `Output as ${[`${first} (default)`, ...others].join(", ").replace(/, ([^,]*)$/, " or $1")}`;
}

function chosen<Format extends string>(args: Arguments, formats: readonly [Format, ...Format[]]): Format {
  const name = args.option("format");
  const format = name === undefined ? formats[0] : formats.find((known) => known === name);
  if (format === undefined) throw new CommandError(`unknown format ${name}; expected one of ${formats.join(", ")}`);
  return format;
}
