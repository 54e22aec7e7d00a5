import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import type { Refactoring } from "../../../dockerfile/refactor/refactoring.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Dockerfile } from "../../../dockerfile/syntax/syntax.ts";
import { buildOf } from "../../support/dockerfile/check.ts";
import { dockerfileFixtures } from "../../support/dockerfile/fixtures.ts";

/** The refactorings for what is between the `^`s of a text, or at the only one. */
function offered(marked: string): { readonly text: string; readonly found: readonly Refactoring[] } {
  const text = marked.replaceAll("^", "");
  const start = marked.indexOf("^");
  const end = marked.indexOf("^", start + 1);
  return { text, found: refactoringsAt(buildOf(text), { start, end: end < 0 ? start : end - 1 }) };
}

/** The text after the refactoring of a title. */
function refactored(marked: string, title: string): string {
  const { text, found } = offered(marked);
  const chosen = found.find((refactoring) => refactoring.title === title);
  assert.ok(chosen, `${title} is among: ${found.map((refactoring) => refactoring.title).join("; ")}`);
  return applyChanges(text, chosen.changes);
}

const cases: readonly (readonly [title: string, marked: string, expected: string])[] = [
  [
    "Join two RUN instructions",
    "FROM a\nRUN^ --network=none x | y \\\n  # in it\n  && z\n\n# why\nRUN --network=none u \\\n  v > w\n",
    "FROM a\nRUN --network=none x | y \\\n  # in it\n  && z \\\n# why\n  && u \\\n  v > w\n",
  ],
  ["Join 3 RUN instructions", "FROM a\nRUN^ a\nRUN b\nRUN^ c\n", "FROM a\nRUN a \\\n    && b \\\n    && c\n"],
  [
    "Split into 3 RUN instructions",
    'FROM a\nRUN --mount=type=cache,target=/t a^ $X \\\n  # why\n  && b "c && d" > e && \\\n  cd f\nCMD g\n',
    'FROM a\nRUN --mount=type=cache,target=/t a $X\n# why\nRUN --mount=type=cache,target=/t b "c && d" > e\nRUN --mount=type=cache,target=/t cd f\nCMD g\n',
  ],
  [
    "Convert to a heredoc",
    "FROM a\nRUN --network=none ^cd x && a \\\n    -b \\  \n    # why\n && sudo c $(d) > EOF\n",
    "FROM a\nRUN --network=none <<EOF\nset -e\ncd x\na \\\n    -b\n# why\nsudo c $(d) > EOF\nEOF\n",
  ],
  [
    "Convert to commands joined by &&",
    "FROM a\nRUN <<'E'\nset -e\n^cd x\n# why\na \\\n  b\nE\nCMD c\n",
    "FROM a\nRUN cd x \\\n# why\n    && a \\\n  b\nCMD c\n",
  ],
  ["Convert to exec form", 'FROM a\nRUN ^a "b c" \\\n d\n', 'FROM a\nRUN ["a", "b c", "d"]\n'],
  ["Convert to shell form", `FROM a\nCMD ^["a", "it's", "$B", "c=d"]\n`, `FROM a\nCMD a 'it'\\''s' '$B' c=d\n`],
  ["Convert to shell form", 'FROM a\nRUN ^["/bin/sh", "-c", "a && b"] \n', "FROM a\nRUN a && b \n"],
  [
    "Sort 3 packages, one on each line",
    "FROM a\nRUN apt-get update && apt-get install -y ^curl git=1 \\\n  bash && rm -rf /var/lib/apt/lists/*\n",
    "FROM a\nRUN apt-get update && apt-get install -y \\\n  bash \\\n  curl \\\n  git=1 \\\n  && rm -rf /var/lib/apt/lists/*\n",
  ],
  [
    "Sort 2 packages, one on each line",
    "FROM a\nRUN <<E\napk ^add --no-cache b a && c\nE\n",
    "FROM a\nRUN <<E\napk add --no-cache \\\n    a \\\n    b \\\n    && c\nE\n",
  ],
  [
    "Add a cache mount for /root/.npm",
    "FROM node:22\nRUN n^pm ci\n",
    "FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n",
  ],
  [
    "Add cache mounts",
    "FROM golang:1.24 AS b\nFROM b\nRUN g^o build ./...\n",
    "FROM golang:1.24 AS b\nFROM b\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build ./...\n",
  ],
  [
    "Add cache mounts",
    "FROM debian:12\nRUN ^apt-get update && apt-get install -y curl\n",
    "FROM debian:12\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl\n",
  ],
  [
    "Add a cache mount for /etc/apk/cache",
    "FROM alpine\nRUN ^apk add curl\n",
    "FROM alpine\nRUN --mount=type=cache,target=/etc/apk/cache,sharing=locked apk add curl\n",
  ],
  [
    "Add a cache mount for /var/cache/libdnf5",
    "FROM fedora:42\nRUN ^dnf install -y curl\n",
    "FROM fedora:42\nRUN --mount=type=cache,target=/var/cache/libdnf5,sharing=locked dnf install -y curl\n",
  ],
  [
    "Add a cache mount for /var/cache/dnf",
    "FROM rockylinux:9\nRUN ^dnf install -y curl\n",
    "FROM rockylinux:9\nRUN --mount=type=cache,target=/var/cache/dnf,sharing=locked dnf install -y curl\n",
  ],
  [
    "Add a cache mount for /usr/local/share/.cache/yarn",
    "FROM node:22\nRUN ^yarn install --frozen-lockfile\n",
    "FROM node:22\nRUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install --frozen-lockfile\n",
  ],
  [
    "Add a cache mount for /root/.yarn/berry/cache",
    "FROM node:22\nRUN ^yarn --immutable\n",
    "FROM node:22\nRUN --mount=type=cache,target=/root/.yarn/berry/cache yarn --immutable\n",
  ],
  [
    "Add a cache mount for /root/.local/share/pnpm/store",
    "FROM node:22\nRUN ^pnpm i\n",
    "FROM node:22\nRUN --mount=type=cache,target=/root/.local/share/pnpm/store pnpm i\n",
  ],
  [
    "Add a cache mount for /home/gradle/.gradle",
    "FROM gradle:8-jdk21\nRUN ^gradle build\n",
    "FROM gradle:8-jdk21\nRUN --mount=type=cache,target=/home/gradle/.gradle gradle build\n",
  ],
  [
    "Add a cache mount for /root/.gradle",
    "FROM eclipse-temurin:21\nRUN ^./gradlew build\n",
    "FROM eclipse-temurin:21\nRUN --mount=type=cache,target=/root/.gradle ./gradlew build\n",
  ],
  [
    "Label the image with its version and commit",
    "FROM a\nRUN b\n# starts\n^CMD c\n",
    'FROM a\nRUN b\nARG VERSION\nARG REVISION\nLABEL org.opencontainers.image.version="$VERSION" org.opencontainers.image.revision="$REVISION"\n# starts\nCMD c\n',
  ],
  [
    "Extract to ARG BASE",
    "# syntax=x\n\n# base\nFROM debian:^12^-slim\n",
    "# syntax=x\n\nARG BASE=12\n# base\nFROM debian:${BASE}-slim\n",
  ],
  [
    "Extract to ARG VALUE_2",
    "FROM a\nENV VALUE=1\nRUN wget x/^1.2.3^/y\n",
    "FROM a\nENV VALUE=1\nARG VALUE_2=1.2.3\nRUN wget x/${VALUE_2}/y\n",
  ],
  [
    "Inline ARG V",
    'ARG ^V=12\nFROM debian:$V\nARG V\nENV A=${V}-x\nRUN echo "$V"\n',
    'FROM debian:12\nENV A=12-x\nRUN echo "12"\n',
  ],
  [
    "Add a non-root USER",
    'FROM debian:12 AS a\n^FROM a\nCMD ["b"]\n',
    'FROM debian:12 AS a\nFROM a\nRUN useradd --create-home --shell /usr/sbin/nologin app\nUSER app\nCMD ["b"]\n',
  ],
  [
    "Check the exposed port",
    'FROM a\nEXPOSE 8^0\nCMD ["b"]\n',
    'FROM a\nEXPOSE 80\nHEALTHCHECK --interval=30s --timeout=3s CMD wget -qO- http://localhost:80/ || exit 1\nCMD ["b"]\n',
  ],
];

