import { formatDelta } from "../../../oci/core/bytes.ts";
import type { DiffRow } from "../../../oci/core/diff.ts";
import type { Image } from "../../../oci/core/image.ts";
import { fitWidth } from "../../../oci/core/text.ts";
import type { LayerPair } from "../../../oci/images/alignLayers.ts";
import type { ConfigValue } from "../../../oci/images/configDiff.ts";
import type { PackageComparison } from "../../../oci/layers/aspects.ts";
import type { Cell, Section } from "../output/sections.ts";
import { changedValues } from "./changedValues.ts";
import type { FileChanges, Found } from "./found.ts";

/** A comparison as sections of a report. Sections without rows found nothing. */
export function diffSections({ before, after, files, config, history, layers, packages }: Found): readonly Section[] {
  return [
    ...(files ? [fileSection(files)] : []),
    ...(config
      ? [
          {
            title: "configuration",
            head: ["setting", "change"],
            rows: config.map(({ name, key, before: was, after: is }): readonly Cell[] => [
              { code: key === undefined ? name : `${name} ${key}` },
              { code: `${valueText(was)} → ${valueText(is)}` },
            ]),
          },
        ]
      : []),
    ...(history
      ? [
          {
            title: "history",
            head: ["", "step", "differs in"],
            rows: history.map(({ change, attributes, before: was, after: is }): readonly Cell[] => [
              changeMarks[change],
              { code: stepText((is ?? was)?.createdBy) },
              attributes.join(", "),
            ]),
          },
        ]
      : []),
    ...(layers ? [layerSection(layers, before, after)] : []),
    ...(packages ? [packageSection(packages)] : []),
  ];
}

const changeMarks = { added: "+", removed: "-", changed: "~" } as const;

const rowMarks: Readonly<Record<DiffRow["change"], string>> = {
  added: "+",
  removed: "-",
  content: "~",
  metadata: "m",
  type: "t",
  renamed: ">",
};

function fileSection({ rows, summary: { added, removed, changed, deltaBytes } }: FileChanges): Section {
  return {
    title: "files",
    titleInText: "none",
    head: ["", "bytes", "path", "differs in"],
    right: new Set([1]),
    rows: rows.map((row) => [
      rowMarks[row.change],
      row.deltaBytes === 0 ? "" : formatDelta(row.deltaBytes),
      { code: row.change === "renamed" ? `${row.before?.path ?? ""} → ${row.path}` : row.path },
      valuesCell(row),
    ]),
    summary: `${added} added, ${removed} removed, ${changed} changed, ${formatDelta(deltaBytes)}`,
  };
}

function valuesCell(row: DiffRow): Cell {
  const text = changedValues(row);
  return text === "" ? "" : { code: text };
}

function valueText(value: ConfigValue): string {
  return value === null ? "not set" : JSON.stringify(value);
}

const pairKinds: Readonly<Record<LayerPair["kind"], readonly [mark: string, note: string]>> = {
  same: ["=", "same"],
  rebuilt: ["≈", "rebuilt: only times or order differ"],
  changed: ["~", "changed"],
  added: ["+", "added"],
  removed: ["-", "removed"],
};

/** Equal layers are only counted: listing them would hide what differs. */
function layerSection(pairs: readonly LayerPair[], before: Image, after: Image): Section {
  const different = pairs.filter(({ kind }) => kind !== "same");
  return {
    title: "layers",
    head: ["", "before", "after", "what", "made by"],
    rows: different.map(({ kind, before: old, after: current }): readonly Cell[] => [
      pairKinds[kind][0],
      old === undefined ? "" : `#${old}`,
      current === undefined ? "" : `#${current}`,
      pairKinds[kind][1],
      { code: stepText((after.layers[current ?? -1] ?? before.layers[old ?? -1])?.step?.createdBy) },
    ]),
    summary: `${pairs.length - different.length} the same`,
  };
}

function packageSection({ changes, counts }: PackageComparison): Section {
  return {
    title: "packages",
    head: ["", "manager", "package", "version"],
    rows: changes.map(({ manager, name, change, before, after }): readonly Cell[] => [
      changeMarks[change],
      manager,
      { code: name },
      { code: [before, after].flatMap((versions) => versions.join(", ") || []).join(" → ") },
    ]),
    summary: `${counts.before} before, ${counts.after} after`,
  };
}

const maxStep = 120; // Characters; JSON has them all.

/** An instruction in one line. */
function stepText(createdBy = ""): string {
  return fitWidth(createdBy.replace(/\s+/g, " ").trim(), maxStep);
}
