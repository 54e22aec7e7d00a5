import type { Facts } from "../../facts/fact.ts";
import { allRules } from "../../lint/config/allRules.ts";
import type { CompletionList } from "./completion.ts";
import { pathOffer } from "./paths.ts";

/** Completions at an offset of an ignore file: paths of the context, also after `!`, and rules in ignore comments. */
export function completeIgnoreFile(text: string, facts: Facts, offset: number): CompletionList {
  const lineStart = text.lastIndexOf("\n", offset - 1) + 1;
  const before = text.slice(lineStart, offset).replace(/^\uFEFF/, "");
  const line = /^[^\r\n]*/.exec(text.slice(offset, offset + 4096))?.[0] ?? "";
  if (before.startsWith("#")) return ignoreComment(before, offset);
  const typed = before.replace(/^\s*!?\s*/, "");
  const span = { start: offset - typed.length, end: offset + line.trimEnd().length };
  const { items, isIncomplete = false, span: place } = pathOffer(facts, { span, typed, takesBlanks: true });
  // In an ignore file the ignored paths are the point; a folder is named without its slash.
  return {
    span: place,
    isIncomplete,
    items: items.map(({ label, ...item }) => ({ ...item, label, text: label.replace(/\/$/, "") })),
  };
}

function ignoreComment(before: string, offset: number): CompletionList {
  const [, typed] = /^#\s*imagewright\s+(?:file\s+)?ignore\s*=\s*(?:[\w-]+\s*,\s*)*([\w-]*)$/i.exec(before) ?? [];
  const span = { start: offset - (typed ?? "").length, end: offset };
  if (typed === undefined) return { span, items: [], isIncomplete: false };
  const rules = allRules.filter(({ subject }) => subject === "dockerignore");
  return {
    span,
    isIncomplete: false,
    items: rules.map(({ id, summary }) => ({ label: id, kind: "rule", doc: summary })),
  };
}
