import assert from "node:assert/strict";
import { test } from "node:test";
import { overlapQuestion } from "../../../client/src/ui/overlapWords.ts";

test("the question names one other extension, and its answer leaves the features to that", () => {
  const { text, hide, show } = overlapQuestion(["Docker DX"]);
  assert.match(text, /^Docker DX also has completion, hover and BuildKit's checks for Dockerfiles\./);
  assert.deepEqual([hide, show], ["Use Docker DX's", "Show Both"]);
});

test("the question names several other extensions", () => {
  const { text, hide } = overlapQuestion(["Docker DX", "Container Tools"]);
  assert.match(text, /^Docker DX and Container Tools also have /);
  assert.equal(hide, "Use Theirs");
});
