import { fileURLToPath } from "node:url";

/** The checkout: where package.json is. */
export const projectFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, "");