for (const [title, marked, expected] of cases)
  test(`${title}: ${JSON.stringify(marked)}`, () => assert.equal(refactored(marked, title), expected));

const refused: readonly (readonly [why: string, marked: string, title: RegExp])[] = [
  ["cd is lost in the next RUN", "FROM a\nRUN^ cd x\nRUN y\n", /Join/],
  ["an assignment is lost in the next RUN", "FROM a\nRUN^ A=b\nRUN y\n", /Join/],
  ["the flags differ", "FROM a\nRUN^ --network=none x\nRUN y\n", /Join/],
  ["another stage begins", "FROM a\nRUN^ x\nFROM b\nRUN y\n", /Join/],
  ["`;` would run after a failure", "FROM a\nRUN^ x\nRUN y; z\n", /Join/],
  ["the second RUN is a heredoc", "FROM a\nRUN^ x\nRUN <<E\ny\nE\n", /Join/],
  ["the second RUN is in JSON form", 'FROM a\nRUN^ x\nRUN ["y"]\n', /Join/],
  ["a background command ends with the RUN", "FROM a\nRUN^ x &\nRUN y\n", /Join/],
  ["cd is lost in the next RUN", "FROM a\nRUN^ cd x && y\n", /Split/],
  ["a tmpfs is empty in the next RUN", "FROM a\nRUN^ --mount=type=tmpfs,target=/t a && b\n", /Split/],
  ["the shell would see carriage returns", "FROM a\r\nRUN^ a && b\r\n", /heredoc/],
  ["commands of an if are not steps", "FROM a\nRUN^ if a; then b; fi && c\n", /Split|heredoc/],
  ["the shell ignores a negated failure", "FROM a\nRUN^ ! a && b\n", /Split|heredoc/],
  ["a quoted text goes on in the next line", 'FROM a\nRUN^ a "b \\\n c" && d\n', /heredoc/],
  ["only the last command of the heredoc counts", "FROM a\nRUN^ <<E\na\nb\nE\n", /joined/],
  ["the heredoc has a script's first line", "FROM a\nRUN^ <<E\n#!/bin/bash\nset -e\na\nE\n", /joined/],
  ["a list in a heredoc goes on after a failure", "FROM a\nRUN^ <<E\nset -e\na && b\nc\nE\n", /joined/],
  ["a variable needs the shell", "FROM a\nRUN^ a $B\n", /exec/],
  ["a redirection needs the shell", "FROM a\nRUN^ a > b\n", /exec/],
  ["PowerShell reads other quotes", 'FROM a\nSHELL ["powershell"]\nRUN^ ["a"]\n', /shell form/],
  ["a variable may be several packages", "FROM a\nRUN apk add^ b $A\n", /Sort/],
  ["the packages are sorted", "FROM a\nRUN apk add^ \\\n    a \\\n    b\n", /Sort/],
  ["pip is told not to cache", "FROM a\nRUN^ pip install --no-cache-dir x\n", /cache/],
  [
    "the lists are removed",
    "FROM a\nRUN^ apt-get update && apt-get install -y b && rm -rf /var/lib/apt/lists/*\n",
    /cache/,
  ],
  ["the cache is emptied", "FROM a\nRUN^ dnf install -y b && dnf clean all\n", /cache/],
  ["apk is told not to cache", "FROM a\nRUN^ apk add --no-cache b\n", /cache/],
  ["the image has such labels", "FROM a\nLABEL org.opencontainers.image.title=b\n^CMD c\n", /Label/],
  ["the file has another use for the ARG", "ARG VERSION\nFROM a\n^CMD c\n", /Label/],
  ["the user has another home", "FROM a\nUSER b\nRUN^ npm ci\n", /cache/],
  ["the mount is there", "FROM a\nRUN^ --mount=type=cache,target=/root/.npm npm ci\n", /cache/],
  ["the image has a user", "FROM debian:12\nUSER b\n^CMD c\n", /USER/],
  ["another stage is shipped", "FROM debian:12\n^EXPOSE 80\nFROM debian:12\n", /USER|port/],
  ["COPY --from expands nothing", "FROM a\nCOPY --from=^nginx^ b c\n", /Extract/],
  ["single quotes keep the name", "FROM a\nRUN echo '^x^'\n", /Extract/],
  ["JSON form expands nothing", 'FROM a\nCMD ["^x^"]\n', /Extract/],
  ["an ARG without a default has no value", "ARG ^V\nFROM a:$V\n", /Inline/],
  ["the defaults differ", "ARG ^V=1\nFROM a:$V\nARG V=2\nRUN $V\n", /Inline/],
  ["a modifier stays", "ARG ^V=1\nFROM a:${V:-2}\n", /Inline/],
];

