import assert from "node:assert/strict";
import { test } from "node:test";
import { changeQuestion, summarizeWorkspacePin } from "../../../client/src/dockerfiles/pinWorkspaceSummary.ts";
import type { PinWorkspaceAnswer } from "../../../server/protocol/protocol.ts";

const row = {
  uri: "file:///a/Dockerfile",
  line: 2,
  reference: "alpine:3",
  outcome: "pinned",
  message: "alpine:3 is x",
} as const;
const skipped = { ...row, line: 4, reference: "x:$V", outcome: "skipped", message: "$V has no default" } as const;

function summary(answer: Partial<PinWorkspaceAnswer>, edits: "preview" | "all" = "preview"): string {
  const whole = { outcomes: [], problems: [], applied: true, edits, ...answer };
  const { severity, text, lines } = summarizeWorkspacePin("pin", whole, (uri) => uri.replace("file:///", ""));
  return [`${severity}: ${text}`, ...lines].join("\n");
}

test("a workspace pin claims no number of edits, as the user chose among them, and has a line for each image", () => {
  assert.equal(
    summary({ outcomes: [row, row, skipped] }),
    "warning: Made the edits ticked in the preview. Skipped: $V has no default\na/Dockerfile:3: alpine:3: pinned: alpine:3 is x\na/Dockerfile:3: alpine:3: pinned: alpine:3 is x\na/Dockerfile:5: x:$V: skipped: $V has no default",
  );
});

test("a workspace pin that the user discards changes nothing", () => {
  assert.match(summary({ outcomes: [row], applied: false }), /^info: Nothing was changed; tick edits in the preview\n/);
});

test("a workspace pin shows refusals and files that weren't read", () => {
  assert.equal(summary({ refusal: "no trust" }), "error: no trust");
  assert.match(
    summary({ outcomes: [row, row], problems: ["b could not be read"] }),
    /^warning: Made the edits ticked in the preview\. b could not be read\n/,
  );
});

test("a workspace pin asks how many images it may change, if any", () => {
  const answer = { problems: [], applied: false };
  const elsewhere = { ...row, uri: "file:///b/Dockerfile" };
  assert.equal(changeQuestion("pin", { ...answer, outcomes: [row, elsewhere, skipped] }), "Pin 2 images in 2 files?");
  assert.equal(changeQuestion("update", { ...answer, outcomes: [row] }), "Update 1 image in 1 file?");
  assert.equal(changeQuestion("pin", { ...answer, outcomes: [skipped] }), undefined);
});

test("a workspace pin without a preview says what it changed, or that a file changed meanwhile", () => {
  assert.match(summary({ outcomes: [row, row] }, "all"), /^info: Pinned 2 images\n/);
  assert.match(summary({ outcomes: [row], applied: false }, "all"), /^info: A file changed in the meantime/);
});
