import assert from "node:assert/strict";
import { test } from "node:test";
import { executeRemoval } from "../../../client/src/actions/remove.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";
import { digest, summary } from "../../support/images/literalImages.ts";
import { fakeEngineSource } from "./fakeEngineSource.ts";
import { scriptedDialogs } from "./scriptedDialogs.ts";

const used = summary({ id: digest("a"), tags: ["app:1"] });
const other = summary({ id: digest("b"), tags: ["app:1"] });

test("force is not applied to a different image that took over the name", async () => {
  const ordered: string[] = [];
  const remove: EngineActions["remove"] = (what, { force }) => {
    ordered.push(force ? `${what} by force` : what);
    return Promise.resolve(
      force
        ? success({ untagged: [what], deleted: [] })
        : failure({ kind: "conflict", what, message: "a container uses it", force: "image" }),
    );
  };
  const dialogs = scriptedDialogs({ answers: [true] });
  await executeRemoval(
    fakeEngineSource([[used], [{ ...used, tags: [] }, other]], { remove }),
    [{ image: used, names: "all" }],
    { images: [used], containers: [] },
    dialogs,
  );
  assert.deepEqual(ordered, ["app:1"]);
  assert.equal(dialogs.transcript.at(-1), "tell: Those images no longer exist");
});
