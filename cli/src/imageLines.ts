import { originOf } from "../../dockerfile/origin/origin.ts";
import type { Image } from "../../oci/core/image.ts";
import { counted } from "../../oci/core/text.ts";
import { stepsOf } from "../../oci/images/stepsOf.ts";
import { CommandError, type Arguments, type Options } from "./command.ts";
import { readDockerfile } from "./dockerfiles.ts";
import { positionsOf } from "./positions.ts";

/** The option that names the Dockerfile of an image. */
export const dockerfileOption: Options = {
  dockerfile: {
    type: "string",
    value: "FILE",
    help: "Dockerfile that the image was built from: name its lines",
  },
};

/** The Dockerfile line of each layer, base first, from 1; undefined for layers of the base and those no line fits. */
export type ImageLines = readonly (number | undefined)[];

/** The lines of the Dockerfile that the options name; no lines if they name none. Fails for one of another image. */
export async function imageLinesOf(args: Arguments, image: Image): Promise<ImageLines> {
  const path = args.option("dockerfile");
  if (path === undefined) return [];
  const { file, text } = await readDockerfile(path);
  const steps = stepsOf(image);
  const origin = originOf(
    file,
    steps.map(({ step }) => step.createdBy),
  );
  if (!origin?.isWhole) throw new CommandError(`--dockerfile ${path}: ${whyNot(origin)}`);
  const { position } = positionsOf(text);
  const lines = new Map(
    steps.flatMap(({ layer }, index): readonly [number, number][] => {
      const found = origin.steps[index];
      return typeof layer === "object" && found ? [[layer.index, position(found.instruction.span.start).line + 1]] : [];
    }),
  );
  return image.layers.map(({ index }) => lines.get(index));
}

function whyNot(origin: ReturnType<typeof originOf>): string {
  if (!origin) return "the history of the image has none of its instructions";
  const { matchedCount, lineCount } = origin;
  return `the history of the image has ${matchedCount} of its ${counted(lineCount, "instruction")}`;
}

/** ` (line 12)`, or nothing if the line of a layer isn't known. */
export function lineNote(lines: ImageLines, layerIndex: number): string {
  const line = lines[layerIndex];
  return line === undefined ? "" : ` (line ${line})`;
}
