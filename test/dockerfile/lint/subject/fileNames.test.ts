import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  isDockerfileName,
  isOtherLanguage,
  notDockerfileReason,
} from "../../../../dockerfile/lint/subject/fileNames.ts";
import { parse } from "../../../../dockerfile/syntax/parse.ts";
import { dockerfileFixtures } from "../../../support/dockerfile/fixtures.ts";

const reason = (name: string, text: string) => notDockerfileReason(name, parse(text));

test("names of Dockerfiles are the same as for editors", () => {
  for (const name of ["Dockerfile", "dockerfile", "Dockerfile.dev", "Containerfile-x", "a.dockerfile", ".dockerignore"])
    assert.ok(isDockerfileName(name), name);
  for (const name of [".dockerfile.go", "parse.dockerfile.ts", "Dockerfiles.md", "mydockerfile", "Dockerfile~"])
    assert.ok(!isDockerfileName(name), name);
});

describe("a file in a linted folder", () => {
  test("a file in another language is skipped, by its name and its content", () => {
    const sources: readonly (readonly [string, string])[] = [
      ["dockerfile.go", 'package a\n\nimport "os"\n\nfunc b() {\n\tos.Exit(1)\n}\n'],
      ["dockerfile_test.go", "package a\n"],
      ["Dockerfile.py", "#!/usr/bin/env python3\n# nothing yet\n"],
      ["dockerfile.test.ts", 'import { test } from "node:test";\ntest(`\nFROM debian:12\n`);\n'],
      ["Dockerfile.md", "# The image\n\nFROM is explained here.\n"],
      ["containerfile.rs", "fn main() {}\n"],
    ];
    for (const [name, text] of sources) {
      assert.match(reason(name, text) ?? "", /^not a Dockerfile, judging by \.\w+ and its content$/, name);
      assert.ok(isOtherLanguage(name, parse(text)), name);
    }
  });
  test("a file with a language's extension is linted if it is a Dockerfile", () => {
    assert.equal(reason("Dockerfile.go", "FROM golang:1.25\nRUN go build\n"), undefined);
    assert.equal(reason("Dockerfile.py", "ARG V=3\nFROM python:$V\n"), undefined);
  });
  test("a file with any other extension is linted", () => {
    for (const name of [
      "Dockerfile.dev",
      "Dockerfile-3.12",
      "Dockerfile.alpine3.22",
      "Dockerfile.node",
      "go.dockerfile",
    ])
      assert.equal(reason(name, "FROM debian:12\nfoo\nbar\n"), undefined, name);
  });
  test("a file with NUL bytes is linted, to report that", () => {
    assert.equal(reason("Dockerfile", "F\0R\0O\0M\0"), undefined);
    assert.equal(reason("Dockerfile.py", "F\0R\0O\0M\0"), undefined);
  });
  test("a template is skipped, by its name or its content", () => {
    for (const extension of ["in", "j2", "tmpl", "template", "erb", "mustache", "m4"])
      assert.equal(reason(`Dockerfile.${extension}`, "FROM debian:12\n"), `a template, as .${extension} says`);
    assert.equal(reason("Dockerfile", "FROM debian:12\nENV A={{ b }}\n"), "a template: {{ b }} on line 2");
  });
  test("a Dockerfile as used in practice is linted", () => {
    for (const { name, text } of dockerfileFixtures) assert.equal(reason("Dockerfile", text), undefined, name);
  });
});
