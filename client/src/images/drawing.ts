// What draws rows and reads for them, in one file: the view loads it when it first shows a row.
export { lineageOf } from "../../../oci/catalog/composition.ts";
export { childrenOf } from "./children.ts";
export { Catalogs } from "./data/catalogs.ts";
export { hasAged } from "./labels/describe.ts";
export { itemFor, withTooltip } from "./labels/item.ts";
export { sections } from "./rows/sections.ts";
