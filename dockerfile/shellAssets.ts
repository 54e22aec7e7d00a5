import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import type { ShellParser } from "./shell/shell.ts";
import { createShellParser } from "./shell/parser.ts";

/**
 * Reads and loads the shell grammar: next to the bundle where there is one, from the installed package when run from
 * sources. WebAssembly of this process is no longer optimised from then on.
 */
export async function loadShellParser(): Promise<ShellParser> {
  // Optimising the grammar's lexer, one function of 200 kB, takes V8 500 MB and half a second of a processor, for scripts
  // that are then parsed no faster than can be measured (npm run bench -- lint). Files are parsed in microseconds either way.
  setFlagsFromString("--no-wasm-tier-up");
  setFlagsFromString("--no-wasm-dynamic-tiering");
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
