import assert from "node:assert/strict";
import { test } from "node:test";
import { openMachine } from "../../server/src/machine.ts";
import { decodeSettings } from "../../server/protocol/settings.ts";

function aptIndexesWith(isTrusted: boolean, settings: unknown = {}): string {
  const machine = openMachine({
    settings: decodeSettings(settings),
    isTrusted,
    onImagesChanged: () => undefined,
    log: () => undefined,
  });
  machine.dispose();
  const { aptIndexes } = machine.facts;
  return "refusal" in aptIndexes ? aptIndexes.refusal : "allowed";
}

test("package indexes are fetched only in a trusted workspace, and not with the network off", () => {
  assert.equal(aptIndexesWith(true), "allowed");
  assert.match(aptIndexesWith(false), /this workspace is not trusted/);
  assert.match(aptIndexesWith(true, { network: false }), /imagewright\.network is off/);
});
