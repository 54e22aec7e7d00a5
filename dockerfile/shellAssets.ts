import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ShellParser } from "./shell/shell.ts";
import { createShellParser } from "./shell/parser.ts";

/** Reads and loads the shell grammar: next to the bundle where there is one, from the installed package when run from sources. */
export async function loadShellParser(): Promise<ShellParser> {
  const folder =
    typeof __dirname === "string"
      ? __dirname
      : join(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm"), "..");
  const [runtime, bash] = await Promise.all([
    readFile(join(folder, shellAssetFiles.runtime)),
    readFile(join(folder, shellAssetFiles.bash)),
  ]);
  return createShellParser({ runtime, bash });
}

/** Files of `@vscode/tree-sitter-wasm/wasm` that the build puts next to the bundles. */
export const shellAssetFiles = { runtime: "tree-sitter.wasm", bash: "tree-sitter-bash.wasm" } as const;
