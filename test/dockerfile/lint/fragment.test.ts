import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import { lint } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

test("rules about stages check a file without FROM, whose absence is reported", () =>
  assert.deepEqual(rulesOf("ARG NAME=app\nRUN apt-get update && apt-get install -y curl\nUSER root\n"), [
    "no-stage",
    "apt-lists-left",
    "no-install-recommends",
    "root-user",
  ]));

test("a comment silences a rule in a file without FROM", () =>
  assert.deepEqual(rulesOf("# hadolint ignore=DL3003\nRUN cd /srv && make\n"), ["no-stage"]));

test("the variables of a file without FROM may come from its image", () =>
  assert.deepEqual(rulesOf('WORKDIR $APP_ROOT\nCOPY . .\nCMD ["app"]\n'), ["no-stage"]));

test("no fix breaks a fragment of a fixture", () => {
  for (const { name, text } of dockerfileFixtures) {
    const fragment = withoutFrom(text);
    for (const { rule, fix } of lint(fragment)) {
      if (!fix) continue;
      const after = applyChanges(fragment, fix().changes);
      assert.ok(parse(after).problems.length <= parse(fragment).problems.length, `${name} ${rule.id}: ${after}`);
    }
  }
});

test("an argument that a fragment doesn't declare is declared on a separate line", () => {
  const [report] = lint("# setup\nRUN GOARCH=$TARGETARCH make\n").filter(({ rule }) => rule.id === "arg-out-of-scope");
  assert.ok(report?.fix);
  assert.equal(
    applyChanges("# setup\nRUN GOARCH=$TARGETARCH make\n", report.fix().changes),
    "# setup\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH make\n",
  );
});

function rulesOf(text: string): readonly string[] {
  return lint(text).map(({ rule }) => rule.id);
}

/** The text after the last FROM. */
function withoutFrom(text: string): string {
  const { directives, stages } = parse(text);
  const last = stages.at(-1);
  const head = directives.length > 0 ? text.slice(0, Math.max(...directives.map(({ span }) => span.end))) : "";
  return head + text.slice(last?.from.span.end ?? 0);
}
