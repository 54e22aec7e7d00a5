import assert from "node:assert/strict";
import { test } from "node:test";
import { givenLabel, givenLine, givenMessage } from "../../../client/src/ui/untrustedText.ts";

test("a line is one line, of bounded length, with nothing hidden", () => {
  assert.equal(givenLine("a\r\n\tb\u202Ec"), "a b\\u202ec");
  assert.equal(givenLine("x".repeat(100_000)).length, 1001);
  assert.equal(givenLine(" ".repeat(100_000)), " …");
});

test("a label makes no icons", () => {
  assert.equal(givenLabel("RUN cd $(pwd) \\$(sync~spin) ${A}"), "RUN cd \\$(pwd) \\\\$(sync~spin) ${A}");
});

test("a message makes no links", () => {
  assert.equal(
    givenMessage("see [here](command:workbench.action.quit) [x](https://a)"),
    "see [here] (command:workbench.action.quit) [x] (https://a)",
  );
});
