import type { Comment, Dockerfile, Instruction, Span } from "../../syntax/syntax.ts";
import type { RuleMeta } from "../rule.ts";

/** The rules that a file's comments and directives turn off and on. Names are ids or aliases of rules, in any case. */
export interface Suppressions {
  isSuppressed(rule: RuleMeta, span: Span): boolean;
  /** True if named in `# check=experimental=…`. */
  isExperimental(rule: RuleMeta): boolean;
}

/** A comment or directive that silences rules. */
export interface SuppressionList {
  readonly style: "imagewright" | "hadolint" | "buildkit" | "shellcheck";
  readonly scope: "file" | "stage" | "instruction";
  /** Lower case. */
  readonly names: readonly string[];
  /** The span of the names; another can be appended after it, separated by a comma. */
  readonly namesSpan: Span;
  /** True between the continued lines of an instruction. */
  readonly isInside?: boolean;
}

/**
 * Reads every suppression in a file, or only those that BuildKit itself honours. An instruction's suppressions are in
 * the comment block above it or between its lines.
 * @see https://docs.docker.com/build/checks/#skip-checks
 */
export function readSuppressions(file: Dockerfile, honoured: "all" | "buildkit" = "all"): Suppressions {
  const lists = suppressionLists(file).filter(({ style }) => honoured === "all" || style === honoured);
  const ofFile = namesOf(lists.filter(({ scope }) => scope === "file"));
  const ofStage = new Map<number, Set<string>>();
  const ofInstruction = new Map<number, Set<string>>();
  const bareComments = lastBareComments(file);
  for (const list of lists) {
    const target = list.scope === "file" ? undefined : instructionOf(list, file, bareComments);
    if (target && list.scope === "stage") add(ofStage, target.stageIndex, list.names);
    if (target && list.scope === "instruction") add(ofInstruction, target.index, list.names);
  }
  const experimental = new Set(
    file.directives.flatMap(({ name, value }) => (name === "check" ? checkNames(value, "experimental") : [])),
  );
  return {
    isSuppressed(rule, span) {
      if (matches(rule, ofFile)) return true;
      if (ofStage.size === 0 && ofInstruction.size === 0) return false;
      const instruction = instructionAt(file, span.start);
      if (!instruction) return false;
      return matches(rule, ofStage.get(instruction.stageIndex)) || matches(rule, ofInstruction.get(instruction.index));
    },
    isExperimental: (rule) => matches(rule, experimental),
  };
}

/** In the file's order: directives, then comments. */
export function suppressionLists(file: Dockerfile): readonly SuppressionList[] {
  const directives = file.directives
    .filter(({ name }) => name === "check")
    .map(({ valueSpan }) => checkList(file.text, valueSpan.start, valueSpan.end, "file"));
  const comments = file.comments.map(({ span, isInsideInstruction }) => {
    const list = suppressionIn(file.text, span);
    return list && { ...list, isInside: isInsideInstruction };
  });
  return [...directives, ...comments].filter((list) => list !== undefined);
}

/** The instruction that contains a position, else the next one. */
export function instructionAt(file: Dockerfile, offset: number): Instruction | undefined {
  return endingFrom(file.instructions, offset);
}

/** The comment that contains a position, else the next one. */
export function commentAt(file: Dockerfile, offset: number): Comment | undefined {
  return endingFrom(file.comments, offset);
}

/** The first of some ordered parts of a file that ends at or after a position. */
function endingFrom<T extends { readonly span: Span }>(ordered: readonly T[], offset: number): T | undefined {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ordered[middle]?.span.end ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return ordered[low];
}

/** True if one of BuildKit's own checks is the same rule; `all` in its directives means those. */
export function isBuildkitCheck({ aliases }: RuleMeta): boolean {
  return aliases.some((alias) => /^[A-Z]+[a-z]/.test(alias));
}

const pragma = /^#\s*(?:(hadolint)\s+(?:(global|stage)\s+)?|(imagewright)\s+(?:(file|stage)\s+)?)ignore\s*=\s*/i;
const check = /^#\s*check\s*=\s*/i;
const shellcheck = /^#\s*shellcheck\s+(?:\S+=\S+\s+)*disable=/;
// A list ends at the first thing that is neither a name nor a comma: what follows is a reason.
const names = /^[\w-]+(?:\s*,\s*[\w-]+)*/;

/** The rules that one comment silences; undefined if it doesn't silence any. */
export function suppressionIn(text: string, span: Span): SuppressionList | undefined {
  const written = text.slice(span.start, span.end);
  const opening = pragma.exec(written);
  if (!opening) {
    const before = check.exec(written);
    return before
      ? checkList(text, span.start + before[0].length, span.end, "instruction")
      : shellcheckList(written, span.start);
  }
  const [all, hadolint, hadolintScope, , ownScope] = opening;
  const list = names.exec(written.slice(all.length))?.[0];
  if (!list) return undefined;
  const start = span.start + all.length;
  const scope = (hadolintScope ?? ownScope ?? "").toLowerCase();
  return {
    style: hadolint ? "hadolint" : "imagewright",
    scope: scope === "stage" ? "stage" : scope === "" ? "instruction" : "file",
    names: splitNames(list),
    namesSpan: { start, end: start + list.length },
  };
}

