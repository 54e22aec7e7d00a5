import type { EngineSource } from "../../../client/src/actions/targets.ts";
import { success } from "../../../oci/core/error.ts";
import type { ImageSummary } from "../../../oci/core/image.ts";
import type { EngineActions } from "../../../oci/engine/actions/actions.ts";

/** A fake engine that returns these lists one after another and supports only these operations. */
export function fakeEngineSource(
  lists: readonly (readonly ImageSummary[])[],
  known: Partial<EngineActions>,
): EngineSource {
  const left = lists.values();
  const source: Partial<EngineSource> = {
    list: () => Promise.resolve(success(left.next().value ?? [])),
    actions: known as EngineActions,
  };
  return source as EngineSource;
}
