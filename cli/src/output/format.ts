import { CommandError, type Arguments } from "../command.ts";

/** The `--format` that every command has. */
export const formatOption = {
  options: { format: { type: "string", short: "f" } },
  help: { format: "text (default) or json" },
} as const;

export function formatOf(args: Arguments): "text" | "json" {
  const format = args.option("format") ?? "text";
  if (format !== "text" && format !== "json") throw new CommandError(`there is no format ${format}; the formats are text and json`);
  return format;
}