for (const [why, marked, title] of refused)
  test(`not offered (${String(title)}) since ${why}: ${JSON.stringify(marked)}`, () =>
    assert.deepEqual(
      offered(marked)
        .found.map((refactoring) => refactoring.title)
        .filter((one) => title.test(one)),
      [],
    ));

test("after any refactoring of any file BuildKit finds no new problem, and joining and splitting keep comments", () => {
  let count = 0;
  for (const { name, text } of dockerfileFixtures)
    for (const [{ title, changes }, before] of allIn(text)) {
      count++;
      const after = parse(applyChanges(text, changes));
      const messages = (file: Dockerfile) => file.problems.map(({ message }) => message);
      assert.deepEqual(messages(after), messages(before), `${name}: ${title}`);
      const comments = (file: Dockerfile) => file.comments.map((comment) => comment.text);
      if (/^(?:Join|Split)/.test(title)) assert.deepEqual(comments(after), comments(before), `${name}: ${title}`);
    }
  assert.ok(count > 300, `${count} were applied`);
});

/** The refactorings at the keyword and the first word of every instruction, with the file. */
function allIn(text: string): readonly (readonly [Refactoring, Dockerfile])[] {
  const build = buildOf(text);
  const { file } = build;
  return file.instructions
    .flatMap(({ span, restSpan }) => [span.start, restSpan.start])
    .flatMap((start) => refactoringsAt(build, { start, end: start }))
    .map((refactoring) => [refactoring, file]);
}
