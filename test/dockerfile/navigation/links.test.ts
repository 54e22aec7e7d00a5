import assert from "node:assert/strict";
import { test } from "node:test";
import { contextFileAt } from "../../../dockerfile/navigation/contextFile.ts";
import { linksOf } from "../../../dockerfile/navigation/links.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

const facts: KnownFacts = [
  [
    { kind: "contextFiles" },
    {
      root: "/w",
      isTruncated: false,
      files: [
        { path: "a.txt", kind: "file", bytes: 1, isIgnored: false },
        { path: "ignored.log", kind: "file", bytes: 1, isIgnored: true },
        { path: "src", kind: "directory", bytes: 0, isIgnored: false },
        { path: "src/b c.txt", kind: "file", bytes: 1, isIgnored: false },
      ],
    },
  ],
];

/** `text → where it leads` of each link. */
function links(text: string, known: KnownFacts = facts): readonly string[] {
  return linksOf(buildOf(text, known)).map(({ span, target }) => {
    const leadsTo = "url" in target ? target.url : `${target.file.root}/${target.file.path}`;
    return `${text.slice(span.start, span.end)} → ${leadsTo}`;
  });
}

test("images lead to their pages, those of registries without pages nowhere", () => {
  const text = `# syntax=docker/dockerfile:1
ARG V=12
FROM debian:$V AS b
FROM ghcr.io/a/b:1
FROM quay.io/a/b@sha256:${"0".repeat(64)}
FROM mcr.microsoft.com/dotnet/sdk:8.0
FROM public.ecr.aws/lambda/python:3
FROM localhost:5000/x
FROM b
FROM scratch
COPY --from=bitnami/redis:7 /a /
`;
  assert.deepEqual(links(text), [
    "docker/dockerfile:1 → https://hub.docker.com/r/docker/dockerfile",
    "debian:$V → https://hub.docker.com/_/debian",
    "ghcr.io/a/b:1 → https://ghcr.io/a/b",
    `quay.io/a/b@sha256:${"0".repeat(64)} → https://quay.io/repository/a/b`,
    "mcr.microsoft.com/dotnet/sdk:8.0 → https://mcr.microsoft.com/artifact/mar/dotnet/sdk",
    "public.ecr.aws/lambda/python:3 → https://gallery.ecr.aws/lambda/python",
    "bitnami/redis:7 → https://hub.docker.com/r/bitnami/redis",
  ]);
});

test("the address that ADD downloads is a link, with its variables replaced", () => {
  assert.deepEqual(
    links('FROM scratch\nARG V=1\nADD https://a.org/$V.tgz "https://a.org/b" git@x.org:a.git $U http://[ /\n'),
    ["https://a.org/$V.tgz → https://a.org/1.tgz", '"https://a.org/b" → https://a.org/b'],
  );
});

test("files of the build context are links, ignored ones too; folders, patterns, other stages and missing files aren't", () => {
  const text = `FROM scratch AS s
COPY ./a.txt ignored.log src *.txt none.txt /
COPY ["src/b c.txt", "/"]
COPY --from=s a.txt /
RUN --mount=type=bind,source=a.txt,target=/a true
`;
  assert.deepEqual(links(text), [
    "./a.txt → /w/a.txt",
    "ignored.log → /w/ignored.log",
    "src/b c.txt → /w/src/b c.txt",
    "a.txt → /w/a.txt",
  ]);
  assert.deepEqual(links(text, []), []);
  assert.deepEqual(contextFileAt(buildOf(text, facts), text.indexOf("a.txt")), { root: "/w", path: "a.txt" });
  assert.equal(contextFileAt(buildOf(text, facts), text.indexOf("src")), undefined);
});

test("links of any file are in order and each on one line", () => {
  for (const { text } of dockerfileFixtures) {
    let end = 0;
    for (const { span } of linksOf(buildOf(text, facts))) {
      assert.ok(span.start >= end);
      assert.doesNotMatch(text.slice(span.start, span.end), /\n/);
      end = span.end;
    }
  }
});
