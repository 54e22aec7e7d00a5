import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { ShellAssets } from "./syntax/shellParser.ts";

/** Reads the shell grammar: next to the bundle where there is one, from the installed package when run from sources. */
export async function readShellAssets(): Promise<ShellAssets> {
  const folder = typeof __dirname === "string" ? __dirname : join(createRequire(import.meta.url).resolve("@vscode/tree-sitter-wasm"), "..");
  const [runtime, bash] = await Promise.all(shellAssetFiles.map((name) => readFile(join(folder, name))));
  if (!runtime || !bash) throw new Error("two files were asked for");
  return { runtime, bash };
}

/** Files of `@vscode/tree-sitter-wasm/wasm` that belong next to the bundles. */
export const shellAssetFiles = ["tree-sitter.wasm", "tree-sitter-bash.wasm"] as const;
