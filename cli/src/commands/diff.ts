import { formatDelta } from "../../../oci/core/bytes.ts";
import { diffSummary, type DiffRow, type DiffSummary } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import type { LayerSide } from "../../../oci/layers/diff.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import { CommandError, exitCodes, fromOciError, type Command } from "../command.ts";
import { createImageOpener, imageOptions, openerOptionsOf, type ImageOpener } from "../openImage.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { printable, table } from "../output/table.ts";

export const diff: Command = {
  name: "diff",
  operands: "A B",
  summary: "Compares the file systems of two images, or of images as far as a layer: IMAGE#0 is the base alone",
  options: {
    ...formatOption,
    ...imageOptions,
    "ignore-time": { type: "boolean", help: "leaves out files of which only the time differs" },
  },
  async run(args, signal) {
    const [a, b, ...more] = args.positionals;
    if (a === undefined || b === undefined || more.length > 0)
      throw new CommandError("diff takes two images, or layers as IMAGE#0");
    const opener = createImageOpener(openerOptionsOf(args));
    try {
      const sides = { before: await openSide(opener, a, signal), after: await openSide(opener, b, signal) };
      const all: DiffRow[] = [];
      const compared = await opener.diff(sides, { onRows: (piece) => void all.push(...piece) }, signal);
      if (!compared.ok) throw fromOciError(compared.error);
      const rows = args.flag("ignore-time")
        ? all.filter(({ attributes }) => attributes.length !== 1 || attributes[0] !== "mtime")
        : all;
      const summary = diffSummary(rows);
      console.log(
        formatOf(args) === "json"
          ? toJsonText({ version: 1, rows: rows.map(rowJson), summary })
          : toText(rows, summary),
      );
      return exitCodes.clean;
    } finally {
      opener.dispose();
    }
  },
};

async function openSide(opener: ImageOpener, operand: string, signal: AbortSignal): Promise<LayerSide<LayerSource>> {
  const [, name = operand, layer] = /^(.+)#(\d+)$/.exec(operand) ?? [];
  const { image, layers } = await opener.open(layer === undefined ? operand : name, signal);
  const layerCount = layer === undefined ? undefined : Number(layer) + 1;
  const has = image.layers.length;
  if (layerCount !== undefined && layerCount > has)
    throw new CommandError(
      `${name} has ${has} ${has === 1 ? "layer" : "layers"}, #0 to #${has - 1}; there is no #${layer ?? ""}`,
    );
  return { source: layers.layerSource, image, layerCount };
}

function rowJson({ path, change, attributes, before, after, deltaBytes }: DiffRow) {
  return { path, change, attributes, before: entryJson(before), after: entryJson(after), deltaBytes };
}

function entryJson(entry: LayerEntry | undefined) {
  if (!entry) return null;
  const { kind, size, mode, uid, gid, mtimeMs, ...rest } = entry;
  return { kind, size, mode, uid, gid, mtimeMs, ...rest };
}

const marks: Readonly<Record<DiffRow["change"], string>> = {
  added: "+",
  removed: "-",
  content: "~",
  metadata: "m",
  type: "t",
  renamed: ">",
};

function toText(rows: readonly DiffRow[], { added, removed, changed, deltaBytes }: DiffSummary): string {
  const summary = `${added} added, ${removed} removed, ${changed} changed, ${formatDelta(deltaBytes)}`;
  if (rows.length === 0) return "no differences";
  const lines = rows.map(({ path, change, attributes, before, deltaBytes: delta }) => [
    marks[change],
    delta === 0 ? "" : formatDelta(delta),
    change === "renamed" ? `${printable(before?.path ?? "")} → ${printable(path)}` : printable(path),
    attributes.join(", "),
  ]);
  return `${table(lines, new Set([1]))}\n${summary}`;
}
