// What a RUN prints and how it ends, run by the real shell, before and after its commands become a heredoc or come from
// one.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { buildOf } from "../../support/dockerfile/check.ts";

/** Runs the text of the file's RUN as a build does. */
function outcome(text: string): readonly unknown[] {
  const run = parse(text).instructions.find(({ keyword }) => keyword.value === "RUN");
  const [heredoc] = run?.heredocs ?? [];
  const script = heredoc ? text.slice(heredoc.body.start, heredoc.body.end) : (run?.rest.text ?? "");
  const { status, stdout } = spawnSync("/bin/sh", ["-c", script], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"] },
  });
  return [status, stdout];
}

const scripts: readonly string[] = [
  "RUN echo a && echo 'b  c' \\\n   d && cd / && pwd",
  "RUN false || echo a && echo b",
  "RUN echo a && false && echo b",
  "RUN echo a && false | cat && echo b",
  "RUN echo a | tr a b && export A=b && echo $A$(echo c) && exit 3",
  "RUN echo 1 && \\\n  # two\n  echo 2",
  "RUN <<E\nset -e\necho a\n\n# b\nfalse | cat\necho $(echo c) \\\n  d\nE\n",
  "RUN <<E\nset -e\necho a\nfalse\necho b\nE\n",
];

for (const script of scripts)
  test(`a refactored script does the same: ${JSON.stringify(script)}`, () => {
    const text = `FROM a\n${script}\n`;
    const start = text.indexOf("RUN");
    const found = refactoringsAt(buildOf(text), { start, end: start }).filter(({ title }) =>
      /heredoc|joined/.test(title),
    );
    assert.equal(found.length, 1);
    for (const { changes } of found) assert.deepEqual(outcome(applyChanges(text, changes)), outcome(text));
  });
