import { CommandError, exitCodes, type Command } from "../command.ts";
import { createImageOpener, imageOptions, openerOptionsOf, valueOf } from "../openImage.ts";

export const cat: Command = {
  name: "cat",
  operands: "IMAGE PATH",
  summary: "Prints a file of an image as it is, links followed inside the image",
  options: {
    layer: {
      type: "string",
      value: "N",
      help: "the file as layer N (#0 is the base) and those below leave it, also where a later layer removes it",
    },
    ...imageOptions,
  },
  async run(args, signal) {
    const [operand, path, ...more] = args.positionals;
    if (operand === undefined || path === undefined || more.length > 0)
      throw new CommandError("cat takes one IMAGE and one PATH in it");
    const layerCount = layerCountOf(args.option("layer"));
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const { image, layers } = await opener.open(operand, signal);
      const request = {
        source: layers.layerSource,
        image,
        path,
        maxBytes,
        ...(layerCount !== undefined && { layerCount }),
      };
      const content = valueOf(await opener.file(request, () => undefined, signal));
      await new Promise<void>((resolve) => process.stdout.write(content, () => resolve()));
      return exitCodes.clean;
    } finally {
      opener.dispose();
    }
  },
};

const maxBytes = 256 * 1024 ** 2; // It is held in memory; what is larger is nothing to print.

function layerCountOf(layer: string | undefined): number | undefined {
  if (layer === undefined) return undefined;
  const [, digits] = /^#?(\d{1,6})$/.exec(layer) ?? [];
  if (digits === undefined) throw new CommandError(`--layer ${layer} is no layer; write its number, 0 for the base`);
  return Number(digits) + 1;
}
