// Writes the files generated from the sources: rule and estimator indexes, rule pages, grammars, the settings in
// package.json, the texts in package.nls.json and those of the extension in l10n/.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { format, resolveConfig } from "prettier";
import type { RuleMeta } from "../dockerfile/lint/rule.ts";
import { settings } from "../server/protocol/settings.ts";
import { indexModule, listings } from "./indexes.ts";
import { rulePage, rulesTable } from "./rulePages.ts";
import { clientTexts } from "./clientTexts.ts";
import { withDerivedParts } from "./settingsSchema.ts";
import { grammars } from "../syntaxes/grammar/files.ts";

const root = join(import.meta.dirname, "..");
const rulePages = "docs/rules";

/** Every generated file by its path from the root, in memory. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const listing of listings)
    files.set(...(await formatted(`${listing.folder}/index.ts`, indexModule(listing, await idsIn(listing.folder)))));
  const metas = await allRules();
  for (const meta of metas) files.set(`${rulePages}/${meta.id}.md`, rulePage(meta));
  files.set(`${rulePages}/README.md`, rulesTable(metas));
  for (const [name, grammar] of Object.entries(grammars))
    files.set(`syntaxes/${name}.tmLanguage.json`, `${JSON.stringify(grammar, undefined, 1)}\n`);
  files.set("l10n/bundle.l10n.json", `${JSON.stringify(await clientTexts(root), undefined, 2)}\n`);
  const [packageJson, nls] = await Promise.all([textOf("package.json"), textOf("package.nls.json")]);
  const manifest = withDerivedParts({ packageJson, texts: nls }, settings, metas);
  files.set("package.json", manifest.packageJson);
  files.set("package.nls.json", manifest.texts);
  return files;
}

function textOf(path: string): Promise<string> {
  return readFile(join(root, path), "utf8");
}

/** A module formatted by Prettier, which makes `npm run check` and this generator agree. */
async function formatted(path: string, text: string): Promise<[path: string, text: string]> {
  const filepath = join(root, path);
  return [path, await format(text, { ...(await resolveConfig(filepath)), filepath })];
}

/** Pages of rules that no longer exist. */
export async function stalePages(files: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const names = await readdir(join(root, rulePages));
  return names.map((name) => `${rulePages}/${name}`).filter((path) => !files.has(path));
}

/** Reads rules from their own files: the index that lists them may be outdated. Those for Dockerfiles come first. */
async function allRules(): Promise<readonly RuleMeta[]> {
  const rules: RuleMeta[] = [];
  for (const { folder } of listings.filter(({ type }) => type === "LintRule" || type === "IgnoreRule")) {
    for (const id of await idsIn(folder)) {
      const module: { readonly default: { readonly meta: RuleMeta } } = await import(
        pathToFileURL(join(root, folder, `${id}.ts`)).href
      );
      rules.push(module.default.meta);
    }
  }
  return rules;
}

async function idsIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(join(root, folder));
  return names
    .filter((name) => name.endsWith(".ts") && name !== "index.ts")
    .map((name) => name.slice(0, -".ts".length))
    .sort();
}

async function write(): Promise<void> {
  await mkdir(join(root, rulePages), { recursive: true });
  const files = await generated();
  for (const [path, text] of files) {
    const current = await readFile(join(root, path), "utf8").catch(() => undefined);
    if (current === text) continue;
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
    console.log(path);
  }
  for (const path of await stalePages(files)) {
    await rm(join(root, path));
    console.log(`${path} (removed)`);
  }
}

if (import.meta.main) await write();
