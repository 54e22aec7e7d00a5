import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActionParts } from "../../../client/src/actions/actionParts.ts";
import { save } from "../../../client/src/actions/archive.ts";
import { success } from "../../../oci/core/error.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { digest, summary } from "../../support/images/literalImages.ts";
import { fakeEngineSource } from "./fakeEngineSource.ts";
import { scriptedDialogs } from "./scriptedDialogs.ts";

test("an image is saved by its names when the file is chosen, without any that moved to another image", async () => {
  const [kept, gone] = [
    summary({ id: digest("a"), tags: ["app:1", "app:2"] }),
    summary({ id: digest("b"), tags: ["app:3"] }),
  ];
  const ordered: (readonly string[])[] = [];
  const saving: EngineActions["save"] = (images) => {
    ordered.push(images);
    return Promise.resolve(success({ bytes: 1024 }));
  };
  const source = fakeEngineSource(
    [[{ ...kept, tags: ["app:2"] }, summary({ id: digest("c"), tags: ["app:1", "app:3"] })]],
    { save: saving },
  );
  const parts: Partial<ActionParts> = { dialogs: scriptedDialogs({ answers: ["/x.tar"] }) };
  await save(
    [kept, gone].map((image) => ({ source, summary: image })),
    parts as ActionParts,
  );
  assert.deepEqual(ordered, [["app:2", gone.id]]);
});
