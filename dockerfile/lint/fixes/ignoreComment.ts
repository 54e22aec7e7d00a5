import type { Dockerfile, Instruction } from "../../syntax/syntax.ts";
import type { Change } from "../../edit/change.ts";
import type { Report, RuleMeta } from "../rule.ts";
import { instructionAt, isBuildkitCheck, suppressionLists, type SuppressionList } from "../config/suppressions.ts";

/**
 * Silences a rule for one instruction: extends the comment above it that silences other rules, else adds one. Empty if
 * there isn't an instruction.
 */
export function ignoreAtInstruction(
  file: Dockerfile,
  { rule, span }: Pick<Report, "rule" | "span">,
): readonly Change[] {
  const instruction = instructionAt(file, span.start);
  if (!instruction) return [];
  const above = instruction.leadingComments.map(({ span: comment }) => comment);
  const lists = suppressionLists(file).filter(
    ({ scope, namesSpan }) =>
      scope === "instruction" && above.some(({ start, end }) => start <= namesSpan.start && namesSpan.end <= end),
  );
  return extended(lists, rule) ?? [commentAbove(file, instruction, rule)];
}

/**
 * Silences a rule in the whole file: extends a comment or `# check=skip=` directive that silences other rules, else
 * adds a comment after the directives.
 */
export function ignoreInFile(file: Dockerfile, { rule }: Pick<Report, "rule">): readonly Change[] {
  const lists = suppressionLists(file).filter(({ scope }) => scope === "file");
  return extended(lists, rule) ?? [commentOfFile(file, rule)];
}

/** Extends a list, preferably our own; another tool's list only accepts names which that tool knows. */
function extended(lists: readonly SuppressionList[], rule: RuleMeta): Change[] | undefined {
  for (const style of ["imagewright", "buildkit", "hadolint", "shellcheck"] as const) {
    const list = lists.findLast((candidate) => candidate.style === style);
    const name = nameIn(style, rule);
    // BuildKit can't read the list `skip=all,X`.
    if (list && name && !list.names.some((known) => known.startsWith("all") || known === "shellcheck")) {
      return [{ span: { start: list.namesSpan.end, end: list.namesSpan.end }, text: `,${name}` }];
    }
  }
  return undefined;
}

function nameIn(style: SuppressionList["style"], rule: RuleMeta): string | undefined {
  switch (style) {
    case "imagewright":
      return rule.id;
    case "hadolint":
      return [rule.id, ...rule.aliases].find((name) => /^(?:DL|SC)\d+$/.test(name));
    case "shellcheck":
      return /^SC\d+$/.test(rule.id) ? rule.id : undefined;
    case "buildkit":
      return isBuildkitCheck(rule) ? rule.aliases.find((alias) => /^[A-Z]+[a-z]/.test(alias)) : undefined;
  }
}

function commentAbove(file: Dockerfile, { span }: Instruction, rule: RuleMeta): Change {
  const lineStart = file.text.lastIndexOf("\n", span.start - 1) + 1;
  const indentation = /^[ \t]*/.exec(file.text.slice(lineStart, span.start))?.[0] ?? "";
  const start = span.start - indentation.length;
  return { span: { start, end: start }, text: `${indentation}# imagewright ignore=${rule.id}${newlineOf(file)}` };
}

/** Adds a comment for the whole file. Directives count only if nothing else precedes them. */
function commentOfFile(file: Dockerfile, rule: RuleMeta): Change {
  const lastDirective = file.directives.at(-1);
  const before = lastDirective ?? (file.text.startsWith("#!") ? { span: { end: 1 } } : undefined);
  const comment = `# imagewright file ignore=${rule.id}`;
  if (!before) {
    const start = file.text.startsWith("\uFEFF") ? 1 : 0;
    return { span: { start, end: start }, text: comment + newlineOf(file) };
  }
  const newline = file.text.indexOf("\n", before.span.end);
  if (newline < 0) return { span: { start: file.text.length, end: file.text.length }, text: newlineOf(file) + comment };
  return { span: { start: newline + 1, end: newline + 1 }, text: comment + newlineOf(file) };
}

function newlineOf({ text }: Dockerfile): string {
  return /\r?\n/.exec(text)?.[0] ?? "\n";
}
