// Completions from the files of images and of other stages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import type { CompletionList } from "../../../dockerfile/assist/completion/completion.ts";
import { createMemo } from "../../../dockerfile/context/memo.ts";
import type { ImageFilesFact } from "../../../dockerfile/facts/fact.ts";
import { buildOf, knownFacts, type KnownFacts } from "../../support/dockerfile/check.ts";

const files: ImageFilesFact = {
  memo: createMemo(),
  files: [
    { path: "bin", kind: "symlink", bytes: 0, linkTarget: "usr/bin" },
    { path: "etc", kind: "directory", bytes: 0 },
    { path: "etc/passwd", kind: "file", bytes: 90 },
    { path: "etc/odd name", kind: "file", bytes: 1 },
    { path: "gone", kind: "symlink", bytes: 0, linkTarget: "/nowhere" },
    { path: "usr", kind: "directory", bytes: 0 },
    { path: "usr/bin", kind: "directory", bytes: 0 },
    { path: "usr/bin/curl", kind: "file", bytes: 1500 },
  ],
  texts: new Map([
    ["/etc/passwd", "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/:/x\nbroken\nnode:x:1000:1000::/:/x\n"],
    ["/etc/group", "root:x:0:\nwww-data:x:33:\nstaff:x:1001:node\n"],
  ]),
};

const facts: KnownFacts = [
  [{ kind: "imageFiles", reference: "web:1" }, files],
  [
    { kind: "baseImage", reference: "web:1" },
    { bytes: 1, id: "sha256:1", user: "node", env: [], workingDir: "" },
  ],
  [
    { kind: "contextFiles" },
    { root: "/w", isTruncated: false, files: [{ path: "app.js", kind: "file", bytes: 3, isIgnored: false }] },
  ],
];

function list(marked: string, known: KnownFacts = facts): CompletionList {
  const offset = marked.indexOf("|");
  const build = buildOf(marked.replace("|", ""), known);
  return complete({ build, facts: knownFacts(known) }, offset);
}

function labels(marked: string, known?: KnownFacts): readonly string[] {
  return list(marked, known).items.map(({ label }) => label);
}

test("--from of an image offers its folders and files, links as what they lead to", () => {
  assert.deepEqual(labels("FROM scratch\nCOPY --from=web:1 |"), ["bin/", "etc/", "usr/"]);
  assert.deepEqual(labels("FROM scratch\nCOPY --from=web:1 /|"), ["bin/", "etc/", "usr/"]);
  assert.deepEqual(labels("FROM scratch\nCOPY --from=web:1 /bin/cu|"), ["curl"]);
  assert.deepEqual(labels("FROM scratch\nCOPY --from=web:1 etc/|"), ["passwd"]);
  assert.deepEqual(labels('FROM scratch\nCOPY --from=web:1 ["etc/|"]'), ["odd name", "passwd"]);
  assert.deepEqual(labels("FROM scratch\nRUN --mount=type=bind,from=web:1,source=/usr/bin/|"), ["curl"]);
  assert.equal(list("FROM scratch\nCOPY --from=web:1 /usr/bin/|").items[0]?.detail, "1.50 kB");
  assert.deepEqual(labels("FROM scratch\nCOPY --from=web:1 /nowhere/|"), []);
  assert.deepEqual(labels("FROM scratch\nCOPY --from=other /|", [[{ kind: "contextFiles" }, { ...context }]]), []);
});

const context = { root: "/w", isTruncated: false, files: [] };

test("--from of a stage offers what its lines put there and what its base image has", () => {
  const stage = "FROM web:1 AS build\nWORKDIR /srv\nCOPY app.js lib/\nFROM scratch\n";
  assert.deepEqual(labels(`${stage}COPY --from=build /|`), ["bin/", "etc/", "srv/", "usr/"]);
  assert.deepEqual(labels(`${stage}COPY --from=BUILD /srv/lib/|`), ["app.js"]);
  assert.deepEqual(labels(`${stage}COPY --from=0 /srv/|`), ["lib/"]);
  assert.deepEqual(labels(`${stage}RUN --mount=from=build,src=/srv/lib/|,target=/x a`), ["app.js"]);
  const unknownBase = stage.replace("web:1", "debian:12");
  assert.deepEqual(labels(`${unknownBase}COPY --from=build /srv/|`), ["lib/"]);
  const { span } = list(`${stage}COPY --from=build /srv/lib/a| /b`);
  assert.equal(span.end - span.start, 1);
});

test("users and groups of the base image are offered, those of programs and people first", () => {
  assert.deepEqual(labels("FROM web:1\nUSER |"), ["node", "root", "nobody", "www-data"]);
  assert.deepEqual(labels("FROM web:1\nRUN groupadd web && useradd app\nUSER |"), [
    "app",
    "node",
    "root",
    "nobody",
    "www-data",
  ]);
  assert.deepEqual(labels("FROM web:1\nRUN groupadd web\nUSER app:|"), [
    "app:web",
    "app:staff",
    "app:root",
    "app:www-data",
  ]);
  assert.deepEqual(labels("FROM web:1\nCOPY --chown=1000:st| a b"), ["1000:staff"]);
  assert.equal(list("FROM web:1\nUSER |").items[3]?.detail, "33, in the base image");
});
