import type { Dockerfile, Heredoc, Instruction, Span, Stage } from "../syntax/syntax.ts";

/** A range of lines that can be folded into its first one. */
export interface Fold {
  readonly kind: "comment" | "code";
  /** From the first line to the last one, which is a different line. */
  readonly span: Span;
}

/**
 * Stages, instructions over several lines, blocks of comments, and the bodies of heredocs; for each first line only the
 * longest.
 */
export function foldsOf(file: Dockerfile): readonly Fold[] {
  const code = [
    ...file.stages.map(stageSpan),
    ...file.instructions.flatMap((instruction) => instructionSpans(file, instruction)),
  ].map((span): Fold => ({ kind: "code", span }));
  const comments = commentBlocks(file).map((span): Fold => ({ kind: "comment", span }));
  const folds = [...code, ...comments].filter(({ span }) => hasSeveralLines(file, span));
  return oneForEachLine(
    file,
    folds.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end),
  );
}

function stageSpan({ from, instructions }: Stage): Span {
  return { start: from.span.start, end: (instructions.at(-1) ?? from).span.end };
}

function instructionSpans(file: Dockerfile, { span, headSpan, heredocs }: Instruction): readonly Span[] {
  const whole = hasSeveralLines(file, headSpan) ? [span] : [];
  const filled = heredocs.filter(({ body }) => body.end > body.start);
  return [...whole, ...filled.map((heredoc) => heredocSpan(file, heredoc))];
}

/** From the line above the body; the terminator stays visible. */
function heredocSpan({ text }: Dockerfile, { body }: Heredoc): Span {
  const before = text.slice(body.start - 2, body.start) === "\r\n" ? 2 : 1;
  const last = text.slice(body.start, body.end);
  return { start: Math.max(0, body.start - before), end: body.end - (/\r?\n$/.exec(last)?.[0].length ?? 0) };
}

function commentBlocks({ text, comments }: Dockerfile): readonly Span[] {
  const blocks: { start: number; end: number }[] = [];
  for (const { span } of comments) {
    const block = blocks.at(-1);
    if (block && /^\r?\n[ \t]*$/.test(text.slice(block.end, span.start))) block.end = span.end;
    else blocks.push({ ...span });
  }
  return blocks;
}

function hasSeveralLines({ text }: Dockerfile, { start, end }: Span): boolean {
  const newline = text.indexOf("\n", start);
  return newline >= 0 && newline < end;
}

function oneForEachLine({ text }: Dockerfile, folds: readonly Fold[]): readonly Fold[] {
  let lineEnd = -1;
  return folds.filter(({ span }) => {
    if (span.start <= lineEnd) return false;
    lineEnd = text.indexOf("\n", span.start);
    return true;
  });
}
