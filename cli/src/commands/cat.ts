import { CommandError, exitCodes, type Command } from "../command.ts";
import { layerCountOf, layerOption } from "../layerOption.ts";
import { createImageOpener, layerOptions, openerOptionsOf, valueOf } from "../openImage.ts";

export const cat: Command = {
  name: "cat",
  operands: "IMAGE PATH",
  summary: "Prints a file of an image; links are followed inside the image",
  options: {
    ...layerOption,
    ...layerOptions,
  },
  async run(args, signal) {
    const [operand, path, ...more] = args.positionals;
    if (operand === undefined || path === undefined || more.length > 0)
      throw new CommandError("cat takes one IMAGE and one PATH in it");
    const layerCount = layerCountOf(args);
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

const maxBytes = 256 * 1024 ** 2; // The file is held in memory; a larger one is not worth printing.
