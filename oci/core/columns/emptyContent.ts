import { contentOf } from "./contentBuilder.ts";

/** The content of an empty layer. */
export const emptyContent = contentOf({ entries: [] });
