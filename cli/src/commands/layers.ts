import { contentBytes, formatBytes } from "../../../oci/core/bytes.ts";
import type { LayerContent } from "../../../oci/core/entry.ts";
import type { Layer } from "../../../oci/core/image.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { stack } from "../../../oci/core/stack.ts";
import { waste, type Waste } from "../../../oci/core/waste.ts";
import { readLayersUpTo, type ReadImage } from "../../../oci/layers/readUpTo.ts";
import type { OciError } from "../../../oci/core/error.ts";
import { CommandError, describeError, exitCodes, type Command } from "../command.ts";
import { createImageOpener, imageOptions, openerOptionsOf, valueOf } from "../openImage.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { imageJson, layerIdentityJson, stepJson } from "../output/imageJson.ts";
import { printError } from "../output/messages.ts";
import { printable, table } from "../output/table.ts";

export const layers: Command = {
  name: "layers",
  operands: "IMAGE",
  summary:
    "Says what an image is made of: layers, digests, history, and bytes that ship although a later layer hides them",
  options: {
    ...formatOption,
    ...imageOptions,
  },
  async run(args, signal) {
    const [operand, ...more] = args.positionals;
    if (operand === undefined || more.length > 0) throw new CommandError("layers takes one IMAGE");
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const { image, layers: reader } = await opener.open(operand, signal);
      const read = valueOf(await readLayersUpTo(reader, { image }, signal));
      const wasted = waste(stack(read.contents), read.contents.length);
      console.log(formatOf(args) === "json" ? toJsonText(toJson(read, wasted)) : toText(read, wasted));
      for (const error of read.problems.values()) printError(`${describeError(error)}; it is left out`);
      return read.problems.size === 0 ? exitCodes.clean : exitCodes.failed;
    } finally {
      opener.dispose();
    }
  },
};

function toJson({ image, contents, problems }: ReadImage, wasted: Waste) {
  return {
    version: 1,
    image: imageJson(image),
    layers: image.layers.map((layer, index) =>
      layerJson(layer, problems.get(index) ?? contents[index], wasted.introducedBytes[index] ?? contentBytes(0)),
    ),
    emptyStepsAfter: image.emptyStepsAfter.map(stepJson),
    waste: {
      isComplete: problems.size === 0,
      bytes: wasted.bytes,
      efficiency: wasted.efficiency,
      byCause: wasted.byCause,
      paths: wasted.paths.map(({ path, bytes, versions }) => ({
        path,
        bytes,
        versions: versions.map(({ bytes: hidden, cause, introducedBy, hiddenBy }) => ({
          bytes: hidden,
          cause,
          introducedBy,
          hiddenBy,
        })),
      })),
    },
  };
}

function layerJson(layer: Layer, read: LayerContent | OciError | undefined, wastedBytes: number) {
  const problem = read && "kind" in read ? read : undefined;
  const content = read && "entries" in read ? read : undefined;
  return {
    ...layerIdentityJson(layer),
    problem: problem ? { kind: problem.kind, message: problem.message } : null,
    contentBytes: content?.contentBytes ?? layer.contentBytes ?? null,
    files: content ? content.entries.filter(({ kind }) => kind !== "directory").length : null,
    createdBy: layer.step?.createdBy ?? null,
    emptyStepsBefore: layer.emptyStepsBefore.map(stepJson),
    wastedBytes,
  };
}

// More would hide the layers; JSON has them all.
const shownPaths = 10;

function toText({ image, contents, problems }: ReadImage, wasted: Waste): string {
  const rows = image.layers.map((layer, index) => [
    `#${index}`,
    problems.has(index) ? "unreadable" : formatBytes(contents[index]?.contentBytes ?? 0),
    layer.blobBytes === undefined ? "unknown" : formatBytes(layer.blobBytes),
    formatBytes(wasted.introducedBytes[index] ?? 0),
    layer.diffId.slice(0, 19),
    shorten(printable(layer.step?.createdBy ?? "no history")),
  ]);
  const paths = wasted.paths
    .slice(0, shownPaths)
    .map(({ path, bytes, versions }) => [
      formatBytes(bytes),
      printable(path),
      versions.map(({ cause, introducedBy, hiddenBy }) => `#${introducedBy} ${cause} by #${hiddenBy}`).join(", "),
    ]);
  const more = wasted.paths.length - paths.length;
  return [
    `${printable(image.reference || image.id)}  ${printable(formatPlatform(image.platform))}  user ${printable(image.config.user || "root")}`,
    `config ${image.configDigest ?? "unknown here"}`,
    "",
    table([["layer", "content", "blob", "hidden", "DiffID", "made by"], ...rows], new Set([1, 2, 3])),
    "",
    `${formatBytes(wasted.shippedBytes)} shipped, ${formatBytes(wasted.bytes)} of it hidden by later layers (${(wasted.efficiency * 100).toFixed(1)} % efficient)`,
    ...(problems.size > 0 ? [`Not counted: ${[...problems.keys()].map((index) => `#${index}`).join(", ")}`] : []),
    ...(paths.length > 0 ? [table(paths, new Set([0]))] : []),
    ...(more > 0 ? [`… and ${more} more paths`] : []),
  ].join("\n");
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
