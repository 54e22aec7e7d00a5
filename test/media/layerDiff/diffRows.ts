import type { ViewEntry, ViewRow } from "../../../media/protocol/messages.ts";

/**
 * A row from a short text: `A usr/bin/x 120`, `D etc/old 5`, `M etc/conf 5>9`, `T etc/passwd` (time only), `A usr/lib/`
 * (a folder).
 */
export function row(text: string): ViewRow {
  const [mark = "", path = "", sizes = "0"] = text.split(" ");
  const kind = path.endsWith("/") ? "directory" : "file";
  const [first = 0, second = first] = sizes.split(">").map(Number);
  const common = { path: path.replace(/\/$/, "") };
  switch (mark) {
    case "A":
      return { ...common, change: "added", attributes: [], after: entry(kind, first), deltaBytes: first };
    case "D":
      return { ...common, change: "removed", attributes: [], before: entry(kind, first), deltaBytes: -first };
    case "T":
      return {
        ...common,
        change: "metadata",
        attributes: ["mtime"],
        before: entry(kind, first),
        after: { ...entry(kind, first), mtimeMs: 1000 },
        deltaBytes: 0,
      };
    default:
      return {
        ...common,
        change: "content",
        attributes: ["content", "size", "mtime"],
        before: entry(kind, first),
        after: entry(kind, second),
        deltaBytes: second - first,
      };
  }
}

export function rows(text: string): readonly ViewRow[] {
  return text
    .trim()
    .split("\n")
    .map((line) => row(line.trim()));
}

function entry(kind: string, size: number): ViewEntry {
  return { kind, size, mode: kind === "directory" ? 0o755 : 0o644, owner: "0:0", mtimeMs: 0 };
}
