import assert from "node:assert/strict";
import { test } from "node:test";
import { projectDockerfiles } from "../../../dockerfile/refactor/projectTemplates.ts";
import { buildOf, lint, type KnownFacts } from "../../support/dockerfile/check.ts";

function contextOf(...paths: readonly string[]): KnownFacts {
  const files = [...paths].sort().map((path) => ({ path, kind: "file", bytes: 1, isIgnored: false }));
  const fact = { root: "/w", isTruncated: false, ignoreFile: ".dockerignore", ignoreText: "", files };
  return [[{ kind: "contextFiles" }, fact]];
}

const projects: readonly (readonly [language: string, paths: readonly string[], line: RegExp])[] = [
  ["Go", ["go.mod", "go.sum", "main.go"], /go build -o \/app \.\/\n/],
  ["Go", ["go.mod", "cmd/b/main.go", "cmd/a/main.go"], /COPY go\.mod \.\/\n[^]*\.\/cmd\/a\n/],
  ["Node.js", ["package.json", "package-lock.json", "index.js"], /npm ci[^]*CMD \["node", "index\.js"\]/],
  ["Python", ["requirements.txt", "app.py"], /CMD \["python", "app\.py"\]/],
  ["Rust", ["Cargo.toml", "Cargo.lock", "src/main.rs"], /cargo install --locked/],
  ["Java", ["pom.xml", "src/main/java/A.java"], /"-jar"/],
];

for (const [language, paths, line] of projects)
  test(`a Dockerfile for ${language} follows the rules: ${paths.join(", ")}`, () => {
    const facts = contextOf(...paths);
    const found = projectDockerfiles(buildOf("", facts).facts);
    assert.deepEqual(
      found.map((one) => one.language),
      [language],
    );
    const text = found[0]?.text ?? "";
    assert.match(text, line);
    assert.deepEqual(
      lint(text, { facts }).map(({ rule, message }) => `${rule.id}: ${message}`),
      [],
    );
  });

test("a context with several manifests has several Dockerfiles, an unknown one none", () => {
  const languages = (facts: KnownFacts) => projectDockerfiles(buildOf("", facts).facts).map(({ language }) => language);
  assert.deepEqual(languages(contextOf("go.mod", "package.json")), ["Go", "Node.js"]);
  assert.deepEqual(languages(contextOf("a.txt", "web/package.json")), []);
  assert.deepEqual(languages([]), []);
});
