import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { buildOf, lint } from "../../support/dockerfile/check.ts";

const installed = "apt-get install curl";

function commandsOf(script: string): readonly (string | undefined)[] {
  const build = buildOf(`FROM debian:12\nRUN ${script}\n`);
  return build.scripts().flatMap(({ script: read }) => read.commands.map(({ name }) => name));
}

function rulesOn(script: string): ReadonlySet<string> {
  return new Set(lint(`FROM debian:12\nRUN ${script}\n`).map(({ rule }) => rule.id));
}

describe("a script is read whole, or is said not to be", () => {
  for (const [joined, operator] of [
    ["&&", " && "],
    ["||", " || "],
    [";", "; "],
    ["|", " | "],
    ["redirections and &&", " >a 2>&1 && "],
    ["heredocs and &&", " <<x && "],
  ] as const)
    test(`3,000 commands joined by ${joined} are all read, the first as well as the last`, () => {
      const script = [installed, ...Array<string>(3000).fill("a"), installed].join(operator);
      const names = commandsOf(script);
      assert.deepEqual([names.length, names[0], names.at(-1)], [3002, "apt-get", "apt-get"]);
      assert.ok(!rulesOn(script).has("unread-script"));
      assert.ok(rulesOn(script).has("apt-get-yes"));
    });

  for (const [what, script] of [
    ["more than 512 kB", `${installed} && ${"a; ".repeat(200_000)}true`],
    ["20,000 times sudo", `${"sudo ".repeat(20_000)}${installed}`],
    ["20,000 times env", `${"env A=b ".repeat(20_000)}${installed}`],
    ["20,000 subshells", `${"( ".repeat(20_000)}${installed}${" )".repeat(20_000)}`],
    ["500 substitutions in one another", `${"$(".repeat(500)}${installed}${")".repeat(500)}`],
    ["400 times if", `${"if a; then ".repeat(400)}${installed}${"; fi".repeat(400)}`],
  ] as const)
    test(`a script with ${what} is reported, and no rule fails`, () => {
      const failed: string[] = [];
      const onCrash = (id: string): void => void failed.push(id);
      const reports = lint(`FROM debian:12\nRUN ${script}\n`, { onCrash });
      assert.deepEqual(failed, []);
      assert.equal(reports.filter(({ rule }) => rule.id === "unread-script").length, 1);
    });

  test("a redirection on a list belongs to its last command", () => {
    const build = buildOf("FROM debian:12\nRUN a >1 && b && c >2 || d >3\n");
    const [script] = build.scripts();
    assert.deepEqual(
      script?.script.commands.map(({ name, redirections }) => [
        name,
        ...redirections.map(({ target }) => target?.value),
      ]),
      [["a", "1"], ["b"], ["c", "2"], ["d", "3"]],
    );
  });
});
