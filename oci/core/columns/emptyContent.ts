import { contentOf } from "./contentBuilder.ts";

/** A layer that holds nothing. */
export const emptyContent = contentOf({ entries: [] });
