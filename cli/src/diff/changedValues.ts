import type { ChangedAttribute, DiffRow } from "../../../oci/core/diff.ts";
import type { LayerEntry } from "../../../oci/core/entry.ts";
import { ownEntry } from "../../../oci/core/ownEntry.ts";
import { securityMarks } from "../../../oci/images/securityMarks.ts";

/**
 * The attributes that differ with their old and new values, and reasons to review the change:
 * `mode 0755 → 4755; security: setuid`.
 */
export function changedValues(row: DiffRow): string {
  const { attributes, before, after } = row;
  const values = attributes.map((attribute) => changedValue(attribute, before, after));
  const writtenPath = after?.writtenPath ?? before?.writtenPath;
  const marks = securityMarks(row);
  return [
    ...(values.length > 0 ? [values.join(", ")] : []),
    ...(writtenPath === undefined ? [] : [`written as ${writtenPath}`]),
    ...(marks.length > 0 ? [`security: ${marks.join(", ")}`] : []),
  ].join("; ");
}

/** The name alone for what has no short value, and for hard links, whose values are those of the file they name. */
function changedValue(attribute: ChangedAttribute, before?: LayerEntry, after?: LayerEntry): string {
  const name = names[attribute];
  if (!before || !after) return name;
  if (attribute === "xattrs") return `${name} ${changedXattrs(before, after)}`.trimEnd();
  const print = printers.get(attribute);
  const [was, is] = [print?.(before), print?.(after)];
  return was === is ? name : `${name} ${was ?? "none"} → ${is ?? "none"}`;
}

const names: Readonly<Record<ChangedAttribute, string>> = {
  content: "content",
  size: "size",
  mode: "mode",
  owner: "owner",
  mtime: "time",
  linkTarget: "link target",
  device: "device",
  xattrs: "xattrs",
  kind: "type",
  path: "path",
};

const printers: ReadonlyMap<ChangedAttribute, (entry: LayerEntry) => string | undefined> = new Map([
  ["kind", ({ kind }) => kind],
  ["size", ({ size }) => String(size)],
  ["mode", ({ mode }) => mode.toString(8).padStart(4, "0")],
  ["owner", ({ uid, gid }) => `${uid}:${gid}`],
  ["mtime", ({ mtimeMs }) => timeText(mtimeMs)],
  ["linkTarget", ({ linkTarget }) => linkTarget],
  ["device", ({ deviceMajor = 0, deviceMinor = 0 }) => `${deviceMajor}:${deviceMinor}`],
]);

/** ISO 8601 in UTC, with fractions of a second if there are any; the number for a time that no date can have. */
function timeText(timeMs: number): string {
  const date = new Date(timeMs);
  return Number.isNaN(date.getTime()) ? String(timeMs) : date.toISOString().replace(".000Z", "Z");
}

/** The names of the attributes that were added, removed or changed: `+user.a -user.b ~user.c`. */
function changedXattrs({ xattrs: was = {} }: LayerEntry, { xattrs: is = {} }: LayerEntry): string {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .flatMap((name) => {
      const [old, current] = [ownEntry(was, name), ownEntry(is, name)];
      if (old === current) return [];
      return `${old === undefined ? "+" : current === undefined ? "-" : "~"}${name}`;
    })
    .join(" ");
}