/**
 * `# shellcheck disable=SC2086,SC2046`; `all` means all of ShellCheck's codes.
 * @see https://www.shellcheck.net/wiki/Directive
 */
function shellcheckList(comment: string, start: number): SuppressionList | undefined {
  const opening = shellcheck.exec(comment)?.[0];
  const list = opening && names.exec(comment.slice(opening.length))?.[0];
  if (!list) return undefined;
  const from = start + opening.length;
  const codes = splitNames(list)
    .map((name) => (name === "all" ? "shellcheck" : name))
    .filter((name) => /^(?:sc\d+|shellcheck)$/.test(name));
  return {
    style: "shellcheck",
    scope: "instruction",
    names: codes,
    namesSpan: { start: from, end: from + list.length },
  };
}

/** `skip=A,B;error=true` */
function checkList(
  text: string,
  start: number,
  end: number,
  scope: "file" | "instruction",
): SuppressionList | undefined {
  const written = text.slice(start, end);
  const skip = /(?:^|;)\s*skip\s*=\s*/i.exec(written);
  if (!skip) return undefined;
  const from = skip.index + skip[0].length;
  const list = names.exec(written.slice(from))?.[0];
  if (!list) return undefined;
  return {
    style: "buildkit",
    scope,
    names: splitNames(list).map((name) => (name === "all" ? allBuildkit : name)),
    namesSpan: { start: start + from, end: start + from + list.length },
  };
}

function checkNames(value: string, key: "experimental"): string[] {
  const part = value.split(";").find((item) => item.trim().toLowerCase().startsWith(`${key}=`));
  return part ? splitNames(part.slice(part.indexOf("=") + 1)).map((name) => (name === "all" ? allBuildkit : name)) : [];
}

function splitNames(list: string): string[] {
  return list.split(",").map((name) => name.trim().toLowerCase());
}

/** True if a list names a rule by id or alias, or names all rules. */
export function isNamedIn(rule: RuleMeta, { names: listed }: SuppressionList): boolean {
  return matches(rule, new Set(listed));
}

/** `skip=all` means all of BuildKit's checks, not every rule. */
const allBuildkit = "all of buildkit";

function matches(rule: RuleMeta, silenced: ReadonlySet<string> | undefined): boolean {
  if (!silenced || silenced.size === 0) return false;
  if (silenced.has("all") || (silenced.has(allBuildkit) && isBuildkitCheck(rule))) return true;
  return silenced.has(rule.id.toLowerCase()) || rule.aliases.some((name) => silenced.has(name.toLowerCase()));
}

/** The instruction that a comment is above or inside. */
function instructionOf(
  { style, namesSpan, isInside }: SuppressionList,
  file: Dockerfile,
  bareComments: ReadonlyMap<Instruction, number>,
): Instruction | undefined {
  const instruction = instructionAt(file, namesSpan.start);
  if (!instruction || isInside || instruction.span.start <= namesSpan.start) return instruction;
  // BuildKit skips blank lines, but a bare `#` ends its block. The others require the comment to be right above.
  if (style === "buildkit") return (bareComments.get(instruction) ?? 0) > namesSpan.end ? undefined : instruction;
  return isRightAbove(instruction, namesSpan) ? instruction : undefined;
}

/** True in the comments above an instruction, if they form one block without gaps. */
function isRightAbove({ leadingComments }: Instruction, { start }: Span): boolean {
  const [first] = leadingComments;
  const last = leadingComments.at(-1);
  return first !== undefined && last !== undefined && first.span.start <= start && start < last.span.end;
}

/** The position of the last bare `#` above each instruction. */
function lastBareComments(file: Dockerfile): ReadonlyMap<Instruction, number> {
  const last = new Map<Instruction, number>();
  for (const { span } of file.comments) {
    const isAtLineStart = span.start === 0 || file.text[span.start - 1] === "\n";
    const isBare = isAtLineStart && /^#[ \t]*\r?$/.test(file.text.slice(span.start, span.end));
    const instruction = isBare ? instructionAt(file, span.start) : undefined;
    if (instruction) last.set(instruction, span.start);
  }
  return last;
}

function namesOf(lists: readonly SuppressionList[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => list.names));
}

function add(map: Map<number, Set<string>>, key: number, added: readonly string[]): void {
  const known = map.get(key);
  if (known) added.forEach((name) => known.add(name));
  else map.set(key, new Set(added));
}
