import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The version of the command line, from the manifest next to the bundle, or from the project's if run from sources. */
export function programVersion(): string {
  const manifest =
    typeof __dirname === "string"
      ? join(__dirname, "package.json")
      : fileURLToPath(new URL("../../package.json", import.meta.url));
  return (JSON.parse(readFileSync(manifest, "utf8")) as { readonly version: string }).version;
}
