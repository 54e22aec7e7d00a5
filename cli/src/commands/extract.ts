import { resolve } from "node:path";
import { formatBytes } from "../../../oci/core/bytes.ts";
import { counted } from "../../../oci/core/text.ts";
import type { Extraction } from "../../../oci/layers/extract/extract.ts";
import { CommandError, exitCodes, type Command } from "../command.ts";
import { layerCountOf, layerOption } from "../layerOption.ts";
import { createImageOpener, layerOptions, openerOptionsOf, valueOf } from "../openImage.ts";
import { formatOf, formatOption } from "../output/format.ts";
import { printError } from "../output/messages.ts";
import { printable, toJsonText } from "../output/sinks.ts";

export const extract: Command = {
  name: "extract",
  operands: "IMAGE PATH -o FOLDER",
  summary: "Writes a file or folder of an image to disk, never outside FOLDER; exits with 1 if parts were left out",
  options: {
    output: { type: "string", short: "o", value: "FOLDER", help: "Folder to write to; nothing in it is replaced" },
    ...layerOption,
    ...formatOption,
    ...layerOptions,
  },
  async run(args, signal) {
    const [operand, path, ...more] = args.positionals;
    const folder = args.option("output");
    if (operand === undefined || path === undefined || folder === undefined || more.length > 0)
      throw new CommandError("extract takes one IMAGE, one PATH in it, and -o FOLDER");
    const layerCount = layerCountOf(args);
    const format = formatOf(args);
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const { image, layers } = await opener.open(operand, signal);
      const request = { source: layers.layerSource, image, layerCount, path, folder: resolve(folder) };
      const found = valueOf(await opener.extract(request, () => undefined, signal));
      console.log(format === "json" ? toJsonText({ version: 1, path, folder, ...found }) : toText(found, folder));
      printOmitted(found);
      return found.omittedCount === 0 ? exitCodes.clean : exitCodes.found;
    } finally {
      opener.dispose();
    }
  },
};

function toText({ name, files, folders, symlinks, bytes }: Extraction, folder: string): string {
  const counts = [
    counted(files, "file"),
    counted(folders, "folder"),
    ...(symlinks > 0 ? [counted(symlinks, "symlink")] : []),
  ];
  return `Extracted ${counts.join(", ")} (${formatBytes(bytes)}) to ${printable(name === "" ? folder : `${folder.replace(/\/+$/, "")}/${name}`)}`;
}

// More would hide the result; JSON has the first thousand.
const shownOmitted = 20;

function printOmitted({ omitted, omittedCount }: Extraction): void {
  for (const { path, reason } of omitted.slice(0, shownOmitted)) printError(`/${path} is left out: ${reason}`);
  if (omittedCount > shownOmitted) printError(`… and ${omittedCount - shownOmitted} more are left out`);
}
