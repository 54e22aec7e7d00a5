import assert from "node:assert/strict";
import { test } from "node:test";
import { runRules } from "../../../dockerfile/lint/run.ts";
import type { SyntaxProblemKind } from "../../../dockerfile/syntax/syntax.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

/** Every kind of problem; the type guarantees it. */
const kinds: Readonly<Record<SyntaxProblemKind, true>> = {
  emptyFile: true,
  unknownInstruction: true,
  unknownFlag: true,
  duplicateFlag: true,
  flagValue: true,
  argumentCount: true,
  stageName: true,
  onbuild: true,
  keyValue: true,
  heredoc: true,
  json: true,
  healthcheck: true,
  expose: true,
  mount: true,
  directive: true,
  beforeFrom: true,
  noFrom: true,
  expansion: true,
  copyFrom: true,
  stageCycle: true,
  platform: true,
  line: true,
  checksum: true,
  chmod: true,
  other: true,
};

for (const kind of Object.keys(kinds)) {
  test(`one rule reports problems of the kind ${kind}`, () => {
    const input = buildOf("FROM scratch\n");
    const problems = [{ kind: kind as SyntaxProblemKind, span: { start: 0, end: 4 }, message: "x" }];
    const reports = runRules({ ...input, file: { ...input.file, problems } });
    assert.deepEqual(
      reports.map(({ message, severity }) => [message, severity]),
      [["x", "error"]],
    );
  });
}
