// A context of 200,000 files: the time to list it, and the cost of rules and hints per keystroke once it is known.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { indexOf } from "../../dockerfile/context/contextIndex.ts";
import type { ContextFilesFact, FactKey, Facts, FactState } from "../../dockerfile/facts/fact.ts";
import { fetchContextFiles } from "../../dockerfile/facts/fetch/contextFiles.ts";
import { readIgnoreDocument } from "../../dockerfile/lint/ignore/document.ts";
import { runIgnoreRules } from "../../dockerfile/lint/ignore/run.ts";
import { runRules } from "../../dockerfile/lint/run.ts";
import { rules } from "../../dockerfile/lint/rules/index.ts";
import { loadShellParser } from "../../dockerfile/shellAssets.ts";
import { createBuild } from "../../dockerfile/semantics/createBuild.ts";
import { sizeStages } from "../../dockerfile/size/run.ts";
import { parse } from "../../dockerfile/syntax/parse.ts";
import { measure } from "./figures.ts";

const modules = 40;
const foldersEach = 50;
const filesEach = 98;

const folder = await mkdtemp(join(tmpdir(), "context-bench-"));
try {
  await makeFiles(folder);
  await bench(folder);
} finally {
  await rm(folder, { recursive: true });
}

async function bench(root: string): Promise<void> {
  const walk = async (): Promise<ContextFilesFact> => {
    const state = await fetchContextFiles({ contextRoot: root }, new AbortController().signal, {
      bounds: { maxFiles: 200_000, maxMs: 120_000, maxProbes: 500 },
    });
    if (state.state !== "known" || state.value.isTruncated) throw new Error("the context was not listed as a whole");
    return state.value;
  };
  let fact = await walk();
  const { length } = fact.files;
  const ms = await measure(`list ${length} files`, 3, async () => {
    fact = await walk();
  });
  console.log(`${"files listed in a second".padEnd(48)} ${Math.round(length / (ms / 1000)).toLocaleString("en")}`);
  await cancel(root);
  await measure("index of a fact, cold", 5, () => void indexOf({ ...fact }));
  await keystrokes(fact);
}

async function cancel(root: string): Promise<void> {
  await measure("a walk ends after it is cancelled", 5, async () => {
    const controller = new AbortController();
    const walking = fetchContextFiles({ contextRoot: root }, controller.signal).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    controller.abort();
    await walking;
    return performance.now() - start;
  });
}

async function keystrokes(fact: ContextFilesFact): Promise<void> {
  const shell = await loadShellParser();
  const facts: Facts = {
    get: <K extends FactKey>(key: K) =>
      (key.kind === "contextFiles"
        ? { state: "known", value: fact }
        : { state: "unavailable", reason: "not here" }) as FactState<never>,
  };
  const contextRules = rules.filter(({ meta }) =>
    /^(?:missing-source|source-case|empty-glob|copy-ignored-file|copied-secret|needless-context|unlocked-install|sources-before-install)$/.test(
      meta.id,
    ),
  );
  const text = (n: number) =>
    `FROM node:22\nWORKDIR /app\n${"COPY . .\nCOPY package0/folder1 /a/\nCOPY package*/folder2/*.js /b/\n".repeat(20)}RUN npm install\n# ${n}\nCOPY missing${n} /x/\n`;
  let n = 0;
  const files = Array.from({ length: 400 }, (_, i) => createBuild(parse(text(i)), shell, facts));
  const next = () => files[n++ % files.length] ?? createBuild(parse(""), shell, facts);
  await measure("rules of the context, 61 COPY, warm", 100, () => void runRules(next(), { rules: contextRules }));
  await measure("sizes, 61 COPY, warm", 100, () => void sizeStages(next()));
  const patterns = "node_modules\n**/*.log\n.git\n*.md\n!README.md\n**/dist\n**/.cache\ncoverage\n";
  const lint = (extra: string) =>
    void runIgnoreRules({ file: readIgnoreDocument(".dockerignore", patterns + extra), facts });
  await measure("ignore file, nothing changed", 50, () => lint(""));
  await measure("ignore file, a name typed", 50, () => lint(`name${n++}\n`));
  await measure("ignore file, a pattern typed", 20, () => lint(`**/*.x${n++}\n`));
}

async function makeFiles(root: string): Promise<void> {
  await writeFile(join(root, "package.json"), "{}");
  await writeFile(join(root, "package-lock.json"), "{}");
  for (let module = 0; module < modules; module++) {
    for (let inner = 0; inner < foldersEach; inner++) {
      const path = join(root, module === 0 ? "node_modules" : `package${module}`, `folder${inner}`);
      await mkdir(path, { recursive: true });
      await Promise.all(Array.from({ length: filesEach }, (_, i) => writeFile(join(path, `file${i}.js`), "")));
    }
  }
}
