import { entriesOf, opaqueDirectoriesOf, overwrittenOf, whiteoutsOf } from "../../../oci/core/columns/content.ts";
import type { ListedContent } from "../../../oci/core/columns/contentBuilder.ts";
import type { LayerContent } from "../../../oci/core/entry.ts";

/** A layer's content as objects that tests can compare. */
export function listed(content: LayerContent): Required<ListedContent> & Pick<LayerContent, "contentBytes"> {
  return {
    entries: entriesOf(content),
    whiteouts: whiteoutsOf(content),
    opaqueDirectories: opaqueDirectoriesOf(content),
    overwritten: overwrittenOf(content),
    contentBytes: content.contentBytes,
  };
}
