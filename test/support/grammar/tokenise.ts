import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import oniguruma from "vscode-oniguruma";
import textmate from "vscode-textmate";
import type { IGrammar, IOnigLib, IRawGrammar, StateStack } from "vscode-textmate";
import { root } from "../sources.ts";

/** A part of a line, with its scopes, outermost first. */
export interface ScopedText {
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly scopes: readonly string[];
}

export interface Tokeniser {
  /** Every line's tokens in order, without the newlines. Lines end as in VS Code: `\n` or `\r\n`. */
  tokenise(text: string): readonly ScopedText[];
}

/** VS Code's grammars from `tm-grammars`, with those that package.json contributes and injects. */
export async function openTokeniser(scopeName: "source.dockerfile" | "source.dockerignore"): Promise<Tokeniser> {
  const contributed = await contributedGrammars();
  const registry = new textmate.Registry({
    onigLib: onigLib(),
    loadGrammar: async (name) => {
      const own = contributed.find((grammar) => grammar.scopeName === name);
      return own ? readGrammar(join(root, own.path)) : vscodeGrammar(name);
    },
    getInjections: (name) =>
      contributed.filter(({ injectTo }) => injectTo?.includes(name)).map((grammar) => grammar.scopeName),
  });
  const grammar = await registry.loadGrammar(scopeName);
  if (!grammar) throw new Error(`there is no grammar for ${scopeName}`);
  return { tokenise: (text) => tokenise(grammar, text) };
}

interface ContributedGrammar {
  readonly scopeName: string;
  readonly path: string;
  readonly injectTo?: readonly string[];
}

async function contributedGrammars(): Promise<readonly ContributedGrammar[]> {
  const manifest = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
    readonly contributes: { readonly grammars: readonly ContributedGrammar[] };
  };
  return manifest.contributes.grammars;
}

/** VS Code's built-in grammars for languages that heredocs can contain. */
const vscodeGrammars: Readonly<Record<string, string>> = {
  "source.dockerfile": "docker",
  "source.shell": "shellscript",
  "source.powershell": "powershell",
  "source.batchfile": "bat",
  "source.python": "python",
  "source.js": "javascript",
  "source.json": "json",
  "source.yaml": "yaml",
  "source.ini": "ini",
  "source.sql": "sql",
};

async function vscodeGrammar(scopeName: string): Promise<IRawGrammar | undefined> {
  const name = vscodeGrammars[scopeName];
  return name === undefined ? undefined : readGrammar(join(root, `node_modules/tm-grammars/grammars/${name}.json`));
}

async function readGrammar(path: string): Promise<IRawGrammar> {
  return textmate.parseRawGrammar(await readFile(path, "utf8"), path);
}

async function onigLib(): Promise<IOnigLib> {
  await oniguruma.loadWASM(
    await readFile(createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm")),
  );
  return {
    createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
    createOnigString: (text) => new oniguruma.OnigString(text),
  };
}

function tokenise(grammar: IGrammar, text: string): readonly ScopedText[] {
  let state: StateStack = textmate.INITIAL;
  return text.split(/\r?\n/).flatMap((line, index) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens
      .map(({ startIndex, endIndex, scopes }) => ({ start: startIndex, end: Math.min(endIndex, line.length), scopes }))
      .filter(({ start, end }) => start < end)
      .map((token) => ({ ...token, line: index, text: line.slice(token.start, token.end) }));
  });
}
