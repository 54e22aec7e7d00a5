import assert from "node:assert/strict";
import { test } from "node:test";
import { carryOut } from "../../../client/src/actions/remove.ts";
import type { EngineSource } from "../../../client/src/actions/targets.ts";
import { failure, success } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import type { EngineActions } from "../../../oci/source/engineActions.ts";
import { digest, summary } from "../images/fakeSource.ts";
import { scriptedDialogs } from "./scriptedDialogs.ts";

const used = summary({ id: digest("a"), tags: ["app:1"] });
const other = summary({ id: digest("b"), tags: ["app:1"] });

test("what is agreed to be forced is not forced on an image that has got the name meanwhile", async () => {
  const lists: readonly (readonly ImageSummary[])[] = [[used], [{ ...used, tags: [] }, other]];
  const ordered: string[] = [];
  const dialogs = scriptedDialogs({ answers: [true] });
  await carryOut(engine(lists, ordered), [{ image: used, names: "all" }], { images: [used], containers: [] }, dialogs);
  assert.deepEqual(ordered, ["app:1"]);
  assert.equal(dialogs.transcript.at(-1), "tell: What was to be removed is not there any more");
});

/** An engine with these lists, one after another, that removes by force only. */
function engine(lists: readonly (readonly ImageSummary[])[], ordered: string[]): EngineSource {
  const left = lists.values();
  const remove: EngineActions["remove"] = (what, { force }) => {
    ordered.push(force ? `${what} by force` : what);
    return Promise.resolve(force ? success({ untagged: [what], deleted: [] }) : failure({ kind: "conflict", what, message: "a container uses it", force: "image" }));
  };
  const actions: Partial<EngineActions> = { remove };
  const source: Partial<EngineSource> = { list: () => Promise.resolve(success(left.next().value ?? [])), actions: actions as EngineActions };
  return source as EngineSource;
}
