// Untrusted text at every exit: no sink may act on it, or let it hide.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { TextDocument } from "vscode-languageserver-textdocument";
import { xmlAttribute } from "../cli/src/output/sinks.ts";
import { lintCheckstyle } from "../cli/src/output/lintCheckstyle.ts";
import { lintGnu } from "../cli/src/output/lintGnu.ts";
import { lintSarif } from "../cli/src/output/lintSarif.ts";
import { code as codeCell, markdownTable } from "../cli/src/output/markdown.ts";
import { table } from "../cli/src/output/table.ts";
import { tooltipMarkdown } from "../client/src/images/labels/tooltip.ts";
import { safeCopy, safeLabel, safeLine, safeMessage } from "../client/src/ui/untrustedText.ts";
import { code } from "../dockerfile/assist/hover/markdown.ts";
import rule from "../dockerfile/lint/rules/latest-tag.ts";
import type { Report } from "../dockerfile/lint/rule.ts";
import { toDiagnostic, toInlayHint } from "../server/src/toLsp.ts";
import { toMarkup } from "../server/src/toLsp/markup.ts";
import { printable, toJsonText } from "../cli/src/output/sinks.ts";

const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom("\x1b[31m", "\x9b1m", "\u202e", "\u2066", "\u200b", "\u{e0041}", "\r", "\n", "\t", "\0", "\x7f"),
      fc.constantFrom("::error::", "##[group]", "##vso[task.setvariable variable=a]", "::", "#", " "),
      fc.constantFrom("](command:x)", "$(trash)", "`", "```", "|", "<b>", "&", '"', "'", "]]>", "\ufffe", "\ud800"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => parts.join(""));

// Characters that affect a terminal or are invisible; line feeds and tabs are checked separately.
const hidden = /[\0-\x08\x0b-\x1f\x7f-\x9f\p{Cf}\p{Cs}\u2028\u2029]/u;

function checkLog(text: string): void {
  assert.doesNotMatch(text, hidden);
  assert.doesNotMatch(text, /##(?:\[|vso\[)/i);
  for (const line of text.split("\n")) assert.doesNotMatch(line, /^\s*::/);
}

function report(message: string): Report {
  return { rule: rule.meta, span: { start: 0, end: 1 }, message, severity: "warning" };
}

const document = TextDocument.create("file:///w/Dockerfile", "dockerfile", 1, "FROM a\n");

test("a terminal or a CI system doesn't act on untrusted text", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      assert.doesNotMatch(printable(text), /[\n\t]/);
      const linted = [{ input: { path: text, text: "FROM a\n" }, reports: [report(text)], failOn: "never" as const }];
      const outputs = [
        printable(text),
        table([[text, text]]),
        lintGnu(linted),
        lintCheckstyle(linted),
        toJsonText(lintSarif(linted)),
        markdownTable(["a"], [[codeCell(text)]]),
        toJsonText({ [text]: text }),
      ];
      for (const output of outputs) checkLog(output);
    }),
  );
});

test("escaped JSON and XML have the same content", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      assert.deepEqual(JSON.parse(toJsonText({ value: text })), { value: text });
      assert.doesNotMatch(xmlAttribute(text), /[<>"'\n\r\t]/);
    }),
  );
});

test("untrusted text neither hides nor acts in the editor", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const shown = [
        safeLine(text),
        safeLabel(text),
        safeMessage(text),
        safeCopy(text),
        tooltipMarkdown({ title: text, facts: [{ name: text, value: text }], code: text, note: text }),
        String(toDiagnostic(document, report(text), () => undefined).message),
        String(toInlayHint(document, { offset: 0, label: text, tooltip: text }).label),
        toMarkup(code(text), ["markdown"]).value,
      ];
      for (const each of shown) assert.doesNotMatch(each, hidden);
      assert.doesNotMatch(safeMessage(text), /\]\(/);
      assert.doesNotMatch(safeLabel(text), /(?<!\\)\$\(trash\)/);
    }),
  );
});
