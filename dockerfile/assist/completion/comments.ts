import { ownEntry } from "../../../oci/core/ownEntry.ts";
import { allRules } from "../../lint/config/allRules.ts";
import { isBuildkitCheck } from "../../lint/config/suppressions.ts";
import type { RuleMeta } from "../../lint/rule.ts";
import type { Dockerfile, Span } from "../../syntax/syntax.ts";
import type { Completion } from "./completion.ts";

interface PlacedItems {
  readonly span: Span;
  readonly items: readonly Completion[];
}

/** Parser directives at the top of a file, and comments that ignore rules. `before` begins with the `#`. */
export function commentItems(file: Dockerfile, offset: number, before: string): PlacedItems {
  return ruleNames(file, offset, before) ?? directiveValue(file, offset, before) ?? openings(file, offset, before);
}

function ruleNames(file: Dockerfile, offset: number, before: string): PlacedItems | undefined {
  const [, style, typed = ""] = nameList.exec(before) ?? [];
  return style === undefined
    ? undefined
    : { span: wordSpan(file, offset, typed, /^[\w-]*/), items: ruleItems(style.toLowerCase()) };
}

function directiveValue(file: Dockerfile, offset: number, before: string): PlacedItems | undefined {
  const [, name, typed = ""] = /^#\s*(syntax|escape|check)\s*=\s*(\S*)$/i.exec(before) ?? [];
  return name === undefined || !isAtTop(file, offset)
    ? undefined
    : { span: wordSpan(file, offset, typed, /^\S*/), items: ownEntry(directiveValues, name.toLowerCase()) ?? [] };
}

/** The openings of comments that have a meaning. */
function openings(file: Dockerfile, offset: number, before: string): PlacedItems {
  const [, typed] = /^#\s*(\S*|(?:hadolint|imagewright)\s+\S*)$/i.exec(before) ?? [];
  const span = wordSpan(file, offset, typed ?? "", /^[\w-]*/);
  if (typed === undefined) return { span, items: [] };
  return { span, items: [...(isAtTop(file, offset) ? directives(file) : []), ...ignoreComments] };
}

/** The styles of lists of rule names, and the name being typed. */
const nameList =
  /^#\s*(check|hadolint|imagewright)(?:(?<=check)\s*=\s*(?:\S*;)?skip|\s+(?:(?:global|file|stage)\s+)?ignore)\s*=\s*(?:[\w-]+\s*,\s*)*([\w-]*)$/i;

function wordSpan({ text }: Dockerfile, offset: number, typed: string, rest: RegExp): Span {
  const behind = rest.exec(text.slice(offset, offset + 200))?.[0] ?? "";
  return { start: offset - typed.length, end: offset + behind.length };
}

function isAtTop({ text }: Dockerfile, offset: number): boolean {
  const above = text.slice(0, text.lastIndexOf("\n", offset - 1) + 1).replace(/^\uFEFF/, "");
  return /^(?:[ \t]*#[ \t]*(?:syntax|escape|check)[ \t]*=[^\n]*\n)*$/i.test(above);
}

function directives({ directives: given }: Dockerfile): readonly Completion[] {
  return directiveItems
    .filter(({ name }) => !given.some((directive) => directive.name === name))
    .map(({ item }) => item);
}

const directiveItems: readonly { readonly name: string; readonly item: Completion }[] = [
  {
    name: "syntax",
    item: {
      label: "syntax=docker/dockerfile:1",
      kind: "directive",
      doc: "The image of the frontend that reads this file; `1` is always the newest version 1",
    },
  },
  {
    name: "escape",
    item: {
      label: "escape=`",
      kind: "directive",
      doc: "The character that continues lines and escapes others; the backquote suits Windows paths",
    },
  },
  {
    name: "check",
    item: { label: "check=skip=", kind: "directive", doc: "Build checks that BuildKit skips", reopens: true },
  },
  {
    name: "check",
    item: { label: "check=error=true", kind: "directive", doc: "Failed build checks fail the build" },
  },
];

const directiveValues: Readonly<Record<string, readonly Completion[]>> = {
  syntax: [
    { label: "docker/dockerfile:1", kind: "value", detail: "newest version 1" },
    { label: "docker/dockerfile:1-labs", kind: "value", detail: "with experimental features" },
  ],
  escape: [
    { label: "`", kind: "value" },
    { label: "\\", kind: "value", detail: "default" },
  ],
  check: [
    { label: "skip=", kind: "value", reopens: true },
    { label: "error=true", kind: "value" },
    { label: "experimental=all", kind: "value" },
  ],
};

const ignoreComments: readonly Completion[] = [
  { label: "imagewright ignore=", kind: "directive", doc: "Ignores rules on the next instruction", reopens: true },
  { label: "imagewright file ignore=", kind: "directive", doc: "Ignores rules in the whole file", reopens: true },
  { label: "hadolint ignore=", kind: "directive", doc: "Ignores rules on the next instruction", reopens: true },
  { label: "hadolint global ignore=", kind: "directive", doc: "Ignores rules in the whole file", reopens: true },
];

function ruleItems(style: string): readonly Completion[] {
  const namesOf = ({ id, aliases }: RuleMeta): readonly string[] => {
    if (style === "imagewright") return [id];
    return aliases.filter((alias) => /^(?:DL|SC)\d+$/.test(alias) === (style === "hadolint"));
  };
  const rules = style === "check" ? allRules.filter(isBuildkitCheck) : allRules;
  const items = rules.flatMap((rule) =>
    namesOf(rule).map((label): Completion => ({ label, kind: "rule", detail: rule.id, doc: rule.summary })),
  );
  const unique = [...new Map(items.map((item) => [item.label, item])).values()];
  return style === "hadolint" ? unique : [...unique, { label: "all", kind: "rule" }];
}
