import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionParts } from "../../../client/src/actions/actionParts.ts";
import type { Dialogs } from "../../../client/src/actions/dialogs/dialogs.ts";
import { push } from "../../../client/src/actions/push.ts";
import { failure } from "../../../oci/core/error.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { digest, summary } from "../../support/images/literalImages.ts";
import { fakeEngineSource } from "./fakeEngineSource.ts";
import { scriptedDialogs } from "./scriptedDialogs.ts";

test("retrying a push doesn't push another image that has the name meanwhile", async () => {
  const [image, other] = [
    summary({ id: digest("a"), tags: ["ghcr.io/a/b:1"] }),
    summary({ id: digest("b"), tags: ["ghcr.io/a/b:1"] }),
  ];
  const ordered: string[] = [];
  const pushing: EngineActions["push"] = (name) => {
    ordered.push(name);
    return Promise.resolve(failure({ kind: "registryUnreachable", endpoint: "ghcr.io", message: "no such host" }));
  };
  const script = scriptedDialogs({ answers: [true] });
  const dialogs: Dialogs = { ...script, showError: async (_, again) => again?.() };
  const parts: Partial<ActionParts> = { dialogs };
  await push({ source: fakeEngineSource([[image], [other]], { push: pushing }), summary: image }, parts as ActionParts);
  assert.deepEqual(ordered, ["ghcr.io/a/b:1"]);
  assert.match(script.transcript.at(-1) ?? "", /^tell: Nothing was pushed: /);
});
