import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import type { Arguments, Command } from "../../cli/src/command.ts";
import { commands } from "../../cli/src/commands.ts";
import { runCommand } from "../../cli/src/run.ts";

let received: Arguments | undefined;
const greet: Command = {
  name: "greet",
  operands: "NAME",
  summary: "Greets",
  options: {
    loud: { type: "boolean", short: "l", help: "in capitals" },
    times: { type: "string", value: "COUNT", help: "how often" },
  },
  run(args) {
    received = args;
    return Promise.resolve(0);
  },
};

async function printed(context: TestContext, argv: readonly string[]): Promise<string> {
  const log = context.mock.method(console, "log", () => undefined);
  await runCommand(new Map([...commands, ["greet", () => Promise.resolve(greet)]]), argv, new AbortController().signal);
  log.mock.restore();
  return log.mock.calls.map(({ arguments: [text] }) => String(text)).join("\n");
}

test("an option that is only added to a command's table is parsed and shown in the help", async (context) => {
  assert.equal(
    await printed(context, ["greet", "--help"]),
    `Usage: imagewright greet NAME [options]

Greets

  -l, --loud     in capitals
  --times COUNT  how often`,
  );
  await printed(context, ["greet", "-l", "--times", "3", "you"]);
  assert.deepEqual([received?.flag("loud"), received?.option("times"), received?.positionals], [true, "3", ["you"]]);
});

test("the usage of a command without operands has no gap", async (context) => {
  assert.match(await printed(context, ["rules", "--help"]), /^Usage: imagewright rules \[options\]$/m);
});

test("an unknown option, a missing value and a needless one are named", async (context) => {
  const errors = context.mock.method(console, "error", () => undefined);
  for (const argv of [["--nosuch"], ["-x"], ["--times"], ["--times", "-l"], ["--loud=1"]])
    await printed(context, ["greet", ...argv]);
  errors.mock.restore();
  assert.deepEqual(
    errors.mock.calls.map(({ arguments: [text] }) => String(text).split("\n")[0]),
    [
      "imagewright: unknown option --nosuch",
      "imagewright: unknown option -x",
      "imagewright: --times needs a value",
      "imagewright: --times needs a value",
      "imagewright: --loud takes no value",
    ],
  );
});

test("a command that is only added to the table is in the overview", async (context) => {
  assert.match(await printed(context, ["--help"]), /^ {2}greet NAME +Greets$/m);
});

test("each command is in the table under its own name", async () => {
  for (const [name, load] of commands) assert.equal((await load()).name, name);
});
