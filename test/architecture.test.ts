import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { test } from "node:test";
import ts from "typescript";
import { ruleGroups } from "../dockerfile/lint/groups.ts";
import { ignoreRules } from "../dockerfile/lint/ignore/rules/index.ts";
import { rules } from "../dockerfile/lint/rules/index.ts";
import { estimators } from "../dockerfile/size/estimators/index.ts";
import { parts, root, sourcesIn } from "./support/sources.ts";

/** The imports that each part may have in addition to its own. Longer prefixes win. @see ARCHITECTURE.md */
const arrows: Readonly<Record<string, readonly string[]>> = {
  "oci/core": [],
  "oci/images": ["oci/core"],
  "oci/packages": ["oci/core"],
  "oci/source": ["oci/core", "oci/files", "oci/packages"],
  "oci/files": [],
  "oci/tar": ["oci/core"],
  "oci/process": ["oci/source"],
  "oci/credentials": ["oci/core", "oci/files", "oci/source", "oci/process"],
  "oci/archive": ["oci/core", "oci/source", "oci/tar"],
  "oci/engine": ["oci/core", "oci/files", "oci/source", "oci/process", "oci/credentials", "oci/tar", "oci/archive"],
  "oci/registry": ["oci/core", "oci/images", "oci/source", "oci/credentials", "oci/tar"],
  "oci/layers": [
    "oci/images",
    "oci/packages",
    "oci/core",
    "oci/files",
    "oci/source",
    "oci/credentials",
    "oci/archive",
    "oci/engine",
    "oci/registry",
  ],
  "oci/catalog": ["oci/core", "oci/images", "oci/source"],
  "dockerfile/syntax": ["oci/core"],
  "dockerfile/references": ["dockerfile/syntax", "oci/core"],
  "dockerfile/shell": ["dockerfile/syntax"],
  "dockerfile/patterns": ["dockerfile/syntax", "oci/core"],
  "dockerfile/edit": ["dockerfile/syntax", "dockerfile/shell"],
  "dockerfile/format": ["dockerfile/syntax", "dockerfile/shell", "dockerfile/edit"],
  "dockerfile/refactor": [
    "dockerfile/syntax",
    "dockerfile/context",
    "dockerfile/shell",
    "dockerfile/edit",
    "dockerfile/semantics",
    "dockerfile/assist",
    "dockerfile/navigation",
    "dockerfile/lint",
    "dockerfile/size",
    "dockerfile/versions",
    "dockerfile/facts/fact.ts",
    "oci/core",
  ],
  "dockerfile/context": ["dockerfile/syntax", "dockerfile/patterns", "dockerfile/facts/fact.ts"],
  "dockerfile/semantics": [
    "dockerfile/syntax",
    "dockerfile/shell",
    "dockerfile/patterns",
    "dockerfile/context",
    "dockerfile/facts/fact.ts",
    "oci/core",
  ],
  "dockerfile/lint": [
    "dockerfile/syntax",
    "dockerfile/shell",
    "dockerfile/patterns",
    "dockerfile/edit",
    "dockerfile/context",
    "dockerfile/semantics",
    "dockerfile/size",
    "dockerfile/facts/fact.ts",
    "dockerfile/references",
    "oci/core",
    "oci/images",
  ],
  "dockerfile/assist": [
    "dockerfile/syntax",
    "dockerfile/shell",
    "dockerfile/patterns",
    "dockerfile/context",
    "dockerfile/semantics",
    "dockerfile/lint",
    "dockerfile/size",
    "dockerfile/versions",
    "dockerfile/facts/fact.ts",
    "dockerfile/references",
    "oci/core",
  ],
  "dockerfile/versions": [
    "dockerfile/syntax",
    "dockerfile/shell",
    "dockerfile/semantics",
    "dockerfile/size",
    "dockerfile/facts/fact.ts",
    "oci/core",
  ],
  "dockerfile/navigation": [
    "dockerfile/syntax",
    "dockerfile/shell",
    "dockerfile/edit",
    "dockerfile/context",
    "dockerfile/references",
    "dockerfile/semantics",
    "dockerfile/assist",
    "oci/core",
  ],
  "dockerfile/size": [
    "dockerfile/syntax",
    "dockerfile/context",
    "dockerfile/semantics",
    "dockerfile/origin",
    "dockerfile/facts/fact.ts",
    "oci/core",
  ],
  "dockerfile/size/apt": ["dockerfile/syntax", "oci/core", "oci/packages"],
  "dockerfile/size/apk": ["dockerfile/syntax", "dockerfile/size/apt"],
  "dockerfile/size/node": ["oci/core"],
  "dockerfile/size/python": ["oci/core"],
  "dockerfile/origin": ["dockerfile/syntax", "dockerfile/shell", "oci/core"],
  "dockerfile/facts": [
    "dockerfile/syntax",
    "dockerfile/context",
    "dockerfile/size/apk",
    "dockerfile/size/apt",
    "dockerfile/size/node",
    "dockerfile/size/python",
    "oci/core",
    "oci/source/lru.ts",
  ],
  "dockerfile/facts/machine.ts": ["dockerfile/facts", "oci/core", "oci/source/source.ts"],
  "dockerfile/facts/fetch": [
    "dockerfile/facts",
    "dockerfile/syntax",
    "dockerfile/patterns",
    "dockerfile/shell",
    "dockerfile/context",
    "dockerfile/size/apk",
    "dockerfile/size/apt",
    "dockerfile/size/node",
    "dockerfile/size/python",
    "oci",
  ],
  "dockerfile/baselineWebAssembly.ts": [],
  "dockerfile/shellAssets.ts": ["dockerfile/baselineWebAssembly.ts", "dockerfile/shell"],
  // The façade, which dockerfile and references never import.
  "dockerfile/languageService.ts": ["dockerfile", "references", "oci/core"],
  references: [
    "dockerfile/syntax",
    "dockerfile/references",
    "dockerfile/edit",
    "dockerfile/facts/fact.ts",
    "dockerfile/shellAssets.ts",
    "oci",
  ],
  "references/builds": ["references/in", "dockerfile/references", "oci/core"],
  "references/in": ["dockerfile/syntax", "dockerfile/references", "dockerfile/lint", "oci/core"],
  "server/protocol": [],
  "server/src": ["server/protocol", "dockerfile", "references", "oci"],
  "media/protocol": ["oci/core"],
  "media/grid": ["media/protocol"],
  "media/layerDiff": ["media/grid", "media/protocol", "oci/core"],
  "client/src": ["oci", "server/protocol", "media/protocol"],
  "client/src/async": [],
  "client/src/webview": ["media/protocol"],
  "client/src/images": [
    "client/src/async",
    "client/src/ui",
    "client/src/sources/source.ts",
    "client/src/sources/engineNames.ts",
    "oci",
    "server/protocol",
    "media/protocol",
  ],
  "client/src/actions": [
    "client/src/async",
    "client/src/ui",
    "client/src/images",
    "client/src/sources/source.ts",
    "oci",
    "server/protocol",
    "media/protocol",
  ],
  "client/src/diff": [
    "client/src/ui",
    "client/src/webview",
    "client/src/images",
    "client/src/sources/engineNames.ts",
    "oci",
    "server/protocol",
    "media/protocol",
  ],
  "client/src/layerFiles": [
    "client/src/ui",
    "client/src/images",
    "client/src/actions",
    "client/src/diff",
    "client/src/sources/source.ts",
    "oci",
  ],
  "client/src/dockerfiles": [
    "client/src/ui",
    "client/src/images",
    "client/src/actions",
    "client/src/sources/source.ts",
    "client/src/languageServer.ts",
    "oci",
    "server/protocol",
    "media/protocol",
  ],
  "client/src/builds": [
    "client/src/ui",
    "client/src/async",
    "client/src/images",
    "client/src/actions",
    "client/src/diff/side.ts",
    "client/src/dockerfiles",
    "client/src/sources/source.ts",
    "oci",
    "server/protocol",
  ],
  "cli/src": ["dockerfile", "references", "oci"],
  syntaxes: ["dockerfile/syntax"],
  docs: ["dockerfile", "oci", "server/protocol", "syntaxes"],
  test: parts,
};

