import type { LayerContent } from "../../../oci/core/entry.ts";
import type { OciError } from "../../../oci/core/error.ts";
import { stack } from "../../../oci/core/stack.ts";
import { waste } from "../../../oci/core/waste.ts";
import { readLayersUpTo } from "../../../oci/layers/readUpTo.ts";
import { CommandError, describeError, exitCodes, type Command } from "../command.ts";
import { dockerfileOption, imageLinesOf } from "../imageLines.ts";
import { isRead, type FoundLayers } from "../layers/found.ts";
import { layersJson } from "../layers/json.ts";
import { imageLines, layerSections } from "../layers/report.ts";
import { createImageOpener, layerOptions, openerOptionsOf, valueOf } from "../openImage.ts";
import { reportFormatOf, reportFormatOption } from "../output/format.ts";
import { code } from "../output/markdown.ts";
import { printError } from "../output/messages.ts";
import { sectionsMarkdown, sectionsText } from "../output/sections.ts";
import { openLayer, type OpenedLayer } from "../side.ts";
import { toJsonText } from "../output/sinks.ts";

export const layers: Command = {
  name: "layers",
  operands: "IMAGE",
  summary:
    "Lists the layers, digests and history of an image, and hidden bytes that still ship; IMAGE#2 is one layer with its files",
  options: {
    files: { type: "boolean", help: "List the files that each layer adds, changes and removes" },
    ...dockerfileOption,
    ...reportFormatOption,
    ...layerOptions,
  },
  async run(args, signal) {
    const [operand, ...more] = args.positionals;
    if (operand === undefined || more.length > 0)
      throw new CommandError("layers takes one IMAGE, or a layer as IMAGE#0");
    const format = reportFormatOf(args);
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const opened = await openLayer(opener, operand, signal);
      const found =
        opened.layerIndex === undefined
          ? await readAll(opened, args.flag("files"), signal)
          : await readOne(opened, signal);
      const lines = await imageLinesOf(args, found.image);
      const listed = { ...found, lines };
      console.log(format === "json" ? toJsonText(layersJson(listed)) : report(listed, { format, operand }));
      const problems = found.layers.flatMap(({ content }) => (isRead(content) ? [] : [content]));
      for (const error of problems) printError(`${describeError(error)}; it is left out`);
      return problems.length === 0 ? exitCodes.clean : exitCodes.failed;
    } finally {
      opener.dispose();
    }
  },
};

async function readAll(
  { image, layers: reader }: OpenedLayer,
  hasFiles: boolean,
  signal: AbortSignal,
): Promise<Omit<FoundLayers, "lines">> {
  const read = valueOf(await readLayersUpTo(reader, { image }, signal));
  const contentAt = (index: number): LayerContent | OciError => {
    const content = read.problems.get(index) ?? read.contents[index];
    if (!content) throw new Error(`layer ${index} was not read`);
    return content;
  };
  return {
    image: read.image,
    layers: read.image.layers.map((layer) => ({ layer, content: contentAt(layer.index) })),
    waste: waste(stack(read.contents), read.contents.length),
    hasFiles,
  };
}

/** Reads a single layer, without those below it. */
async function readOne(
  { image, layers: reader, layerIndex = 0 }: OpenedLayer,
  signal: AbortSignal,
): Promise<Omit<FoundLayers, "lines">> {
  const diffId = image.layers[layerIndex]?.diffId;
  if (diffId === undefined) throw new CommandError(`layer #${layerIndex} doesn't exist`);
  const read = valueOf(await reader.layers(image, { wanted: [diffId] }, signal));
  const layer = read.image.layers[layerIndex];
  const content = read.contents.get(diffId) ?? read.problems?.get(diffId);
  if (!layer || !content) throw new CommandError(`what the source sent does not hold layer #${layerIndex}`);
  return { image: read.image, layers: [{ layer, content }], hasFiles: true };
}

function report(
  found: FoundLayers,
  { format, operand }: { readonly format: "text" | "markdown"; readonly operand: string },
): string {
  const sections = layerSections(found);
  return format === "text"
    ? [...imageLines(found.image), "", sectionsText(sections)].join("\n")
    : `## ${code(operand)}\n\n${sectionsMarkdown(sections, "Nothing")}`;
}
