import { innermostAt, instructionAt, isHuge, touches } from "../assist/instructionAt.ts";
import { locate } from "../assist/locate.ts";
import type { BuildText } from "../semantics/build.ts";
import type { Instruction, Span } from "../syntax/syntax.ts";

/** The ranges around an offset, from the word to the whole file, innermost first, each within the next and shorter. */
export function selectionAt(build: BuildText, offset: number): readonly Span[] {
  const { file } = build;
  const instruction = instructionAt(file, offset);
  const candidates = [
    locate(file, offset)?.span,
    ...(instruction && !isHuge(instruction.span) ? instructionSpans(build, instruction, offset) : []),
    instruction && trimmed(file.text, instruction.span),
    instruction && withComments(instruction),
    ...file.stages.map(({ from, instructions }) => ({
      start: withComments(from).start,
      end: trimmed(file.text, (instructions.at(-1) ?? from).span).end,
    })),
    { start: 0, end: file.text.length },
  ];
  return nested(candidates.flatMap((span) => (span && span.end > span.start && touches(span, offset) ? [span] : [])));
}

/** The words, options, commands and heredocs of an instruction that an offset touches. */
function instructionSpans(build: BuildText, outer: Instruction, offset: number): readonly Span[] {
  const { text } = build.file;
  const { flags, arguments: words, pairs, heredocs, restSpan, headSpan } = innermostAt(outer, offset);
  return [
    ...flags.flatMap(({ span, value, options }) => [
      span,
      ...(value ? [value.span] : []),
      ...options.map((it) => it.span),
    ]),
    ...words.map(({ span }) => span),
    ...pairs.flatMap(({ key, value = key }) => [value.span, { start: key.span.start, end: value.span.end }]),
    ...heredocs.flatMap(({ body }) => [body, ...lineAt(text, body, offset)]),
    ...shellSpans(build, outer, offset),
    trimmed(text, restSpan),
    trimmed(text, headSpan),
  ];
}

function shellSpans({ file, shell }: BuildText, instruction: Instruction, offset: number): readonly Span[] {
  const commands = shell.script(instruction, file)?.commands.filter(({ span }) => touches(span, offset)) ?? [];
  return commands.flatMap(({ span, nameSpan, arguments: words, assignments }) => [
    span,
    nameSpan,
    ...words.map((word) => word.span),
    ...assignments.map((assignment) => assignment.span),
  ]);
}

function lineAt(text: string, body: Span, offset: number): readonly Span[] {
  if (offset < body.start || offset >= body.end) return [];
  const newline = text.indexOf("\n", offset);
  return [trimmed(text, { start: text.lastIndexOf("\n", offset - 1) + 1, end: newline < 0 ? text.length : newline })];
}

function withComments({ leadingComments, span }: Instruction): Span {
  return { start: leadingComments[0]?.span.start ?? span.start, end: span.end };
}

/** Without blanks at its ends. */
function trimmed(text: string, { start, end }: Span): Span {
  const content = text.slice(start, end);
  const from = start + content.length - content.trimStart().length;
  return { start: from, end: Math.max(from, start + content.trimEnd().length) };
}

/** Each of the spans that contains all shorter ones. */
function nested(spans: readonly Span[]): readonly Span[] {
  const chosen: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.end - a.start - (b.end - b.start))) {
    const inner = chosen.at(-1);
    const isAround = !inner || (span.start <= inner.start && inner.end <= span.end);
    if (isAround && (!inner || span.end - span.start > inner.end - inner.start)) chosen.push(span);
  }
  return chosen;
}
