import type { Report, Severity } from "../../../dockerfile/lint/rule.ts";
import { positionsOf, type Position } from "../positions.ts";
import type { Colors } from "./colors.ts";
import type { LintedFile } from "./lintedFile.ts";
import { printable } from "./sinks.ts";

export interface TextOptions {
  readonly colors: Colors;
  /** "brief": findings only, and no output without findings. */
  readonly length: "full" | "brief";
}

/** Findings as a compiler prints them: place, severity, message, rule, the line with its marks, and the fix. */
export function lintText(linted: readonly LintedFile[], { colors, length }: TextOptions): string {
  const blocks = linted.flatMap((one) => blocksOf(one, colors));
  return [...blocks, ...(length === "full" ? [summary(linted, colors)] : [])].join("\n\n");
}

function blocksOf({ input, reports }: LintedFile, colors: Colors): string[] {
  const { range, line } = positionsOf(input.text);
  return reports.map((report) => {
    const { start, end } = range(report.span);
    return [
      heading(input.path, start, report, colors),
      ...excerpt(line(start.line), start, end, colors),
      ...fixLine(report, start, colors),
    ].join("\n");
  });
}

function heading(
  path: string,
  { line, character }: Position,
  { severity, message, rule }: Report,
  colors: Colors,
): string {
  return `${colors.bold(`${printable(path)}:${line + 1}:${character + 1}:`)} ${paint(severity, colors)(severity)}: ${colors.bold(printable(message))} ${colors.dim(`[${rule.id}]`)}`;
}

function paint(severity: Severity, colors: Colors): (text: string) => string {
  switch (severity) {
    case "error":
      return colors.red;
    case "warning":
      return colors.yellow;
    case "info":
      return colors.blue;
    case "hint":
      return colors.cyan;
  }
}

// Characters kept before and after the marked part of a line that is too long to read.
const contextCharacters = 60;
const maxShownCharacters = 160;

/** The first line of the marked range, and marks below it. */
function excerpt(source: string, start: Position, end: Position, colors: Colors): string[] {
  const number = String(start.line + 1);
  const gutter = colors.dim(`${" ".repeat(number.length)} |`);
  const last = end.line === start.line ? end.character : source.length;
  const isLong = source.length > maxShownCharacters;
  const from = isLong ? Math.max(0, start.character - contextCharacters) : 0;
  const to = isLong ? Math.min(source.length, from + maxShownCharacters) : source.length;
  const lead = from > 0 ? "…" : "";
  const shown = `${lead}${shownText(source.slice(from, to))}${to < source.length ? "…" : ""}`;
  const before = `${lead}${shownText(source.slice(from, start.character))}`;
  const meant = shownText(source.slice(start.character, Math.min(last, to)));
  // Tabs are kept, so that the marks line up with the text whatever the tab width.
  const padding = before.replace(/[^\t]/gu, (c) => " ".repeat(widthOf(c)));
  const marks = "^".repeat(
    Math.max(
      1,
      [...meant].reduce((sum, c) => sum + widthOf(c), 0),
    ),
  );
  const more = end.line > start.line ? ` … to line ${end.line + 1}` : "";
  return [gutter, `${colors.dim(`${number} |`)} ${shown}`, `${gutter} ${padding}${paintMarks(colors)(marks)}${more}`];
}

function paintMarks(colors: Colors): (text: string) => string {
  return colors.green;
}

function shownText(text: string): string {
  return text.replaceAll(/[^\t]+/g, printable);
}

/** The columns that a terminal gives a character. @see Unicode Standard Annex 11 */
function widthOf(character: string): number {
  if (/\p{M}|\u200d/u.test(character)) return 0;
  return /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u.test(
    character,
  )
    ? 2
    : 1;
}

function fixLine({ fix }: Report, { line }: Position, colors: Colors): string[] {
  const found = fix?.();
  if (!found) return [];
  const how = found.safety === "safe" ? "--fix does it" : "by hand, or in an editor";
  return [
    `${colors.dim(`${" ".repeat(String(line + 1).length)} =`)} ${colors.green("fix:")} ${printable(found.title)} ${colors.dim(`(${how})`)}`,
  ];
}

const severities: readonly Severity[] = ["error", "warning", "info", "hint"];

function summary(linted: readonly LintedFile[], colors: Colors): string {
  const reports = linted.flatMap((one) => one.reports);
  const files = counted(linted.length, "file");
  if (linted.length === 0) return colors.red("no file was checked");
  if (reports.length === 0) return colors.green(`no problems in ${files}`);
  const bySeverity = severities.flatMap((severity) => {
    const count = reports.filter((report) => report.severity === severity).length;
    return count > 0 ? [paint(severity, colors)(severity === "info" ? `${count} info` : counted(count, severity))] : [];
  });
  const fixable = reports.filter(({ fix }) => fix?.().safety === "safe").length;
  return `${colors.bold(counted(reports.length, "problem"))} in ${files}: ${bySeverity.join(", ")}${fixable > 0 ? `; --fix fixes ${fixable}` : ""}`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
