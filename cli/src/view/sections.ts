import { formatBytes } from "../../../oci/core/bytes.ts";
import { walkTree, type TreeNode } from "../../../oci/core/layerTree.ts";
import { counted } from "../../../oci/core/text.ts";
import type { WastedVersion } from "../../../oci/core/waste.ts";
import { layersBelowLines, wasteAdvice, type AdvisedImage } from "../../../oci/images/wasteAdvice.ts";
import { lineNote, type ImageLines } from "../imageLines.ts";
import { element, table, type Child, type Html } from "./html.ts";
import { maxRows, type ImageView } from "./readView.ts";

/** The limit for packages, settings and steps, which are looked up by name. */
const maxListed = 5000;

const bytesAndPath = [{ title: "Bytes", isNumber: true }, { title: "Path" }] as const;

/** The files that ship although a later layer hides them: by directory, then by path with the layers. */
export function wasteSection(view: ImageView): Html {
  const { image, lines, baseLayerCount = layersBelowLines(lines) } = view;
  const { paths } = view.waste;
  const advised: AdvisedImage = {
    steps: image.layers.map(({ step }) => step?.createdBy ?? ""),
    place: (index) => (lines[index] === undefined ? `layer ${index + 1}` : `line ${lines[index]}`),
    baseLayerCount,
  };
  const folders = new Map<string, number>();
  for (const { path, bytes } of paths) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    folders.set(folder, (folders.get(folder) ?? 0) + bytes);
  }
  const byFolder = [...folders].sort(([, a], [, b]) => b - a);
  const byPath = paths.map(({ path, bytes, versions }) => [
    formatBytes(bytes),
    element("code", {}, `/${path}`),
    versions.map((version) => versionText(version, lines)).join("; "),
    [...new Set(versions.map((version) => wasteAdvice(version, advised)))].join("; "),
  ]);
  return section("Waste", counted(paths.length, "path"), [
    ...limited(
      [{ title: "Bytes", isNumber: true }, { title: "Directory" }],
      byFolder.map(([folder, bytes]) => [formatBytes(bytes), element("code", {}, `/${folder}`)]),
    ),
    ...limited([...bytesAndPath, { title: "Layers" }, { title: "How to save it" }], byPath),
  ]);
}

function versionText({ introducedBy, hiddenBy, cause }: WastedVersion, lines: ImageLines): string {
  const [from, to] = [introducedBy, hiddenBy].map((index) => `layer ${index + 1}${lineNote(lines, index)}`);
  const how = {
    deleted: "removed",
    overwritten: "replaced",
    metadata: "attributes changed",
    identical: "stored again",
  };
  return `added by ${from}, ${how[cause]} by ${to}`;
}

const maxDepth = 4;
const maxChildren = 20;

/** The file system of the image, the largest folders first, and the largest files. */
export function fileSystemSection({ root }: ImageView): Html {
  const files = [...walkTree(root)]
    .flatMap(({ path, entry }) => (entry?.kind === "file" ? [{ path, size: entry.size }] : []))
    .sort((a, b) => b.size - a.size);
  const rows = files.map(({ path, size }) => [formatBytes(size), element("code", {}, `/${path}`)]);
  return section("File system", formatBytes(root.totalBytes), [
    ...folderDetails(root, 1),
    element("details", {}, element("summary", {}, "Largest files"), ...limited(bytesAndPath, rows)),
  ]);
}

function folderDetails(folder: TreeNode, depth: number): readonly Html[] {
  const children = [...folder.children.values()].sort((a, b) => b.totalBytes - a.totalBytes);
  const shown = children.slice(0, maxChildren).map((child) => {
    const title = `${child.name}${child.children.size > 0 ? "/" : ""} ${formatBytes(child.totalBytes)}`;
    if (child.children.size === 0 || depth === maxDepth) return element("div", {}, title);
    return element("details", {}, element("summary", {}, title), ...folderDetails(child, depth + 1));
  });
  const omitted = children.length - shown.length;
  return omitted > 0 ? [...shown, moreNote(omitted)] : shown;
}

/** Files that the image ships more than once with the same content. */
export function duplicatesSection({ duplicates }: ImageView): Html {
  const total = duplicates.reduce((sum, { wastedBytes }) => sum + wastedBytes, 0);
  const rows = duplicates.map(({ size, wastedBytes, copies }) => [
    formatBytes(wastedBytes),
    `${copies.length} × ${formatBytes(size)}`,
    element(
      "code",
      {},
      copies
        .slice(0, maxChildren)
        .map(({ path }) => `/${path}`)
        .join("  "),
    ),
  ]);
  return section("Duplicates", `${formatBytes(total)} in copies`, [
    ...limited([{ title: "In copies", isNumber: true }, { title: "Files" }, { title: "Paths" }], rows),
  ]);
}

/** The packages of the image. */
export function packagesSection({ packages: { changes, unread } }: ImageView): Html {
  const rows = changes.map(({ manager, name, after }) => [manager, name, after.join(", ")]);
  return section("Packages", counted(changes.length, "package"), [
    ...(unread.length > 0 ? [element("p", {}, `Not read: ${unread.slice(0, maxChildren).join(", ")}`)] : []),
    ...(rows.length === 0 ? [] : [packageDetails(rows)]),
  ]);
}

function packageDetails(rows: readonly (readonly string[])[]): Html {
  const columns = [{ title: "Manager" }, { title: "Package" }, { title: "Version" }];
  return element("details", {}, element("summary", {}, "All packages"), ...limited(columns, rows, maxListed));
}

/** The settings of the image's containers, and the steps that made the image. */
export function configSection({ image: { config } }: ImageView): Html {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["User", config.user === "" ? [] : [config.user]],
    ["Working directory", config.workingDir === "" ? [] : [config.workingDir]],
    ["Entrypoint", config.entrypoint ?? []],
    ["Command", config.cmd ?? []],
    ["Environment", config.env],
    ["Ports", config.exposedPorts],
    ["Volumes", config.volumes],
    ["Labels", Object.entries(config.labels).map(([name, value]) => `${name}=${value}`)],
  ];
  const settings = lists.flatMap(([name, values]) => values.map((value) => [name, element("code", {}, value)]));
  const steps = config.history.map(({ created = "", createdBy, isEmptyLayer }) => [
    created,
    isEmptyLayer === true ? "no layer" : "",
    element("code", {}, createdBy),
  ]);
  return section("Configuration and history", "", [
    ...limited([{ title: "Setting" }, { title: "Value" }], settings, maxListed),
    element(
      "details",
      {},
      element("summary", {}, counted(steps.length, "step")),
      ...limited([{ title: "Created" }, { title: "" }, { title: "Step" }], steps, maxListed),
    ),
  ]);
}

function section(title: string, note: string, content: readonly Html[]): Html {
  return element("section", {}, element("h2", {}, title), element("p", { class: "quiet" }, note), ...content);
}

/** A table of the first rows, with the number of others. */
function limited(
  columns: Parameters<typeof table>[0],
  rows: readonly (readonly Child[])[],
  max = maxRows,
): readonly Html[] {
  if (rows.length === 0) return [];
  const omitted = rows.length - max;
  return [table(columns, rows.slice(0, max)), ...(omitted > 0 ? [moreNote(omitted)] : [])];
}

function moreNote(count: number): Html {
  return element("p", { class: "quiet" }, `${count.toLocaleString("en")} more`);
}
