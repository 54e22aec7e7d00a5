import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, test } from "node:test";
import { context } from "../../../dockerfile/lint/exampleFacts.ts";
import { rules } from "../../../dockerfile/lint/rules/index.ts";
import { lint, only, type KnownFacts } from "../../support/dockerfile/check.ts";

// falseAlarms/RULE.txt contains Dockerfiles, each below a line `=== silent: why` or `=== finds: what`. Lines `--- image
// {…}` and `--- context {path: bytes}` state facts from beyond the text.
const folder = join(import.meta.dirname, "falseAlarms");

for (const name of readdirSync(folder)) {
  const id = basename(name, ".txt");
  const cases = readCases(readFileSync(join(folder, name), "utf8"));
  describe(id, () => {
    for (const { title, expected, text, facts } of cases)
      test(`${id} ${title}`, () => assert.equal(messages(id, text, facts).length, expected));
  });
}

interface Case {
  readonly title: string;
  readonly expected: 0 | 1;
  readonly text: string;
  readonly facts: KnownFacts;
}

function readCases(file: string): readonly Case[] {
  const [before, ...blocks] = file.split(/^=== /m);
  assert.equal(before, "");
  return blocks.map((block) => {
    const [heading = "", ...lines] = block.trimEnd().split("\n");
    const [, verdict, why] = /^(silent|finds): (.+)$/.exec(heading) ?? assert.fail(heading);
    const isFact = (line: string): boolean => line.startsWith("--- ");
    return {
      title: verdict === "silent" ? `is silent: ${why}` : `finds ${why}`,
      expected: verdict === "silent" ? 0 : 1,
      text: `${lines.filter((line) => !isFact(line)).join("\n")}\n`,
      facts: lines.filter(isFact).map(readFact),
    };
  });
}

function readFact(line: string): KnownFacts[number] {
  const [, kind, json = ""] = /^--- (image|context) (.+)$/.exec(line) ?? assert.fail(line);
  if (kind === "context") {
    const sizes = Object.entries(JSON.parse(json) as Readonly<Record<string, number>>);
    return context(...sizes.map(([path, bytes]) => ({ path, bytes })));
  }
  const { reference, ...image } = JSON.parse(json) as { readonly reference: string };
  return [
    { kind: "baseImage", reference },
    { bytes: 1, id: "sha256:00", user: "", env: [], workingDir: "", ...image },
  ];
}

function messages(id: string, text: string, facts: KnownFacts): readonly string[] {
  const rule = rules.find(({ meta }) => meta.id === id);
  assert.ok(rule, id);
  return lint(text, { ...only(rule), facts }).map(({ message }) => message);
}
