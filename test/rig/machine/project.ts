import { fileURLToPath } from "node:url";

/** The checkout: the folder of package.json. */
export const projectFolder = fileURLToPath(new URL("../../..", import.meta.url)).replace(/[/\\]$/, "");
