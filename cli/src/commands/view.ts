import { resolve } from "node:path";
import { NotWrittenError, replaceFile } from "../../../oci/files/replaceFile.ts";
import { baseLayerCountOf, baseOption } from "../baseOption.ts";
import { CommandError, describeError, exitCodes, type Command } from "../command.ts";
import { createImageOpener, layerOptions, openerOptionsOf } from "../openImage.ts";
import { printError } from "../output/messages.ts";
import { printable } from "../output/sinks.ts";
import { dockerfileOption, imageLinesOf } from "../imageLines.ts";
import { readView, type ImageView } from "../view/readView.ts";
import { reportHtml } from "../view/report.ts";

export const view: Command = {
  name: "view",
  operands: "IMAGE -o FILE",
  summary: "Writes an HTML report on an image: layers, waste, largest files, duplicates, packages, configuration",
  options: {
    output: { type: "string", short: "o", value: "FILE", help: "HTML file to write; an existing one is replaced" },
    ...baseOption,
    ...dockerfileOption,
    ...layerOptions,
  },
  async run(args, signal) {
    const [operand, ...more] = args.positionals;
    const file = args.option("output");
    if (operand === undefined || file === undefined || more.length > 0)
      throw new CommandError("view takes one IMAGE, and -o FILE");
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const opened = await opener.open(operand, signal);
      const baseLayerCount = await baseLayerCountOf(opener, { base: args.option("base"), image: opened.image }, signal);
      const read = await readView(opener, opened, signal);
      const found: ImageView = { ...read, baseLayerCount, lines: await imageLinesOf(args, read.image) };
      await write(file, reportHtml(found));
      console.log(`Wrote ${printable(file)}`);
      const problems = found.layers.flatMap(({ problem }) => problem ?? []);
      for (const problem of problems) printError(`${describeError(problem)}; it is left out`);
      return problems.length === 0 ? exitCodes.clean : exitCodes.failed;
    } finally {
      opener.dispose();
    }
  },
};

async function write(file: string, html: string): Promise<void> {
  await replaceFile(resolve(file), Buffer.from(html)).catch((error: unknown) => {
    const isExpected = error instanceof NotWrittenError || (error instanceof Error && "code" in error);
    throw isExpected ? new CommandError(`${file} can't be written: ${error.message}`) : error;
  });
}
