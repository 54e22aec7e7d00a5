import { visibleText } from "../../../../oci/core/visibleText.ts";
import type { Fact, Tooltip } from "./description.ts";
import { l10n } from "../../ui/l10n.ts";

/** The tooltip as Markdown, in which text from an image can't act as Markdown or hide. */
export function tooltipMarkdown({ title, facts, code, note }: Tooltip): string {
  const parts = [`**${plain(title)}**`];
  if (facts.length > 0) parts.push(`| | |\n|:--|:--|\n${facts.slice(0, maxFacts).map(row).join("\n")}`);
  if (facts.length > maxFacts) parts.push(l10n.t("… {0} more", facts.length - maxFacts));
  if (code !== undefined) parts.push(fenced(visibleText(cut(code))));
  if (note !== undefined) parts.push(note.split(/\n+/).map(plain).join("\n\n"));
  return parts.join("\n\n");
}

/** Long instructions are cut: a hover is not an editor. */
const maxLength = 4000;
/** An image may have thousands of tags. */
const maxFacts = 30;

function cut(text: string): string {
  return text.length > maxLength
    ? `${text.slice(0, maxLength)}\n${l10n.t("… {0} more characters", text.length - maxLength)}`
    : text;
}

function row({ name, value, isLiteral }: Fact): string {
  return `| ${plain(name)}&nbsp;&nbsp; | ${isLiteral === true ? literal(value) : plain(value)} |`;
}

/** Every ASCII punctuation mark can be escaped in Markdown. @see CommonMark §2.4 */
function plain(text: string): string {
  return oneLine(text).replace(/[!-/:-@[-`{-~]/g, "\\$&");
}

/** Inline code with a fence longer than any run of backticks inside; a table cell ends at a pipe, even in code. */
function literal(text: string): string {
  const safe = oneLine(text).replaceAll("|", "\\|");
  const fence = "`".repeat(longestBackticks(safe) + 1);
  return `${fence} ${safe} ${fence}`;
}

function fenced(code: string): string {
  const fence = "`".repeat(Math.max(3, longestBackticks(code) + 1));
  return `${fence}dockerfile\n${code}\n${fence}`;
}

function longestBackticks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

function oneLine(text: string): string {
  return visibleText(cut(text).replace(/[\r\n\u2028\u2029]+/g, " "));
}
