// Properties at any offset of any file: nothing throws, and the parser sees what a completion promises.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import type { Completion } from "../../../dockerfile/assist/completion/completion.ts";
import { hoverAt } from "../../../dockerfile/assist/hover/hover.ts";
import { locate, type Located } from "../../../dockerfile/assist/locate.ts";
import { semanticTokens } from "../../../dockerfile/assist/semanticTokens.ts";
import type { ContextFilesFact } from "../../../dockerfile/facts/fact.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { knownFacts, shell, type KnownFacts } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

const context: ContextFilesFact = {
  root: "/w",
  isTruncated: false,
  files: [
    { path: "package.json", kind: "file", bytes: 20, isIgnored: false },
    { path: "src", kind: "directory", bytes: 0, isIgnored: false },
    { path: "src/main.js", kind: "file", bytes: 4, isIgnored: false },
  ],
};
const known: KnownFacts = [
  [{ kind: "contextFiles" }, context],
  [{ kind: "localImages" }, { images: [{ reference: "debian:12", bytes: 1 }] }],
];
const facts = knownFacts(known);
const inputOf = (text: string) => ({ build: createBuild(parse(text), shell, facts), facts });

const halfTyped: readonly string[] = [
  "FROM a\nCOPY --from=",
  "FROM a\nRUN --mount=type=cache,target",
  'FROM a\nENV A="b',
  "FROM a\nRUN echo ${",
  "FROM a\nRUN echo ${A:-${B",
  "FROM a\nRUN <<EOF\necho $",
  'FROM a\nCOPY ["a", "',
  "FROM a\r\nRUN a \\\r\n\tb $A\r\n",
  "FROM a\nLABEL \u{1F433}=\u{1F433} $A\n# hadolint ignore=\u{1F433}\n",
  "# escape=`\nFROM a\nRUN a `\n  b ``$A\n",
  "\uFEFF# syntax=\nFROM \nONBUILD ONBUILD \nHEALTHCHECK --interval= CMD \n",
  "",
  "#",
  "ONBUILD",
];

test("at any offset of any file, completion and hover return a span on one line around the cursor", () => {
  for (const text of [...dockerfileFixtures.map((fixture) => fixture.text), ...halfTyped]) {
    const input = inputOf(text);
    for (let offset = 0; offset <= text.length; offset++) {
      const { span, items } = complete(input, offset);
      const where = `${JSON.stringify(text.slice(Math.max(0, offset - 40), offset))}|`;
      assert.ok(span.start <= offset && offset <= span.end, `completion replaces the cursor's word at ${where}`);
      assert.doesNotMatch(text.slice(span.start, span.end), /\n/, `completion stays on its line at ${where}`);
      assert.equal(new Set(items.map(({ label }) => label)).size, items.length, `labels are unique at ${where}`);
      const hover = hoverAt(input, offset);
      assert.ok(!hover || (hover.span.start <= offset && offset <= hover.span.end), `hover is at ${where}`);
    }
  }
});

// No time is asserted: anything not linear doesn't end.
test("completion, hover and tokens take linear time in files of 2 MB", () => {
  const texts = [
    `FROM a\nRUN ${"x $A ".repeat(400_000)}`,
    `FROM a\nCOPY <<EOF /b\n${"line $A\n".repeat(250_000)}`,
    `FROM a\n${"# comment\n".repeat(200_000)}`,
  ];
  for (const text of texts) {
    const input = inputOf(text);
    complete(input, text.length);
    hoverAt(input, text.length);
    semanticTokens(input.build, { start: 0, end: text.length });
  }
});

test("semantic tokens of any file are in order, don't overlap, and are each on one line", () => {
  for (const text of [...dockerfileFixtures.map((fixture) => fixture.text), ...halfTyped]) {
    let end = 0;
    for (const { span } of semanticTokens(inputOf(text).build, { start: 0, end: text.length })) {
      assert.ok(span.start >= end && span.end > span.start);
      assert.doesNotMatch(text.slice(span.start, span.end), /\n/);
      end = span.end;
    }
  }
});

/** The kinds of element that the parser may see after a completion of a kind was inserted. */
const promised: Readonly<Record<Exclude<Completion["kind"], "keyword">, readonly Located["kind"][]>> = {
  flag: ["flag", "flagValue", "source"],
  option: ["mountKey", "mountValue", "source"],
  stage: ["base", "source"],
  image: ["base", "source"],
  // Also in the text of a COPY heredoc.
  variable: ["variable", "definition", "heredoc"],
  user: ["argument", "flagValue", "variable"],
  directive: ["directive", "comment"],
  rule: ["comment", "directive"],
  value: ["argument", "variable", "flagValue", "mountValue", "directive", "base", "source"],
  file: ["argument", "mountValue"],
  folder: ["argument", "mountValue"],
  label: ["argument"],
};

test("after a completion is applied, the parser sees what it promised", () => {
  const applied = new Map<string, number>();
  for (const [index, { text }] of dockerfileFixtures.entries()) {
    const input = inputOf(text);
    for (const offset of startsOfTokens(text)) {
      const { span, items } = complete(input, offset);
      for (const item of sample(items, offset + index)) {
        applied.set(item.kind, (applied.get(item.kind) ?? 0) + 1);
        check(text, span, item);
      }
    }
  }
  assert.deepEqual(
    Object.keys(promised).filter((kind) => !applied.has(kind)),
    [],
  );
});

/** Offsets between characters of different kinds, and within each word one. */
function startsOfTokens(text: string): readonly number[] {
  return [...text.matchAll(/(?<=\w)(?=\w\W|$)|(?<!\w)(?=\w)|(?<=\W)(?=\W)|$/g)].map(({ index }) => index);
}

function sample(items: readonly Completion[], seed: number): readonly Completion[] {
  return items.length <= 3 ? items : [0, 1, 2].flatMap((turn) => items[(seed * 7 + turn * 13) % items.length] ?? []);
}

function check(text: string, span: { readonly start: number; readonly end: number }, item: Completion): void {
  const inserted = item.text ?? item.label;
  const changed = text.slice(0, span.start) + inserted + text.slice(span.end);
  const file = parse(changed);
  const shown = `${item.kind} ${item.label} at ${JSON.stringify(changed.slice(Math.max(0, span.start - 60), span.start + 60))}`;
  const located = locate(file, span.start + Math.min(2, inserted.length));
  if (item.kind === "keyword" && !["AS", "CMD", "NONE"].includes(item.label)) {
    assert.equal(located?.kind, "keyword", shown);
    return;
  }
  if (item.kind !== "keyword")
    assert.ok(located && promised[item.kind].includes(located.kind), `${shown} is ${located?.kind}`);
  if (item.kind === "variable" && located?.kind === "variable")
    assert.equal(located.reference.name, /^\w+/.exec(item.label)?.[0], shown);
}
