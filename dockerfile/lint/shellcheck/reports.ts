import type { ShellCheckFinding, ShellCheckReplacement } from "../../facts/fact.ts";
import type { Dockerfile, Span } from "../../syntax/syntax.ts";
import type { Change } from "../../edit/change.ts";
import { withinLine, type Fix, type Report, type RuleMeta, type Severity } from "../rule.ts";
import { excludedCodes, safeCodes } from "./codes.ts";
import type { CheckedScript } from "./scripts.ts";

/**
 * ShellCheck's findings in a script as reports, located where its text is in the Dockerfile; `umbrella` is the rule
 * that all its codes belong to.
 */
export function reportsOf(
  file: Dockerfile,
  script: CheckedScript,
  findings: readonly ShellCheckFinding[],
  umbrella: RuleMeta,
): Omit<Report, "severity">[] {
  return findings.flatMap((finding) => {
    const span = excludedCodes.has(finding.code) ? undefined : spanIn(script, finding);
    if (!span) return [];
    const fix = fixOf(file, script, finding);
    return [
      {
        rule: metaOf(finding, umbrella),
        span: withinLine(file.text, span),
        message: finding.message,
        ...(fix && { fix: () => fix }),
      },
    ];
  });
}

const severities: Readonly<Record<ShellCheckFinding["level"], Severity>> = {
  error: "error",
  warning: "warning",
  info: "info",
  style: "hint",
};

/** The rule of one code, `SC2086`, with the umbrella's id as its alias. */
function metaOf({ code, level, message }: ShellCheckFinding, umbrella: RuleMeta): RuleMeta {
  const name = `SC${code}`;
  return {
    ...umbrella,
    id: name,
    summary: message,
    severity: severities[level],
    aliases: [umbrella.id],
    sources: [`https://www.shellcheck.net/wiki/${name}`],
    fixSafety: safeCodes.has(code) ? "safe" : "unsafe",
  };
}

/** The span in the file; undefined for something in the text added around the script. */
function spanIn(script: CheckedScript, { start, end }: Span): Span | undefined {
  const first = script.indexAt(start);
  if (first === undefined) return undefined;
  const last = end > start ? script.indexAt(end - 1) : undefined;
  const offset = script.offsetAt(first);
  // An end is right after the last character: a continuation after it isn't part of the finding.
  return { start: offset, end: last === undefined ? offset : Math.max(offset, script.offsetAt(last) + 1) };
}

function fixOf(
  file: Dockerfile,
  script: CheckedScript,
  { code, replacements, start, end }: ShellCheckFinding,
): Fix | undefined {
  if (replacements.length === 0) return undefined;
  const changes = replacements.map((replacement) => changeOf(file, script, replacement));
  const known = changes
    .filter((change) => change !== undefined)
    .sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  if (known.length < changes.length || known.some((change, index) => overlaps(known[index - 1], change)))
    return undefined;
  const isSafe = safeCodes.has(code) && !script.text.slice(start, end).includes("\\");
  return { title: titleOf(code, known), safety: isSafe ? "safe" : "unsafe", changes: known };
}

/**
 * The change in the file; undefined if it would delete a continuation or a comment, or insert a line break that isn't
 * one in a Dockerfile.
 */
function changeOf(file: Dockerfile, script: CheckedScript, replacement: ShellCheckReplacement): Change | undefined {
  const { start, end, text } = replacement;
  if (text.includes("\n") || text.endsWith(file.escape)) return undefined;
  if (end > start) {
    const span = spanIn(script, replacement);
    return span && file.text.slice(span.start, span.end) === script.text.slice(start, end) ? { span, text } : undefined;
  }
  const offset = replacement.attachesTo === "previous" ? offsetBehind(script, start - 1) : offsetOf(script, start);
  return offset === undefined ? undefined : { span: { start: offset, end: offset }, text };
}

function offsetOf(script: CheckedScript, textIndex: number): number | undefined {
  const index = script.indexAt(textIndex);
  return index === undefined ? undefined : script.offsetAt(index);
}

function offsetBehind(script: CheckedScript, textIndex: number): number | undefined {
  const offset = offsetOf(script, textIndex);
  return offset === undefined ? undefined : offset + 1;
}

/** True if two changes overlap. Two insertions at one position do too: their order isn't defined. */
function overlaps(before: Change | undefined, { span }: Change): boolean {
  return (
    before !== undefined &&
    (before.span.end > span.start || (before.span.start === span.start && before.span.end === span.end))
  );
}

function titleOf(code: number, changes: readonly Change[]): string {
  return changes.every(({ text }) => text === '"')
    ? `Put it in quotes (SC${code})`
    : `Change it as ShellCheck says (SC${code})`;
}
