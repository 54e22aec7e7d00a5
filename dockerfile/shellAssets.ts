import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { useBaselineWebAssembly } from "./baselineWebAssembly.ts";
import type { ShellParser } from "./shell/shell.ts";
import { createShellParser } from "./shell/parser.ts";

/**
 * Reads and loads the shell grammar: from the folder of the bundle if there is one, from the installed package when run
 * from sources. From then on this process no longer optimises WebAssembly.
 */
export async function loadShellParser(): Promise<ShellParser> {
  useBaselineWebAssembly();
  const [runtime, bash] = await Promise.all([
    readGrammarFile(shellAssetFiles.runtime),
    readGrammarFile(shellAssetFiles.bash),
  ]);
  return createShellParser({ runtime, bash });
}

/** Files of packages that the build puts next to the bundles, by their own names. */
export const shellAssetFiles = {
  runtime: "@vscode/tree-sitter-wasm/wasm/tree-sitter.wasm",
  bash: "@vscode/tree-sitter-wasm/wasm/tree-sitter-bash.wasm",
} as const;

/** Reads a WebAssembly file of a package: next to the bundle, or from the installed package when run from sources. */
export function readGrammarFile(path: string): Promise<Uint8Array> {
  return readFile(
    typeof __dirname === "string" ? join(__dirname, basename(path)) : createRequire(import.meta.url).resolve(path),
  );
}
