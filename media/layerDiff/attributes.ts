import type { ChangedAttribute } from "../../oci/core/diff.ts";
import { formatBytes, formatDelta } from "../../oci/core/bytes.ts";
import type { ViewEntry, ViewRow } from "../protocol/messages.ts";
import { l10n } from "../protocol/l10n.ts";

/** One line of the details: an attribute before and after; undefined if there was none. */
export interface AttributeLine {
  readonly name: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly differs: boolean;
}

/** The attributes of a row, those that differ first. */
export function attributeLines(row: ViewRow): readonly AttributeLine[] {
  const changed = new Set(row.attributes);
  const lines = attributes
    .map(({ attribute, name, print }): AttributeLine => {
      const before = row.before === undefined ? undefined : print(row.before);
      const after = row.after === undefined ? undefined : print(row.after);
      return { name, before, after, differs: changed.has(attribute) };
    })
    .filter(({ before, after, differs }) => differs || before !== undefined || after !== undefined);
  return [...lines.filter(({ differs }) => differs), ...lines.filter(({ differs }) => !differs)];
}

/** The attributes that differ, in words, for the row's last column; empty for added and removed files. */
export function changedWords(row: ViewRow): string {
  switch (row.change) {
    case "added":
    case "removed":
    case "same":
      return "";
    case "renamed":
      return row.from === undefined ? l10n.t("from elsewhere") : l10n.t("from {0}", row.from);
    case "type":
      return typeWords(row);
    case "content":
    case "metadata":
      return differing(row.attributes);
    default:
      return row.change satisfies never;
  }
}

function typeWords({ before, after }: ViewRow): string {
  return `${before?.kind ?? "?"} → ${after?.kind ?? "?"}`;
}

/** Leaves out the obvious: another size means other content, and any change of a file changes its time. The details show all. */
function differing(attributes: ViewRow["attributes"]): string {
  const said = attributes.filter(
    (attribute) => attribute !== "mtime" && !(attribute === "size" && attributes.includes("content")),
  );
  return (said.length === 0 ? attributes : said).map((attribute) => words[attribute]).join(", ");
}

export function sizeText(entry: ViewEntry | undefined): string {
  return entry === undefined || entry.kind !== "file" ? "" : formatBytes(entry.size);
}

export function deltaText(bytes: number): string {
  return bytes === 0 ? "" : formatDelta(bytes).replace(/^-/, "−");
}

/** `rwxr-sr-x (2755)`. @see POSIX ls, "file mode" */
export function modeText(mode: number): string {
  const bits = (shift: number, special: boolean, letters: readonly [string, string]): string => {
    const three = mode >> shift;
    const execute = special ? ((three & 1) === 1 ? letters[0] : letters[1]) : (three & 1) === 1 ? "x" : "-";
    return `${(three & 4) === 4 ? "r" : "-"}${(three & 2) === 2 ? "w" : "-"}${execute}`;
  };
  const text =
    bits(6, (mode & 0o4000) !== 0, ["s", "S"]) +
    bits(3, (mode & 0o2000) !== 0, ["s", "S"]) +
    bits(0, (mode & 0o1000) !== 0, ["t", "T"]);
  return `${text} (${mode.toString(8).padStart(4, "0")})`;
}

/** Formats a time in UTC, with fractions of a second if there are any. */
export function timeText(timeMs: number): string {
  const date = new Date(timeMs);
  if (Number.isNaN(date.getTime())) return l10n.t("invalid date");
  return `${date
    .toISOString()
    .replace("T", " ")
    .replace(/\.000Z$/, "")
    .replace(/Z$/, "")} UTC`;
}

/** `12.3 kB (12,345 bytes)`, `345 B`. */
function bytesText(bytes: number): string {
  return bytes < 1000 ? formatBytes(bytes) : l10n.t("{0} ({1} bytes)", formatBytes(bytes), bytes.toLocaleString("en"));
}

const words: Readonly<Record<ChangedAttribute, string>> = {
  content: l10n.t("content"),
  size: l10n.t("size"),
  mode: l10n.t("mode"),
  owner: l10n.t("owner"),
  mtime: l10n.t("time"),
  linkTarget: l10n.t("link target"),
  device: l10n.t("device"),
  xattrs: l10n.t("extended attributes"),
  kind: l10n.t("type"),
  path: l10n.t("path"),
};

interface Printed {
  readonly attribute: ChangedAttribute;
  readonly name: string;
  readonly print: (entry: ViewEntry) => string | undefined;
}

const attributes: readonly Printed[] = [
  { attribute: "kind", name: l10n.t("Type"), print: (entry) => entry.kind },
  {
    attribute: "size",
    name: l10n.t("Size"),
    print: (entry) => (entry.kind === "file" ? bytesText(entry.size) : undefined),
  },
  { attribute: "mode", name: l10n.t("Mode"), print: (entry) => modeText(entry.mode) },
  { attribute: "owner", name: l10n.t("Owner"), print: (entry) => entry.owner },
  { attribute: "mtime", name: l10n.t("Modified"), print: (entry) => timeText(entry.mtimeMs) },
  { attribute: "linkTarget", name: l10n.t("Link target"), print: (entry) => entry.linkTarget },
  { attribute: "device", name: l10n.t("Device"), print: (entry) => entry.device },
  {
    attribute: "xattrs",
    name: l10n.t("Extended attributes"),
    print: ({ xattrs }) =>
      xattrs === undefined
        ? undefined
        : Object.entries(xattrs)
            .map(([name, value]) => `${name}=${value}`)
            .join("\n"),
  },
];
