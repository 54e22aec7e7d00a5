// The shape of the code: lengths of functions, sizes of folders and the first words of comments. ESLint limits the
// longest function (max-lines-per-function).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { parts, root, sourcesIn } from "./support/sources.ts";

/** Lines from the first to the last, including comments and blank lines. @see style.md, "Shape" */
const maxP90Lines = 20;

/** About twenty: a list that is still readable at a glance. */
const maxFolderFiles = 22;

/** Folders with one file per rule or kind of fact, which is found by its ID. */
const listFolders = /(?:^|\/)rules$|^dockerfile\/facts\/kinds$/;

test("nine of ten functions outside tests have at most 20 lines", async () => {
  const files = await Promise.all(parts.filter((part) => part !== "test").map(sourcesIn));
  const lengths = files
    .flat()
    .flatMap(functionLengths)
    .sort((a, b) => a - b);
  const p90 = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
  assert.ok(lengths.length > 1000, "the functions were found");
  assert.ok(p90 <= maxP90Lines, `p90 is ${p90} lines`);
});

test("no folder, except the lists of rules and of kinds of facts, holds more than about twenty source files", async () => {
  const counts = new Map<string, number>();
  for (const file of (await Promise.all(parts.map(sourcesIn))).flat())
    counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1);
  const crowded = [...counts].filter(([folder, count]) => count > maxFolderFiles && !listFolders.test(folder));
  assert.deepEqual(crowded, []);
});

test("a documentation comment begins with a noun or a verb, not with What, Where, How, Whether or Who", async () => {
  const files = (await Promise.all(parts.map(sourcesIn))).flat();
  const found = files.flatMap((file) => {
    const comments = readFileSync(join(root, file), "utf8").matchAll(/\/\*\*[\s*]+(?:What|Where|How|Whether|Who)\b.*/g);
    return [...comments].map(([comment]) => `${file}: ${comment}`);
  });
  assert.deepEqual(found, []);
});

function functionLengths(file: string): readonly number[] {
  const source = ts.createSourceFile(file, readFileSync(join(root, file), "utf8"), ts.ScriptTarget.Latest, true);
  const lengths: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body) lengths.push(lineCount(source, node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lengths;
}

function lineCount(source: ts.SourceFile, node: ts.Node): number {
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.getEnd()) - lineAt(node.getStart(source)) + 1;
}
