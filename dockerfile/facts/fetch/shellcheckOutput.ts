import { isRecord } from "../../../oci/core/text.ts";
import type { ShellCheckFinding, ShellCheckReplacement } from "../fact.ts";

/**
 * ShellCheck's findings for several scripts, keyed by file name. Undefined if the text isn't `--format=json1` output.
 * @see shellcheck(1), FORMATS
 */
export function decodeOutput(
  json: string,
  scripts: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly ShellCheckFinding[]> | undefined {
  const comments = commentsOf(json);
  if (!comments) return undefined;
  const places = new Map([...scripts].map(([name, text]) => [name, placesOf(text)]));
  const found = new Map<string, ShellCheckFinding[]>([...scripts.keys()].map((name) => [name, []]));
  for (const comment of comments) {
    const name = isRecord(comment) ? comment["file"] : undefined;
    const offsetAt = typeof name === "string" ? places.get(name) : undefined;
    const finding = offsetAt && decodeFinding(comment, offsetAt);
    if (!finding || typeof name !== "string") return undefined;
    found.get(name)?.push(finding);
  }
  return found;
}

type OffsetAt = (line: unknown, column: unknown) => number | undefined;

function commentsOf(json: string): readonly unknown[] | undefined {
  try {
    const decoded: unknown = JSON.parse(json);
    const comments = isRecord(decoded) ? decoded["comments"] : undefined;
    return Array.isArray(comments) ? comments : undefined;
  } catch {
    return undefined;
  }
}

const levels: ReadonlySet<unknown> = new Set(["error", "warning", "info", "style"]);

function decodeFinding(comment: unknown, offsetAt: OffsetAt): ShellCheckFinding | undefined {
  if (!isRecord(comment)) return undefined;
  const { line, column, endLine, endColumn, level, code, message, fix } = comment;
  const start = offsetAt(line, column);
  const end = offsetAt(endLine, endColumn);
  if (
    start === undefined ||
    end === undefined ||
    !isLevel(level) ||
    typeof code !== "number" ||
    typeof message !== "string"
  )
    return undefined;
  const replacements =
    isRecord(fix) && Array.isArray(fix["replacements"])
      ? fix["replacements"].map((it) => decodeReplacement(it, offsetAt))
      : [];
  const known = replacements.filter((replacement) => replacement !== undefined);
  // An incomplete fix is dropped.
  return {
    code,
    level,
    message,
    start,
    end: Math.max(start, end),
    replacements: known.length === replacements.length ? known : [],
  };
}

function isLevel(value: unknown): value is ShellCheckFinding["level"] {
  return levels.has(value);
}

function decodeReplacement(replacement: unknown, offsetAt: OffsetAt): ShellCheckReplacement | undefined {
  if (!isRecord(replacement)) return undefined;
  const { line, column, endLine, endColumn, insertionPoint, replacement: text } = replacement;
  const start = offsetAt(line, column);
  const end = offsetAt(endLine, endColumn);
  if (start === undefined || end === undefined || end < start || typeof text !== "string") return undefined;
  // Text inserted after something goes "before the start" of what follows.
  return { start, end, text, attachesTo: insertionPoint === "beforeStart" ? "previous" : "next" };
}

/**
 * Converts ShellCheck's lines and columns, which are 1-based and count code points, a tab as one (observed with 0.9.0);
 * undefined for positions outside.
 */
function placesOf(text: string): OffsetAt {
  const starts = [0];
  for (let index = text.indexOf("\n"); index >= 0; index = text.indexOf("\n", index + 1)) starts.push(index + 1);
  return (line, column) => {
    const start = typeof line === "number" ? starts[line - 1] : undefined;
    if (typeof line !== "number" || start === undefined || typeof column !== "number" || column < 1) return undefined;
    const end = (starts[line] ?? text.length + 1) - 1;
    let offset = start;
    for (let rest = column - 1; rest > 0 && offset < end; rest--)
      offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
    return offset;
  };
}
