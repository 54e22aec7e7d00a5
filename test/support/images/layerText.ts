// Layers as text, trees as text: the input and output of golden tests of the image model.
import { createHash } from "node:crypto";
import { contentBytes } from "../../../oci/core/bytes.ts";
import { contentOf } from "../../../oci/core/columns/contentBuilder.ts";
import type { DiffRow } from "../../../oci/core/diff.ts";
import type { LayerContent, LayerEntry } from "../../../oci/core/entry.ts";
import { walkTree, type TreeNode } from "../../../oci/core/layerTree.ts";

/**
 * A layer from lines: `a/` directory, `a 5` file of 5 bytes, `a 5 #x` with content "x", `a -> b` symlink, `a => b` hard
 * link, `-a` whiteout, `a/ !` opaque. `0600`, `@7` (mtime in seconds), `u1` (owner) and `cap` (an xattr) may follow.
 */
export function layer(text: string): LayerContent {
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const whiteouts = lines.filter((line) => line.startsWith("-")).map((line) => line.slice(1));
  const opaqueDirectories = lines
    .filter((line) => line.endsWith("!"))
    .map((line) => line.slice(0, -1).trim().replace(/\/$/, ""));
  const entries = lines.filter((line) => !line.startsWith("-") && !line.endsWith("!")).map(entryOf);
  return contentOf({ entries, whiteouts, opaqueDirectories });
}

function entryOf(line: string): LayerEntry {
  const [path = "", ...words] = line.split(" ");
  const { kind, linkTarget } = kindOf(path, words);
  const find = (pattern: RegExp): string | undefined =>
    words.map((word) => pattern.exec(word)?.[1]).find((found) => found !== undefined);
  const number = (pattern: RegExp): number => Number(find(pattern) ?? 0);
  const content = find(/^#(.+)$/);
  return {
    path: path.replace(/\/$/, ""),
    kind,
    size: contentBytes(kind === "file" ? number(/^([1-9][0-9]*|0)$/) : 0),
    mode: Number.parseInt(find(/^(0[0-7]{3,4})$/) ?? (kind === "directory" ? "755" : "644"), 8),
    uid: number(/^u([0-9]+)$/),
    gid: 0,
    mtimeMs: number(/^@([0-9]+)$/) * 1000,
    ...(linkTarget === undefined ? {} : { linkTarget }),
    ...(words.includes("cap") ? { xattrs: { "security.capability": "AQAAAg==" } } : {}),
    ...(content === undefined ? {} : { sha256: createHash("sha256").update(content).digest("hex") }),
  };
}

function kindOf(path: string, [sign, target = ""]: readonly string[]): Pick<LayerEntry, "kind" | "linkTarget"> {
  if (sign === "->") return { kind: "symlink", linkTarget: target };
  if (sign === "=>") return { kind: "hardlink", linkTarget: target };
  return { kind: path.endsWith("/") ? "directory" : "file" };
}

/** Prints one line per path, indented, with totals of directories in brackets. */
export function printTree(root: TreeNode): string {
  return [...walkTree(root)]
    .map((node) => `${"  ".repeat(node.path.split("/").length - 1)}${printNode(node)}`)
    .join("\n");
}

function printNode(node: TreeNode): string {
  const { name, entry, marker, children, totalBytes, totalFiles, layerIndex } = node;
  const isFolder = entry?.kind === "directory" || (!entry && marker !== "whiteout") || children.size > 0;
  const parts = [
    isFolder ? `${name}/` : name,
    marker ? `<${marker}>` : "",
    printEntry(node),
    isFolder ? `[${totalBytes} in ${totalFiles}]` : "",
  ];
  parts.push(isFolder && !entry && !marker ? "implied" : "", layerIndex === undefined ? "" : `@${layerIndex}`);
  return parts.filter((part) => part !== "").join(" ");
}

function printEntry({ entry, linked }: TreeNode): string {
  if (entry?.kind === "file") return String(entry.size);
  if (entry?.kind === "symlink") return `-> ${entry.linkTarget ?? ""}`;
  return entry?.kind === "hardlink" ? `=> ${entry.linkTarget ?? ""} (${linked?.size ?? "dangling"})` : "";
}

/** `content a (size, mtime) +3`. */
export function printRows(rows: readonly DiffRow[]): string {
  return rows
    .map(({ path, change, attributes, before, deltaBytes, whiteout }) => {
      const from = change === "renamed" ? `${before?.path ?? ""} -> ` : "";
      const listed = attributes.length === 0 ? "" : ` (${attributes.join(", ")})`;
      return `${change} ${from}${path}${listed}${whiteout ? ` whiteout ${whiteout}` : ""}${deltaBytes === 0 ? "" : ` ${deltaBytes > 0 ? "+" : ""}${deltaBytes}`}`;
    })
    .join("\n");
}

/** The text without its common indent and outer blank lines, which lets golden texts follow the code's indent. */
export function golden(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const indent = Math.min(...lines.map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(indent).trimEnd()).join("\n");
}
