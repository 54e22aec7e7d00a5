import assert from "node:assert/strict";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { readIgnoreDocument } from "../../../dockerfile/lint/ignore/document.ts";
import { runIgnoreRules, type IgnoreLintOptions } from "../../../dockerfile/lint/ignore/run.ts";
import type { Report } from "../../../dockerfile/lint/rule.ts";
import { knownFacts, type KnownFacts } from "./check.ts";
import { mark, unmark } from "./unmark.ts";

export interface CheckIgnoreOptions extends IgnoreLintOptions {
  readonly facts?: KnownFacts | undefined;
  readonly name?: string;
}

/** Reports on an ignore file without marks; a rule that throws fails the test. */
export function lintIgnore(
  text: string,
  { facts = [], name = ".dockerignore", ...options }: CheckIgnoreOptions = {},
): Report[] {
  const onCrash = (id: string, error: unknown): void => {
    throw new Error(`${id} threw on ${JSON.stringify(text)}`, { cause: error });
  };
  return runIgnoreRules({ file: readIgnoreDocument(name, text), facts: knownFacts(facts) }, { onCrash, ...options });
}

/** Checks that the findings of the fixture are exactly its marks. */
export function checkIgnore(fixture: string, options: CheckIgnoreOptions = {}): void {
  const { text, marks } = unmark(fixture);
  assert.equal(
    mark(
      text,
      lintIgnore(text, options).map(({ span, message }) => ({ ...span, label: message })),
    ),
    mark(text, marks),
  );
}

/** Applies the fixes of all findings. */
export function fixedIgnore(text: string, options: CheckIgnoreOptions = {}): string {
  return applyChanges(
    text,
    lintIgnore(text, options).flatMap((report) => report.fix?.().changes ?? []),
  );
}

/** The fact of a context with these files, each as many bytes long as its name. */
export function contextOf(...paths: readonly string[]): KnownFacts {
  return [
    [
      { kind: "contextFiles" },
      {
        root: "/w",
        isTruncated: false,
        files: paths.map((path) => ({ path, kind: "file", bytes: path.length, isIgnored: false })),
      },
    ],
  ];
}
