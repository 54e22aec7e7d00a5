import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { getL10nJson } from "@vscode/l10n-dev";

/**
 * The texts of the extension, sorted, as translators get them: the first arguments of `l10n.t` in the sources
 * of the client and its webviews. The tool finds calls of the `l10n` that a file imports from VS Code. It needs a tenth
 * of a second for each file, so it gets the sources as one.
 */
export async function clientTexts(root: string): Promise<Readonly<Record<string, string>>> {
  const paths = globSync("{client/src,media}/**/*.ts", { cwd: root }).sort();
  const sources = await Promise.all(paths.map((path) => readFile(join(root, path), "utf8")));
  const bodies = sources.map((source) => source.replace(/^import \{ l10n \} from .*$/m, ""));
  const contents = ['import { l10n } from "vscode";', ...bodies].join("\n");
  const texts = await getL10nJson([{ extension: ".ts", contents }]);
  return Object.fromEntries(
    Object.keys(texts)
      .sort()
      .map((text) => [text, text]),
  );
}
