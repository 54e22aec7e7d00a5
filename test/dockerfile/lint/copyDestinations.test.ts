import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lint, type KnownFacts } from "../../support/dockerfile/check.ts";

const file = (path: string, bytes: number) => ({ path, kind: "file", bytes, isIgnored: false });

const context = [
  { kind: "contextFiles" },
  {
    root: "/w",
    isTruncated: false,
    files: [
      file("app.deb", 3_000_000),
      file("package-lock.json", 1),
      file("package.json", 1),
      file("server.js", 1),
      file("src/a.js", 1),
    ],
  },
] as const;

const base = [
  { kind: "baseImage", reference: "base:1" },
  { bytes: 1, id: "sha256:00", user: "", env: [], workingDir: "/app" },
] as const;

function found(rule: string, text: string, facts: KnownFacts = [context]): readonly string[] {
  return lint(text, { facts }).flatMap((report) =>
    report.rule.id === rule ? [text.slice(report.span.start, report.span.end)] : [],
  );
}

describe("a file copied into a folder is found in that folder", () => {
  const into = [".", "./", "/tmp/", "/tmp/.", "/tmp", "sub/..", "", "./."];
  for (const destination of into) {
    const copy = destination === "" ? `COPY ["app.deb", ""]` : `COPY app.deb ${destination}`;
    const start = `FROM debian:12\nWORKDIR /tmp\n${copy}\n`;
    test(`deleted-later: COPY app.deb "${destination}" in WORKDIR /tmp`, () =>
      assert.deepEqual(found("deleted-later", `${start}RUN dpkg -i app.deb && rm app.deb\n`), ["app.deb"]));
    test(`owner-set-later: COPY app.deb "${destination}" in WORKDIR /tmp`, () =>
      assert.deepEqual(found("owner-set-later", `${start}RUN chown 1000 app.deb\n`), ["chown 1000 app.deb"]));
  }

  test("a WORKDIR makes the folders above it known folders", () => {
    for (const destination of ["..", "../", "/srv"])
      assert.deepEqual(
        found("deleted-later", `FROM debian:12\nWORKDIR /srv/app\nCOPY app.deb ${destination}\nRUN rm /srv/app.deb\n`),
        ["/srv/app.deb"],
        destination,
      );
  });

  test("a folder below the WORKDIR is a known folder", () =>
    assert.deepEqual(found("deleted-later", "FROM debian:12\nWORKDIR /tmp\nCOPY app.deb sub/.\nRUN rm sub/app.deb\n"), [
      "sub/app.deb",
    ]));

  test("a folder created by an earlier COPY is a known folder", () => {
    const text = "FROM debian:12\nCOPY src/ /srv/pkg/\nCOPY app.deb /srv/pkg\nRUN rm /srv/pkg/app.deb\n";
    assert.deepEqual(found("deleted-later", text), ["/srv/pkg/app.deb"]);
    assert.deepEqual(found("deleted-later", text.replace("COPY src/ /srv/pkg/\n", "")), []);
  });

  test("a folder created by a stage below is a known folder", () =>
    assert.deepEqual(
      found("deleted-later", "FROM debian:12 AS a\nWORKDIR /srv\nFROM a\nCOPY app.deb /srv\nRUN rm /srv/app.deb\n"),
      ["/srv/app.deb"],
    ));

  test("a folder created only by a later line isn't a known folder", () =>
    assert.deepEqual(
      found("deleted-later", "FROM debian:12\nCOPY app.deb /srv\nWORKDIR /srv\nRUN rm /srv/app.deb\n"),
      [],
    ));

  test("a plain name is the copied file's new name", () =>
    assert.deepEqual(found("deleted-later", "FROM debian:12\nWORKDIR /tmp\nCOPY app.deb b\nRUN rm b\n"), ["b"]));

  test("nothing is reported if the WORKDIR is unknown", () => {
    for (const workdir of ["WORKDIR $UNKNOWN\n", "ARG D\nWORKDIR $D\n"])
      assert.deepEqual(found("deleted-later", `FROM debian:12\n${workdir}COPY app.deb .\nRUN rm app.deb\n`), []);
  });

  test("the WORKDIR of the local base image is used", () =>
    assert.deepEqual(found("deleted-later", "FROM base:1\nCOPY app.deb .\nRUN rm /app/app.deb\n", [context, base]), [
      "/app/app.deb",
    ]));
});

describe("a project in the WORKDIR of the local base image is found", () => {
  const unlocked = "COPY package.json package-lock.json /app/\nRUN npm install\n";
  const early = "COPY . /app\nRUN npm ci\n";

  test("unlocked-install finds the project", () => {
    assert.deepEqual(found("unlocked-install", `FROM base:1\n${unlocked}`, [context, base]), ["npm install"]);
    assert.deepEqual(found("unlocked-install", `FROM base:1\nWORKDIR /app\n${unlocked}`), ["npm install"]);
    assert.deepEqual(found("unlocked-install", `FROM base:1\n${unlocked}`), []);
  });

  test("sources-before-install finds the project", () => {
    assert.deepEqual(found("sources-before-install", `FROM base:1\n${early}`, [context, base]), ["."]);
    assert.deepEqual(found("sources-before-install", `FROM base:1\n${early}`), []);
  });

  test("relative destinations refer to the same unknown folder", () =>
    assert.deepEqual(
      found("unlocked-install", "FROM base:1\nCOPY package.json package-lock.json ./\nRUN npm install\n"),
      ["npm install"],
    ));
});
