import type { Dockerfile, Instruction, LogicalText, Span } from "../../syntax/syntax.ts";

/**
 * The first place that a template engine fills in, which makes the file a template of Dockerfiles; undefined if there
 * isn't one. Texts that may be meant for a program in the image don't count: heredocs, and quoted text in RUN.
 */
export function templateMark(file: Dockerfile): Span | undefined {
  if (!anyMark.test(file.text)) return undefined;
  return preprocessorLine(file) ?? file.instructions.flatMap((it) => markIn(file, it) ?? [])[0];
}

/**
 * `{{ name }}` and `{{ if x }}` of Jinja, Go and similar engines, `{% … %}`, `<% … %>`, `<#if …>`; not `{{.ID}}` and
 * `{{json .}}`, which programs take as formats.
 */
const marks: readonly RegExp[] = [
  /\{\{[-~]?\s*(?!(?:json|range|end|if|else|with|index|len|printf|print|println|join|upper|lower|title)\b)[A-Za-z_]\w*(?:\.\w+|\[[^[\]{}]*\])*\s*(?:\|[^{}]*)?[-~]?\}\}/,
  /\{\{[#/^>!&]\s*[\w.][^{}]*\}\}/,
  /\{%[-+~]?\s*\w[^%]*%\}/,
  /<%(?:[=#-]|\s)/,
  /<\/?#(?:if|else|list|include|assign|macro)\b/,
  /%%(?<!\$\{[^}]{0,80}%%)[A-Za-z_]\w+%%/,
];

/** `@VERSION@` of Autoconf and CMake; `s/@VERSION@/` looks for it in another file. */
const placeholder = /(?<![/|,#!\w])@[A-Z][A-Z0-9_]*@/;
const placeholderAnywhere = /@[A-Z][A-Z0-9_]*@/;

/** `{{.Name}}` where no program would read it as a format. */
const fieldMark = /\{\{[-~]?\s*[.$]/;

/**
 * The same among the words of a command: with blanks, which a format doesn't have outside quotes, or where no option
 * precedes it.
 */
const fieldWord = /\{\{[-~]?\s+[.$]|\{\{(?<!\s-\S{0,30}(?:=|\s[\s\\]{0,8})\{\{)[-~]?[.$]/;

/** Marks of engines with other delimiters in a FROM: no image has such a name. */
const baseMark = /\[\[|\(\(|#\{|<\w|%\w+%|\{(?<!\$\{)/;

/** The start of a line that a template engine removes. */
const lineMark = /^[ \t]*(?:\{\{[-~#/^!]?\s*[A-Za-z_"(/#]|\{\{[-~]?\s+[.$]|\{%|\{#|<%|<\/?#\w|%%\w+%%)/m;

/** The first word of such a line, also in Mako and Blade. */
const lineWord =
  /^(?:\{\{[-~]?[.$].*|%|@(?:if|elseif|else|endif|for|foreach|endforeach|include|section)(?:\(.*)?|@@\w+@@)$/;

/** Without any of these there is nothing to search for. */
const anyMark = /\{\{|\{[%#]|<[%#/]|%%|@[@A-Z]|^#\s?[ief]|^[\w]+\(|^dnl$|^[ \t]*(?:%|@\w)|^[ \t]*from\s.*[[({<%]/im;

/** In a flag, which ends at the first blank. */
const flagMark = /\{\{|\{%|<%|%%\w|@[A-Z_]+@/;

/** `include(` and `define(` of m4. */
const m4Word = /^(?:m4_)?(?:include|sinclude|define|undefine|changequote|ifdef|ifelse|divert)\(|^dnl$/;

function markIn(file: Dockerfile, instruction: Instruction): Span | undefined {
  const { keyword, headSpan, rest, flags } = instruction;
  if ([m4Word, lineMark, lineWord].some((mark) => mark.test(keyword.written))) return keyword.span;
  const isForPrograms = readByPrograms.has(keyword.value);
  const head = file.text.slice(headSpan.start, headSpan.end);
  const line = isForPrograms && keyword.value !== "RUN" ? undefined : lineMark.exec(unquoted(head));
  if (line) return { start: headSpan.start + line.index, end: headSpan.start + line.index + line[0].length };
  const patterns = [...marks, ...marksOf(keyword.value)];
  const flag = flags.find(({ span }) => flagMark.test(file.text.slice(span.start, span.end)));
  return flag?.span ?? firstMatch(rest, isForPrograms ? unquoted(rest.text) : rest.text, patterns);
}

function marksOf(keyword: string): readonly RegExp[] {
  if (keyword === "FROM") return [placeholderAnywhere, fieldMark, baseMark];
  if (keyword === "RUN") return [placeholder, fieldWord];
  if (keyword === "ENV") return [placeholderAnywhere];
  return readByPrograms.has(keyword) ? [placeholder] : [placeholderAnywhere, fieldMark];
}

/** Instructions whose texts may contain templates for another program. */
const readByPrograms: ReadonlySet<string> = new Set(["RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD", "LABEL"]);

function firstMatch(text: LogicalText, searched: string, patterns: readonly RegExp[]): Span | undefined {
  const found = patterns.map((mark) => mark.exec(searched)).filter((match) => match !== null);
  const [first] = found.toSorted((a, b) => a.index - b.index);
  return first && { start: text.offsetAt(first.index), end: text.offsetAt(first.index + first[0].length) };
}

/** The text with quoted parts replaced by blanks. One without an end is left, as everything after it. */
function unquoted(text: string): string {
  return text.replace(/'[^']*'|"(?:\\[^]?|[^"\\])*("?)/g, (quoted, end?: string) =>
    end === "" ? quoted : quoted.replace(/[^\n]/g, " "),
  );
}

/**
 * The first `#include "x"`, or `#if` with its `#endif` or `#end`: lines of the C preprocessor and of Velocity, which
 * are comments to a builder.
 */
function preprocessorLine({ comments, text }: Dockerfile): Span | undefined {
  const lines = comments.map(({ span }) => ({ span, line: text.slice(span.start, span.end).trimEnd() }));
  const isClosed = lines.some(({ line }) => /^#(?:endif\b|end$|end\s+if\b)/.test(line));
  return lines.find(
    ({ line }) => /^#\s?include\s*["<]/.test(line) || (isClosed && /^#(?:if|ifdef|ifndef|foreach)\b/.test(line)),
  )?.span;
}
