import { applyChanges } from "../edit/applyChanges.ts";
import type { Change } from "../edit/change.ts";
import { newlineOf, withoutLines } from "../edit/edits.ts";
import { occurrencesIn } from "../navigation/bindings.ts";
import { occurrenceAt } from "../navigation/navigate.ts";
import type { Occurrence } from "../navigation/occurrence.ts";
import type { Build } from "../semantics/build.ts";
import { readBuildText } from "../semantics/createBuild.ts";
import { predefinedArgs } from "../syntax/expand/predefinedArgs.ts";
import { parse } from "../syntax/parse.ts";
import type { Dockerfile, Instruction, Span } from "../syntax/syntax.ts";
import { isSingleQuoted } from "./quotes.ts";
import type { Refactor } from "./refactoring.ts";

/** Makes the selected text the default of a new ARG that is used in its place. */
export const extractArg: Refactor = ({ build, instruction, range }) => {
  const { file } = build;
  const value = file.text.slice(range.start, range.end);
  if (!plainValue.test(value) || range.end > instruction.headSpan.end) return [];
  const name = freeName(file, instruction.keyword.value === "FROM" ? "BASE" : "VALUE");
  const at = lineStart(file, placeOfArg(file, instruction));
  const declaration = `ARG ${name}=${value}${newlineOf(file)}`;
  const changes: readonly Change[] = [
    { span: { start: at, end: at }, text: declaration },
    { span: range, text: `\${${name}}` },
  ];
  const used = range.start + declaration.length + "${".length;
  return isUseOf(build, changes, used, name) && !isSingleQuoted(file.text, instruction.restSpan, range.start)
    ? [{ title: `Extract to ARG ${name}`, kind: "extract", changes }]
    : [];
};

/** Writes the default of the ARG at the cursor wherever it is used, and removes the ARG. */
export const inlineArg: Refactor = ({ build, range }) => {
  const found = occurrenceAt(build, range.start);
  const target = found?.occurrence.target;
  if (!found || target?.kind !== "variable" || target.by !== "ARG" || predefinedArgs.has(target.name)) return [];
  const own = found.all.filter((occurrence) => occurrence.target.id === target.id);
  const lines = own.filter(({ role }) => role === "declaration").map(({ span }) => declarationAt(build.file, span));
  const uses = own.filter(({ role }) => role === "use").map((use) => plainUse(build.file, use));
  const value = defaultOf(lines);
  if (value === undefined || uses.length === 0) return [];
  const removed = lines.flatMap((line) => (line ? [withoutLines(build.file, line.span)] : []));
  const replaced = uses.flatMap((span) => (span ? [{ span, text: value }] : []));
  return removed.length + replaced.length < own.length
    ? []
    : [{ title: `Inline ARG ${target.name}`, kind: "inline", changes: [...removed, ...replaced] }];
};

/** Texts that need no quotes anywhere. */
const plainValue = /^[\w./:@+-]+$/;

/** Before the first FROM for FROM itself, which knows no other ARG, else above the instruction. */
function placeOfArg({ stages }: Dockerfile, instruction: Instruction): number {
  const user = instruction.keyword.value === "FROM" ? (stages[0]?.from ?? instruction) : instruction;
  return (user.leadingComments[0] ?? user).span.start;
}

function lineStart({ text }: Dockerfile, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

function freeName({ text }: Dockerfile, name: string): string {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? name : `${name}_${number}`;
    if (!new RegExp(`\\b${candidate}\\b`).test(text)) return candidate;
  }
}

/** True if after the changes the name at an offset is a variable that something expands, with no new problem. */
function isUseOf(build: Build, changes: readonly Change[], offset: number, name: string): boolean {
  const after = readBuildText(parse(applyChanges(build.file.text, changes)), build.shell);
  const use = occurrencesIn(after).find(({ span }) => span.start === offset);
  const isRead = use?.role === "use" && use.target.kind === "variable" && use.target.name === name;
  return isRead && after.file.problems.length <= build.file.problems.length;
}

/** The ARG that declares nothing but the variable at a span. */
function declarationAt({ instructions }: Dockerfile, { start }: Span): Instruction | undefined {
  const instruction = instructions.find(({ span }) => span.start <= start && start < span.end);
  return instruction?.keyword.value === "ARG" && instruction.pairs.length === 1 ? instruction : undefined;
}

/** The one value that the declarations give; undefined if they differ or if it would need quotes. */
function defaultOf(lines: readonly (Instruction | undefined)[]): string | undefined {
  const values = lines.flatMap((line) => line?.pairs[0]?.value?.value ?? []);
  const [value, ...others] = new Set(values);
  return value !== undefined && others.length === 0 && plainValue.test(value) ? value : undefined;
}

/** `$NAME` or `${NAME}` around a name; undefined of modifiers and where the shell doesn't expand. */
function plainUse({ text, instructions }: Dockerfile, { span, obstacle }: Occurrence): Span | undefined {
  const instruction = instructions.find((one) => one.span.start <= span.start && span.start < one.span.end);
  if (obstacle !== undefined || !instruction || isSingleQuoted(text, instruction.restSpan, span.start))
    return undefined;
  if (text.slice(span.start - 2, span.start) === "${" && text[span.end] === "}")
    return { start: span.start - 2, end: span.end + 1 };
  return text[span.start - 1] === "$" ? { start: span.start - 1, end: span.end } : undefined;
}
