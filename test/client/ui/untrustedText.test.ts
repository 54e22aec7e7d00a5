import assert from "node:assert/strict";
import { test } from "node:test";
import { safeLabel, safeLine, safeMessage } from "../../../client/src/ui/untrustedText.ts";

test("a line is a single line of bounded length without hidden characters", () => {
  assert.equal(safeLine("a\r\n\tb\u202Ec"), "a b\\u202ec");
  assert.equal(safeLine("x".repeat(100_000)).length, 1001);
  assert.equal(safeLine(" ".repeat(100_000)), " …");
});

test("a label doesn't render icons", () => {
  assert.equal(safeLabel("RUN cd $(pwd) \\$(sync~spin) ${A}"), "RUN cd \\$(pwd) \\\\$(sync~spin) ${A}");
});

test("a message doesn't render links", () => {
  assert.equal(
    safeMessage("see [here](command:workbench.action.quit) [x](https://a)"),
    "see [here] (command:workbench.action.quit) [x] (https://a)",
  );
});
