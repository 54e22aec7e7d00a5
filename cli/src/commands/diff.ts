import { formatDelta } from "../../../oci/core/bytes.ts";
import { diffSummary, type DiffRow, type DiffSummary } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { diffConfig, type ConfigChange, type ConfigValue } from "../../../oci/images/configDiff.ts";
import type { LayerSide, LayerSides, UnreadableLayer } from "../../../oci/layers/diff.ts";
import type { LayerSource } from "../../../oci/layers/protocol.ts";
import { CommandError, describeError, exitCodes, fromOciError, type Command } from "../command.ts";
import { createImageOpener, imageOptions, openerOptionsOf, type ImageOpener } from "../openImage.ts";
import { formatOf, formatOption, toJsonText } from "../output/format.ts";
import { printError } from "../output/messages.ts";
import { printable, table } from "../output/table.ts";

export const diff: Command = {
  name: "diff",
  operands: "A B",
  summary:
    "Compares the file systems and configurations of two images, or file systems as far as a layer: IMAGE#0 is the base alone",
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
      const { unreadable } = compared.value;
      const found = { rows, summary: diffSummary(rows), config: configChanges(sides), unreadable };
      console.log(formatOf(args) === "json" ? toJsonText(toJson(found)) : toText(found));
      for (const { error } of unreadable) printError(`${describeError(error)}; what it changed is missing`);
      if (unreadable.length > 0) return exitCodes.failed;
      return rows.length > 0 || (found.config ?? []).length > 0 ? exitCodes.found : exitCodes.clean;
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

interface Found {
  readonly rows: readonly DiffRow[];
  readonly summary: DiffSummary;
  /** Undefined where a side ends at a layer: a configuration is the whole image's. */
  readonly config: readonly ConfigChange[] | undefined;
  readonly unreadable: readonly UnreadableLayer[];
}

function configChanges({ before, after }: LayerSides<LayerSource>): readonly ConfigChange[] | undefined {
  const isWhole = before.layerCount === undefined && after.layerCount === undefined;
  return isWhole ? diffConfig(before.image.config, after.image.config) : undefined;
}

function toJson({ rows, summary, config, unreadable }: Found) {
  return {
    version: 1,
    rows: rows.map(rowJson),
    summary,
    config: config?.map(({ name, key = null, before, after }) => ({ name, key, before, after })) ?? null,
    unreadable: unreadable.map(({ side, index, error: { kind, message } }) => ({ side, layer: index, kind, message })),
  };
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

function toText({ rows, summary: { added, removed, changed, deltaBytes }, config = [] }: Found): string {
  const summary = `${added} added, ${removed} removed, ${changed} changed, ${formatDelta(deltaBytes)}`;
  if (rows.length === 0 && config.length === 0) return "no differences";
  const settings = config.map(({ name, key, before, after }) => [
    key === undefined ? name : `${name} ${key}`,
    `${valueText(before)} → ${valueText(after)}`,
  ]);
  const configText = config.length === 0 ? [] : [`configuration\n${table(settings)}`];
  if (rows.length === 0) return configText.join("\n");
  const lines = rows.map(({ path, change, attributes, before, after, deltaBytes: delta }) => [
    marks[change],
    delta === 0 ? "" : formatDelta(delta),
    change === "renamed" ? `${printable(before?.path ?? "")} → ${printable(path)}` : printable(path),
    [...attributes, ...writtenAs(after ?? before)].join(", "),
  ]);
  return [`${table(lines, new Set([1]))}\n${summary}`, ...configText].join("\n\n");
}

/** A name with `..`, as the tar has it. */
function writtenAs(entry: LayerEntry | undefined): readonly string[] {
  return entry?.writtenPath === undefined ? [] : [`written as ${printable(entry.writtenPath)}`];
}

function valueText(value: ConfigValue): string {
  return value === null ? "not set" : JSON.stringify(value);
}
