import assert from "node:assert/strict";
import { test } from "node:test";
import { summarizePin } from "../../../client/src/dockerfiles/pinSummary.ts";
import type { PinOutcomeRow } from "../../../server/protocol/protocol.ts";

const row = (outcome: PinOutcomeRow["outcome"], message: string = outcome): PinOutcomeRow => ({
  reference: "debian:12",
  line: 0,
  outcome,
  message,
});

test("a refused pin is reported as it is", () => {
  assert.deepEqual(summarizePin("pin", { refusal: "no network", outcomes: [], applied: false }), {
    severity: "error",
    text: "no network",
    lines: [],
  });
});

test("a single pin outcome is shown in full, several are counted with one line each", () => {
  assert.equal(
    summarizePin("pin", { outcomes: [row("pinned", "debian:12 is 0123 at docker.io")], applied: true }).text,
    "Pinned: debian:12 is 0123 at docker.io",
  );
  assert.equal(
    summarizePin("pin", { outcomes: [row("failed", "docker.io can't be reached")], applied: true }).text,
    "docker.io can't be reached",
  );
  const several = summarizePin("pin", { outcomes: [row("pinned"), row("skipped"), row("pinned")], applied: true });
  assert.deepEqual([several.severity, several.text, several.lines.length], ["warning", "2 pinned, 1 skipped", 3]);
  assert.equal(several.lines[0], "line 1: debian:12: pinned: pinned");
});

test("a failed pin says why", () => {
  const { severity, text } = summarizePin("pin", {
    outcomes: [row("failed", "the registry does not answer"), row("failed", "x")],
    applied: false,
  });
  assert.deepEqual([severity, text], ["error", "2 failed. debian:12: the registry does not answer"]);
});

test("nothing to pin is not a failure, but changes refused by the editor are", () => {
  assert.deepEqual(summarizePin("check", { outcomes: [], applied: true }), {
    severity: "info",
    text: "No pinned images here",
    lines: [],
  });
  assert.equal(summarizePin("pin", { outcomes: [row("pinned")], applied: false }).severity, "error");
  assert.equal(summarizePin("check", { outcomes: [row("unchanged")], applied: false }).severity, "info");
});
