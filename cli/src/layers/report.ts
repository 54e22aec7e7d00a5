import { formatBytes } from "../../../oci/core/bytes.ts";
import { entriesOf, opaqueDirectoriesOf, whiteoutsOf } from "../../../oci/core/columns/content.ts";
import type { LayerContent, LayerEntry } from "../../../oci/core/entry.ts";
import type { Image } from "../../../oci/core/image.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { isConfigKnown } from "../../../oci/source/missingBlobs.ts";
import { compareText, fitWidth } from "../../../oci/core/text.ts";
import type { Waste } from "../../../oci/core/waste.ts";
import type { Cell, Section } from "../output/sections.ts";
import { lineNote, type ImageLines } from "../imageLines.ts";
import { isRead, type FoundLayers } from "./found.ts";
import { printable } from "../output/sinks.ts";

/** The first lines of a report. */
export function imageLines(image: Image): readonly string[] {
  const { reference, id, platform, config, configDigest } = image;
  const user = isConfigKnown(image) ? config.user || "root" : "unknown";
  return [
    `${printable(reference || id)}  ${printable(formatPlatform(platform))}  user ${printable(user)}`,
    `config ${configDigest ?? "unknown here"}`,
  ];
}

/** The layers, their content if it was requested, and the files that later layers hide. */
export function layerSections({ layers, lines, waste, hasFiles }: FoundLayers): readonly Section[] {
  const hasLines = lines.length > 0;
  const names = [
    "layer",
    "content",
    "blob",
    ...(waste ? ["hidden"] : []),
    "DiffID",
    ...(hasLines ? ["line"] : []),
    "made by",
  ];
  const rows = layers.map(({ layer, content }): readonly Cell[] => [
    `#${layer.index}`,
    isRead(content) ? formatBytes(content.contentBytes) : "unreadable",
    layer.blobBytes === undefined ? "unknown" : formatBytes(layer.blobBytes),
    ...(waste ? [formatBytes(waste.introducedBytes[layer.index] ?? 0)] : []),
    layer.diffId.slice(0, 19),
    ...(hasLines ? [String(lines[layer.index] ?? "")] : []),
    { code: fitWidth(printable(layer.step?.createdBy ?? "no history"), 80) },
  ]);
  const contents = layers.flatMap(({ layer, content }) =>
    hasFiles && isRead(content) ? [contentSection(`layer #${layer.index}`, content)] : [],
  );
  const unread = layers.filter(({ content }) => !isRead(content)).map(({ layer }) => `#${layer.index}`);
  return [
    { title: "layers", titleInText: "none", head: names, hasHeadInText: true, rows, right: new Set([1, 2, 3]) },
    ...contents,
    ...(waste ? [wasteSection(waste, lines, unread)] : []),
  ];
}

function contentSection(title: string, content: LayerContent): Section {
  const removed = (path: string, note: string): readonly [string, readonly Cell[]] => [
    path,
    ["", "", "", { code: path }, note],
  ];
  const rows = [
    ...entriesOf(content).map((entry) => [entry.path, entryRow(entry)] as const),
    ...whiteoutsOf(content).map((path) => removed(path, "removed")),
    ...opaqueDirectoriesOf(content).map((path) => removed(path, "emptied")),
  ];
  return {
    title,
    head: ["mode", "owner", "bytes", "path", ""],
    right: new Set([2]),
    rows: rows.sort(([a], [b]) => compareText(a, b)).map(([, row]) => row),
  };
}

function entryRow({ kind, mode, uid, gid, size, path, linkTarget }: LayerEntry): readonly Cell[] {
  return [
    `${kindLetters[kind]}${mode.toString(8).padStart(4, "0")}`,
    `${uid}:${gid}`,
    kind === "file" ? size.toLocaleString("en") : "",
    { code: linkTarget === undefined ? path : `${path} → ${linkTarget}` },
    kind === "hardlink" ? "hard link" : "",
  ];
}

/** The letters that `ls -l` uses. */
const kindLetters: Readonly<Record<LayerEntry["kind"], string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  hardlink: "-",
  character: "c",
  block: "b",
  fifo: "p",
};

// More would hide the layers; JSON has them all.
const shownPaths = 10;

function wasteSection(
  { shippedBytes, bytes, efficiency, paths }: Waste,
  lines: ImageLines,
  unread: readonly string[],
): Section {
  const name = (index: number): string => `#${index}${lineNote(lines, index)}`;
  const more = paths.length - shownPaths;
  return {
    title: `${formatBytes(shippedBytes)} shipped, ${formatBytes(bytes)} of it hidden by later layers (${(efficiency * 100).toFixed(1)} % efficient)${unread.length === 0 ? "" : `\nNot counted: ${unread.join(", ")}`}`,
    head: ["hidden", "path", "by"],
    right: new Set([0]),
    titleInText: "always",
    rows: paths
      .slice(0, shownPaths)
      .map(({ path, bytes: hidden, versions }) => [
        formatBytes(hidden),
        { code: path },
        versions
          .map(({ cause, introducedBy, hiddenBy }) => `${name(introducedBy)} ${cause} by ${name(hiddenBy)}`)
          .join(", "),
      ]),
    ...(more > 0 && { summary: `… and ${more} more paths` }),
  };
}
