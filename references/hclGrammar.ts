import { readGrammarFile, shellAssetFiles } from "../dockerfile/shellAssets.ts";
import type { HclReader } from "./in/bake/bakeFile.ts";
import { createHclReader } from "./in/bake/hcl.ts";

// The build puts it next to the bundles.
const grammarFile = "@tree-sitter-grammars/tree-sitter-hcl/tree-sitter-hcl.wasm";

/** Reads and loads the grammar of HCL. Rejects only if its files are missing from the installation. */
export async function loadHclReader(): Promise<HclReader> {
  const [runtime, grammar] = await Promise.all([
    readGrammarFile(shellAssetFiles.runtime),
    readGrammarFile(grammarFile),
  ]);
  return createHclReader({ runtime, grammar });
}
