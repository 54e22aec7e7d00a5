import { ownEntry } from "../../../oci/core/ownEntry.ts";
import { findRules } from "../../lint/config/findRule.ts";
import { suppressionIn } from "../../lint/config/suppressions.ts";
import type { RuleMeta } from "../../lint/rule.ts";
import type { Directive, Dockerfile, Span } from "../../syntax/syntax.ts";
import type { HoverText } from "./hoverText.ts";
import { paragraphs } from "./markdown.ts";

/** Explains the rule that an ignore comment names. */
export function hoverComment({ text }: Pick<Dockerfile, "text">, comment: Span, offset: number): HoverText | undefined {
  const list = suppressionIn(text, comment);
  return list && ruleAt(text, list.namesSpan, offset);
}

/** Explains a parser directive, or the check named in `check=skip=…`. */
export function hoverDirective(
  { directive, part }: { readonly directive: Directive; readonly part: "name" | "value" },
  offset: number,
): string | undefined {
  const { name, value, valueSpan } = directive;
  if (name === "check" && part === "value") {
    const rule = ruleAt(value, { start: 0, end: value.length }, offset - valueSpan.start);
    if (rule) return rule.markdown;
  }
  const doc = ownEntry(directiveDocs, name);
  return doc === undefined ? undefined : paragraphs(`**# ${name}=**`, doc);
}

function ruleAt(text: string, span: Span, offset: number): HoverText | undefined {
  if (offset < span.start || offset > span.end) return undefined;
  let start = offset;
  while (start > span.start && /[\w-]/.test(text[start - 1] ?? "")) start--;
  let end = offset;
  while (end < span.end && /[\w-]/.test(text[end] ?? "")) end++;
  const rules = findRules(text.slice(start, end));
  return rules.length === 0
    ? undefined
    : { span: { start, end }, markdown: rules.map(describeRule).join("\n\n---\n\n") };
}

function describeRule({ id, summary, why, severity, aliases }: RuleMeta): string {
  const names = aliases.length === 0 ? "" : ` (${aliases.join(", ")})`;
  return paragraphs(`**${id}**${names}: ${summary}`, why.split("\n\n")[0], `Severity: ${severity}`);
}

const directiveDocs: Readonly<Record<string, string>> = {
  syntax:
    "The image of the frontend that reads this file. [Reference](https://docs.docker.com/reference/dockerfile/#syntax)",
  escape:
    "The character that continues lines and escapes others: a backslash or a backquote. [Reference](https://docs.docker.com/reference/dockerfile/#escape)",
  check:
    "How BuildKit runs its checks: `skip=` leaves some out, `error=true` has failed ones fail the build. [Reference](https://docs.docker.com/reference/dockerfile/#check)",
};
