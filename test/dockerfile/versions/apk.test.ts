// Versions of packages of apk: those that are completed, and those that are pinned.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import type { ApkBase } from "../../../dockerfile/size/apk/base.ts";
import { compactApkIndex, createApkList } from "../../../dockerfile/size/apk/packageList.ts";
import { apkIndexText } from "../../support/dockerfile/apkRepository.ts";
import { buildOf, type KnownFacts } from "../../support/dockerfile/check.ts";

const url = "https://main.example/alpine";
const base: ApkBase = {
  architecture: "x86_64",
  repositories: [{ url }],
  installed: [],
  world: [],
  scriptBytes: 0,
  hasIndexes: false,
};
const index = ["curl 8.9.1-r2 10 D:zlib", "curl 8.14.1-r2 10 D:zlib", "zlib 1.3.1-r2 10", "nginx 1.28.0-r3 10 D:zlib"];
const known: KnownFacts = [
  [{ kind: "apkBase", reference: "alpine:3.22" }, base],
  [{ kind: "apkIndex", url, architecture: "x86_64" }, createApkList(compactApkIndex(apkIndexText(index)), 1000)],
];

function pinned(line: string): readonly string[] {
  const text = `FROM alpine:3.22\n${line}\n`;
  const at = text.lastIndexOf("RUN") + 1;
  return refactoringsAt(buildOf(text, known), { start: at, end: at })
    .filter(({ title }) => title.startsWith("Pin "))
    .map(
      ({ title, changes }) =>
        `${title}: ${applyChanges(text, changes)
          .slice(at - 1)
          .trim()}`,
    );
}

test("versions of apk's repositories complete a package, newest first", () => {
  const text = "FROM alpine:3.22\nRUN apk add --no-cache curl=";
  const build = buildOf(text, known);
  const { items } = complete({ build, facts: build.facts }, text.length);
  assert.deepEqual(
    items.map(({ label }) => label),
    ["8.14.1-r2", "8.9.1-r2"],
  );
});

test("packages of apk get the versions that the line would install", () => {
  assert.deepEqual(pinned("RUN apk add --no-cache curl nginx=1.28.0-r3 zlib"), [
    "Pin 2 packages to their versions now: RUN apk add --no-cache curl=8.14.1-r2 nginx=1.28.0-r3 zlib=1.3.1-r2",
  ]);
});

test("the name of a virtual package isn't pinned", () => {
  assert.deepEqual(pinned("RUN apk add --no-cache --virtual tools curl"), [
    "Pin curl to 8.14.1-r2, its version now: RUN apk add --no-cache --virtual tools curl=8.14.1-r2",
  ]);
});

test("packages of apk aren't pinned after a line that may change the repositories", () => {
  assert.deepEqual(pinned("RUN setup-mirrors /etc/apk/repositories\nRUN apk add curl"), []);
});