/** Packages that only these files may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "vscode-languageserver": [
    "server/src/main.ts",
    "server/src/server.ts",
    "server/src/session.ts",
    "server/src/guard.ts",
    "server/src/outsideSession.ts",
    "server/src/publishedDiagnostics.ts",
    "server/src/rulePages.ts",
    "server/src/imageFileRegistration.ts",
    "server/src/requests",
    "server/src/toLsp.ts",
    "server/src/toLsp",
    "test",
  ],
  vscode: ["client/src", "test"],
  // Programs are started in one place, which doesn't use a shell.
  "node:child_process": ["oci/process", "oci/engine/endpoint/sshConnection.ts", "docs", "test"],
  dockerode: ["oci/engine/http/transport.ts", "test"],
  "tar-stream": ["oci", "test"],
  "@vscode/tree-sitter-wasm": ["dockerfile/shell", "references/in/bake/hcl.ts"],
  "xz-decompress": ["dockerfile/facts/fetch/apt"],
};

const files = (await Promise.all(parts.map((part) => sourcesIn(part)))).flat();
const imports = new Map(files.map((file) => [file, importsOf(file)]));

test("there are no import cycles", () => {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    assert.ok(!path.includes(file), `cycle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
    if (done.has(file)) return;
    for (const next of imports.get(file) ?? []) if (imports.has(next)) visit(next, [...path, file]);
    done.add(file);
  };
  files.forEach((file) => visit(file, []));
});

test("imports follow the allowed arrows between parts", () => {
  const wrong = files.flatMap((file) => {
    const part = partOf(file);
    const allowed = [part, ...(arrows[part] ?? [])];
    return localImports(file)
      .filter((target) => !allowed.some((prefix) => isIn(target, prefix)))
      .map((target) => `${file} → ${target}`);
  });
  assert.deepEqual(wrong, []);
});

test("only fetching and resolving read images", () => {
  const readers = files.filter(
    (file) => (isIn(file, "dockerfile") || isIn(file, "references")) && localImports(file).some(readsImages),
  );
  const mayRead = /^(?:dockerfile\/facts\/(?:fetch\/|machine\.ts$)|references\/[^/]+\.ts$)/;
  assert.deepEqual(
    readers.filter((file) => !mayRead.test(file)),
    [],
  );
});

test("the server's features don't fetch anything", () => {
  const features = files.filter((file) =>
    ["features", "documents", "requests"].some((folder) => isIn(file, `server/src/${folder}`)),
  );
  assert.deepEqual(
    features.filter((file) =>
      localImports(file).some((target) => isIn(target, "dockerfile/facts/fetch") || readsImages(target)),
    ),
    [],
  );
});

test("packages are imported only where they belong", () => {
  const wrong = files.flatMap((file) =>
    (imports.get(file) ?? []).flatMap((target) => {
      const [name, homes] = Object.entries(packages).find(([known]) => isIn(target, known)) ?? [];
      return homes && !homes.some((home) => isIn(file, home)) ? [`${file} → ${name}`] : [];
    }),
  );
  assert.deepEqual(wrong, []);
});

test("the file of a rule or an estimator is named by its id", async () => {
  assert.deepEqual(
    rules.map(({ meta }) => meta.id),
    await idsIn("dockerfile/lint/rules"),
  );
  assert.deepEqual(
    ignoreRules.map(({ meta }) => meta.id),
    await idsIn("dockerfile/lint/ignore/rules"),
  );
  assert.deepEqual(
    estimators.map(({ id }) => id),
    await idsIn("dockerfile/size/estimators"),
  );
});

test("ids and aliases of rules are unique", () => {
  const ids = [...rules, ...ignoreRules].map(({ meta }) => meta.id.toLowerCase());
  assert.equal(new Set(ids).size, ids.length);
  for (const { meta } of rules)
    for (const alias of meta.aliases) assert.ok(!ids.includes(alias.toLowerCase()), `${meta.id}: ${alias}`);
});

test("every rule is in a group, every group has rules, and no rule has the name of a group", () => {
  const metas = [...rules, ...ignoreRules].map(({ meta }) => meta);
  const groups: readonly string[] = ruleGroups.map(({ id }) => id);
  assert.deepEqual([...new Set(metas.map(({ group }) => group))].sort(), groups.toSorted());
  assert.deepEqual(
    metas.filter(({ id, aliases }) => [id, ...aliases].some((name) => groups.includes(name.toLowerCase()))),
    [],
  );
});

test("no file has a name that says nothing", () => {
  assert.deepEqual(
    files.filter((file) => /^(?:utils?|helpers?|common|misc|manager)\b/i.test(basename(file))),
    [],
  );
});

/** True for everything in oci except the model and the parsers of package databases, which are pure. */
function readsImages(target: string): boolean {
  const pure = ["oci/core", "oci/images", "oci/packages", "oci/source/lru.ts"];
  return isIn(target, "oci") && !pure.some((place) => isIn(target, place));
}

function importsOf(file: string): readonly string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"), true, true);
  return importedFiles.map(({ fileName }) => (fileName.startsWith(".") ? join(dirname(file), fileName) : fileName));
}

function localImports(file: string): readonly string[] {
  return (imports.get(file) ?? []).filter(
    (target) => parts.some((part) => isIn(target, part)) && target.endsWith(".ts"),
  );
}

function partOf(file: string): string {
  const prefixes = Object.keys(arrows).filter((prefix) => isIn(file, prefix));
  const longest = prefixes.sort((a, b) => b.length - a.length)[0];
  assert.ok(longest !== undefined, `${file} is in no part that the architecture knows`);
  return longest;
}

function isIn(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}/`);
}

async function idsIn(folder: string): Promise<string[]> {
  const names = await readdir(join(root, folder));
  return names
    .filter((name) => name !== "index.ts")
    .map((name) => basename(name, ".ts"))
    .sort();
}
