import type { Change } from "../../../dockerfile/edit/change.ts";
import { formatFile, type FormatOptions } from "../../../dockerfile/format/format.ts";
import { indentNewLine } from "../../../dockerfile/format/newLine.ts";
import type { IndentStyle } from "../../../dockerfile/format/indentation.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import type { Snapshot } from "../documents/dockerfileSnapshot.ts";
import { isPlainFile } from "./plainFile.ts";

/** The editor's part of the layout of a file; the rest is a setting. */
export type EditorFormat = Omit<FormatOptions, "keywordCase">;

/** Lays out the lines of a Dockerfile that a range touches. Nothing is changed in templates and in other languages. */
export function formatting({ build, settings }: Snapshot, range: Span, options: EditorFormat): readonly Change[] {
  const { file } = build;
  if (!isPlainFile(file)) return [];
  const start = file.text.lastIndexOf("\n", range.start - 1) + 1;
  const newline = file.text.indexOf("\n", range.end);
  const end = newline < 0 ? file.text.length : newline;
  const keywordCase = keywordCases.find((known) => known === settings.keywordCase) ?? "keep";
  return formatFile(build, { ...options, keywordCase }).filter(({ span }) => span.start >= start && span.end <= end);
}

/** Indents the line in which `offset` is, which was just begun. */
export function newLineIndentation({ file }: Snapshot, offset: number, style: IndentStyle): readonly Change[] {
  const change = isPlainFile(file) ? indentNewLine(file, offset, style) : undefined;
  return change ? [change] : [];
}

const keywordCases: readonly FormatOptions["keywordCase"][] = ["keep", "upper", "lower"];
