import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { suite, test } from "node:test";
import { parse } from "../../dockerfile/syntax/parse.ts";
import type { Dockerfile, TokenKind } from "../../dockerfile/syntax/syntax.ts";
import { openTokeniser, type ScopedText } from "../support/grammar/tokenise.ts";
import { root } from "../support/sources.ts";

const folder = join(root, "test/fixtures/dockerfiles");
const tokeniser = await openTokeniser("source.dockerfile");

/** The scope of each kind of parser token; a token of another kind must not have it. */
const scopesOfKinds: Readonly<Partial<Record<TokenKind, RegExp>>> = {
  comment: /^comment\.line\.(?:number-sign|shebang)\.dockerfile$/,
  directive: /^meta\.directives\.dockerfile$/,
  heredocBody: /^meta\.heredoc\./,
};

suite("the grammar and the parser agree", () => {
  for (const name of readdirSync(folder))
    test(name, () => {
      // Editors don't pass the byte order mark to grammars.
      const text = readFileSync(join(folder, name), "utf8").replace(/^\uFEFF/, "");
      assert.deepEqual(differences(parse(text), text), []);
    });
});

function differences(file: Dockerfile, text: string): readonly string[] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const found: string[] = [];
  for (const part of tokeniser.tokenise(text)) {
    const offset = (starts[part.line] ?? 0) + part.start;
    const token = file.tokens.find(({ span }) => span.start <= offset && offset < span.end);
    if (!token || part.text.trim() === "") continue;
    if (disagrees(part, token.kind)) found.push(`line ${String(part.line + 1)}, ${part.text}: ${token.kind}`);
  }
  return [...found, ...missedKeywords(file, text, starts)];
}

function disagrees({ scopes }: ScopedText, kind: TokenKind): boolean {
  if (scopes.includes("meta.instruction.unknown.dockerfile")) return true;
  // A file's state after `# escape=` is inside the directives that set it.
  const isDirective = scopes.at(-1) === "meta.file.backtick.dockerfile";
  return Object.entries(scopesOfKinds).some(([each, pattern]) => {
    if (each === "directive" && (isDirective || scopes.some((scope) => scope.startsWith("meta.file.")))) return false;
    return scopes.some((scope) => pattern.test(scope)) !== (kind === each);
  });
}

/** Keywords of instructions that the grammar takes for something else, because an earlier line left a scope open. */
function missedKeywords(file: Dockerfile, text: string, starts: readonly number[]): readonly string[] {
  const parts = tokeniser.tokenise(text);
  return file.instructions.flatMap(({ keyword }) => {
    const at = parts.find(({ line, start, end }) => {
      const offset = (starts[line] ?? 0) + start;
      return offset <= keyword.span.start && keyword.span.start < offset + end - start;
    });
    const isKeyword = at?.text === keyword.written && /^keyword\..*\.dockerfile$/.test(at.scopes.at(-1) ?? "");
    return isKeyword
      ? []
      : [`${keyword.written} at ${String(keyword.span.start)}: ${at?.scopes.join(" ") ?? "nothing"}`];
  });
}
