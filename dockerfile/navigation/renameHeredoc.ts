import { locate } from "../assist/locate.ts";
import type { Change } from "../edit/change.ts";
import type { Dockerfile, Heredoc, Span } from "../syntax/syntax.ts";

/** The name of the heredoc at an offset, where it begins or ends; undefined if quotes or escapes are within it. */
export function renamableHeredoc(file: Dockerfile, offset: number): { readonly span: Span } | undefined {
  const located = locate(file, offset);
  if (located?.kind !== "heredoc" || located.part === "body") return undefined;
  const [start, end] = namesOf(file, located.heredoc) ?? [];
  const span = located.part === "start" ? start : end;
  return span && { span };
}

/** Renames the heredoc at an offset; refused if a line of it would end it. */
export function renameHeredoc(
  file: Dockerfile,
  offset: number,
  name: string,
): { readonly changes: readonly Change[] } | { readonly refusal: string } | undefined {
  const located = locate(file, offset);
  const names = located?.kind === "heredoc" ? namesOf(file, located.heredoc) : undefined;
  if (located?.kind !== "heredoc" || !names || !renamableHeredoc(file, offset)) return undefined;
  // The name of a COPY's heredoc is that of a file.
  if (!/^[A-Za-z_][\w.-]*$/.test(name))
    return {
      refusal: "The name of a heredoc begins with a letter or underscore and may contain letters, digits, _, . and -",
    };
  const { body } = located.heredoc;
  const lines = file.text.slice(body.start, body.end).split(/\r?\n/);
  if (lines.some((line) => line.trim() === name)) return { refusal: `A line of the heredoc is ${name}` };
  return { changes: names.map((span) => ({ span, text: name })) };
}

/** The places of the name; undefined if a part of it is quoted, or if the heredoc has no end. */
function namesOf({ text }: Dockerfile, { name, span, end }: Heredoc): readonly [Span, Span] | undefined {
  const written = text.slice(span.start, span.end);
  const at = written.lastIndexOf(name);
  if (!end || at < 0 || !/^["']?$/.test(written.slice(at + name.length))) return undefined;
  const last = text.slice(end.start, end.end).lastIndexOf(name);
  if (last < 0) return undefined;
  const spanFrom = (start: number): Span => ({ start, end: start + name.length });
  return [spanFrom(span.start + at), spanFrom(end.start + last)];
}
