import { CommandError, type Arguments, type Options } from "./command.ts";

/** Chooses the file system made by a layer and those below it. */
export const layerOption: Options = {
  layer: {
    type: "string",
    value: "N",
    help: "Read the file as of layer N (#0 is the lowest), even if a later layer removes it",
  },
};

/** The number of lowest layers to use; undefined for all. */
export function layerCountOf(args: Arguments): number | undefined {
  const layer = args.option("layer");
  if (layer === undefined) return undefined;
  const [, digits] = /^#?(\d{1,6})$/.exec(layer) ?? [];
  if (digits === undefined)
    throw new CommandError(`--layer ${layer} isn't a layer number; write 0 for the base layer, 1 for the next, …`);
  return Number(digits) + 1;
}
