import type { Fix, Report, RuleMeta, Severity } from "../../../dockerfile/lint/rule.ts";
import type { Span } from "../../../dockerfile/syntax/syntax.ts";
import { positionsOf } from "../positions.ts";
import { fingerprints } from "./fingerprints.ts";
import type { LintedFile } from "./lintedFile.ts";
import { sarifLocation, sarifLog, sarifRegion } from "./sarif.ts";

/** SARIF levels; "note" is the lowest. */
const levels: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "note", hint: "note" };

/**
 * The findings as one run of SARIF 2.1.0, with the rules that found them.
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function lintSarif(linted: readonly LintedFile[]) {
  const rules = rulesOf(linted);
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  return sarifLog({
    rules: rules.map(ruleOf),
    paths: linted.map(({ input }) => input.path),
    results: linted.flatMap((one) => resultsOf(one, indices)),
  });
}

function rulesOf(linted: readonly LintedFile[]): readonly RuleMeta[] {
  const rules = new Map(linted.flatMap(({ reports }) => reports.map(({ rule }) => [rule.id, rule])));
  return [...rules.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function ruleOf({ id, summary, why, severity, aliases, sources }: RuleMeta) {
  const [source] = sources;
  return {
    id,
    shortDescription: { text: plainText(summary) },
    fullDescription: { text: plainText(why) },
    help: { text: plainText(why), markdown: why },
    ...(source !== undefined && { helpUri: source }),
    defaultConfiguration: { enabled: severity !== "off", level: levels[severity === "off" ? "warning" : severity] },
    properties: { tags: aliases },
  };
}

/** The text without Markdown marks. */
function plainText(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
}

function resultsOf(one: LintedFile, indices: ReadonlyMap<string, number>) {
  const { range } = positionsOf(one.input.text);
  const regionOf = (span: Span) => sarifRegion(range(span));
  const prints = fingerprints(one);
  return one.reports.map(({ rule, severity, message, span, fix }, index) => ({
    ruleId: rule.id,
    ruleIndex: indices.get(rule.id) ?? -1,
    level: levels[severity],
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: sarifLocation(one.input.path), region: regionOf(span) } }],
    partialFingerprints: { "imagewright/v1": prints[index] },
    ...fixesOf(fix, one.input.path, regionOf),
  }));
}

function fixesOf(fix: Report["fix"], path: string, regionOf: (span: Span) => object) {
  const found: Fix | undefined = fix?.();
  if (!found || found.changes.length === 0) return {};
  const replacements = found.changes.map(({ span, text }) => ({
    deletedRegion: regionOf(span),
    insertedContent: { text },
  }));
  return {
    fixes: [
      {
        description: { text: `${found.title} (${found.safety})` },
        artifactChanges: [{ artifactLocation: sarifLocation(path), replacements }],
      },
    ],
  };
}
