import { formatBytes, formatDelta } from "../../../oci/core/bytes.ts";
import type { DiffRow } from "../../../oci/core/diff.ts";
import { formatPlatform } from "../../../oci/core/platform.ts";
import { counted } from "../../../oci/core/text.ts";
import { securityMarks } from "../../../oci/images/securityMarks.ts";
import { wasteByOwner } from "../../../oci/layers/waste.ts";
import { describeError } from "../command.ts";
import { lineNote } from "../imageLines.ts";
import { element, table, type Html } from "./html.ts";
import { pageHtml } from "./page.ts";
import type { ImageView, LayerView } from "./readView.ts";
import { configSection, duplicatesSection, fileSystemSection, packagesSection, wasteSection } from "./sections.ts";

/** The report on an image as one HTML file. */
export function reportHtml(view: ImageView): string {
  const { baseLayerCount } = view;
  const name = view.image.reference || (view.image.tags[0] ?? view.image.id);
  return pageHtml(`${name}: layers`, [
    element("h1", {}, name),
    element("p", { class: "quiet" }, describeImage(view)),
    element("p", { class: "totals" }, totalsText(view)),
    ...(baseLayerCount === undefined ? [] : [element("p", {}, ownersText(view, baseLayerCount))]),
    layersSection(view),
    wasteSection(view),
    fileSystemSection(view),
    duplicatesSection(view),
    packagesSection(view),
    configSection(view),
  ]);
}

function describeImage({ image }: ImageView): string {
  const { config, platform, id } = image;
  const created = config.created === undefined ? [] : [`created ${config.created}`];
  return [formatPlatform(platform), ...created, id].join(" · ");
}

function totalsText({ waste: { shippedBytes, visibleBytes, bytes, efficiency } }: ImageView): string {
  const share = (Math.floor(efficiency * 1000) / 10).toLocaleString("en");
  return `${formatBytes(shippedBytes)} shipped, ${formatBytes(visibleBytes)} visible, ${formatBytes(bytes)} wasted, ${share} % efficient`;
}

function ownersText({ waste }: ImageView, layerCount: number): string {
  const { base, own } = wasteByOwner(waste, layerCount);
  return `Of the waste, ${formatBytes(base)} came with the base image (${counted(layerCount, "layer")}), ${formatBytes(own)} with the image's own layers`;
}

function layersSection(view: ImageView): Html {
  const { baseLayerCount = 0, lines } = view;
  const largest = Math.max(1, ...view.layers.map(({ layer }) => layer.contentBytes ?? 0));
  const rows = view.layers.map(({ layer, problem }, index) => [
    `${index + 1}${index < baseLayerCount ? " (base)" : lineNote(lines, index)}`,
    layer.contentBytes === undefined ? (problem ? "unreadable" : "") : formatBytes(layer.contentBytes),
    element("meter", { value: String(layer.contentBytes ?? 0), max: String(largest), "aria-label": "share" }),
    layer.blobBytes === undefined ? "" : formatBytes(layer.blobBytes),
    formatBytes(view.waste.introducedBytes[index] ?? 0),
    element("code", {}, layer.step?.createdBy ?? "not recorded"),
  ]);
  const columns = [
    { title: "Layer" },
    { title: "Adds", isNumber: true },
    { title: "" },
    { title: "Stored", isNumber: true },
    { title: "Wasted", isNumber: true },
    { title: "Made by" },
  ] as const;
  const note = "Adds is the file content that ships with a layer, whatever it removes from those below.";
  return element(
    "section",
    {},
    element("h2", {}, "Layers"),
    element("p", { class: "quiet" }, note),
    table(columns, rows),
    ...view.layers.map(layerDetails),
  );
}

function layerDetails({ layer, problem, changes }: LayerView): Html {
  const name = `Layer ${layer.index + 1}`;
  if (problem) return element("p", {}, `${name} can't be read: ${describeError(problem)}`);
  if (!changes) return element("p", { class: "quiet" }, `${name}: too many files to compare with the layers below`);
  const { rows, rowCount, summary } = changes;
  const counts = `${summary.added} added, ${summary.changed} changed, ${summary.removed} removed`;
  const omitted = rowCount - rows.length;
  return element(
    "details",
    {},
    element("summary", {}, `${name}: ${counts}, file system ${formatDelta(summary.deltaBytes)}`),
    table(
      [{ title: "Change" }, { title: "Bytes", isNumber: true }, { title: "Path" }, { title: "Differs in" }],
      rows.map(changeRow),
    ),
    ...(omitted > 0 ? [element("p", { class: "quiet" }, `${omitted.toLocaleString("en")} smaller changes`)] : []),
  );
}

function changeRow(row: DiffRow): readonly (Html | string)[] {
  const { path, change, attributes, before, deltaBytes } = row;
  const name = change === "renamed" ? `${before?.path ?? ""} → ${path}` : path;
  const differs = change === "added" || change === "removed" ? [] : attributes;
  return [
    change,
    deltaBytes === 0 ? "" : formatDelta(deltaBytes),
    element("code", {}, `/${name}`),
    [...securityMarks(row), ...differs].join(", "),
  ];
}
