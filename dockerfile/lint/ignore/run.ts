import type { Report } from "../rule.ts";
import { runEnabled, type RunOptions } from "../runEnabled.ts";
import { isNamedIn, suppressionIn, type SuppressionList } from "../config/suppressions.ts";
import type { Span } from "../../syntax/syntax.ts";
import type { IgnoreDocument } from "./document.ts";
import type { IgnoreLintInput, IgnoreRule } from "./rule.ts";
import { ignoreRules } from "./rules/index.ts";

export interface IgnoreLintOptions extends RunOptions {
  /** "ignored": comments don't silence anything. */
  readonly suppressions?: "honoured" | "ignored";
  /** Defaults to all rules for ignore files. */
  readonly rules?: readonly IgnoreRule[];
}

/** Runs the enabled rules over an ignore file. Returns reports in the file's order; never throws. */
export function runIgnoreRules(input: IgnoreLintInput, options: IgnoreLintOptions = {}): Report[] {
  const reports = runEnabled(options.rules ?? ignoreRules, input, options, ({ severity }) => severity);
  const lists = options.suppressions === "ignored" ? [] : ignoreSuppressions(input.file);
  return reports.filter(
    ({ rule, span, isFailure }) =>
      isFailure || !lists.some((list) => isNamedIn(rule, list) && isAbout(input.file, list, span)),
  );
}

/** The comments of an ignore file that silence rules. */
export function ignoreSuppressions({ text, comments }: IgnoreDocument): readonly SuppressionList[] {
  return comments
    .map((span) => suppressionIn(text, span))
    .filter((list) => list !== undefined)
    .filter(({ style }) => style === "imagewright");
}

/** True if a comment is in the block right above a line, and thus applies to that line. */
function isAbout({ text }: IgnoreDocument, { scope, namesSpan }: SuppressionList, { start }: Span): boolean {
  if (scope === "file") return true;
  return (
    scope === "instruction" &&
    namesSpan.end <= start &&
    /^[^\n]*\n(?:#[^\n]*\n)*[^\n]*$/.test(text.slice(namesSpan.end, start))
  );
}
