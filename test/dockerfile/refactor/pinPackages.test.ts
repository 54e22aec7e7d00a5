import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import { applyChanges } from "../../../dockerfile/edit/applyChanges.ts";
import { createMemos } from "../../../dockerfile/facts/kinds/aptIndex.ts";
import { refactoringsAt } from "../../../dockerfile/refactor/refactorings.ts";
import { createBuild } from "../../../dockerfile/semantics/createBuild.ts";
import { parse } from "../../../dockerfile/syntax/parse.ts";
import type { Facts } from "../../../dockerfile/facts/fact.ts";
import { buildOf, knownFacts, shell, type KnownFacts } from "../../support/dockerfile/check.ts";
import { imageWith, indexFor, type Suites } from "../size/apt/repository.ts";

const suites: Suites = {
  bookworm: ["curl 7.88.1-10", "git 1:2.39.5-0+deb12u2", "g++ 4:12.2.0-3", "libc6 2.36"],
  "bookworm-security": ["curl 7.88.1-10+deb12u12"],
  backports: ["git 1:2.47.3~bpo12+1"],
};
const base = imageWith({ installed: ["dpkg 1"], files: { "/etc/os-release": "ID=debian\n" } }, suites);
const facts: KnownFacts = [
  [{ kind: "aptBase", reference: "debian:12" }, base],
  [
    { kind: "aptIndex", sources: base.sources, architecture: base.architecture },
    { index: indexFor(base, suites), measured: new Map(), memoOf: createMemos() },
  ],
];

/** The titles and results of pinning at the last RUN of a file. */
function pinned(text: string, known: KnownFacts = facts): readonly string[] {
  const at = text.lastIndexOf("RUN") + 1;
  return refactoringsAt(buildOf(text, known), { start: at, end: at })
    .filter(({ title }) => title.startsWith("Pin "))
    .map(({ title, changes }) => `${title}: ${applyChanges(text, changes).slice(at - 1)}`);
}

test("every package of the instruction gets the version that apt would install", () => {
  assert.deepEqual(
    pinned("FROM debian:12\nRUN apt-get update && apt-get install -y curl \\\n  git 'g++' && rm -r /x\n"),
    [
      "Pin 3 packages to their versions now: RUN apt-get update && apt-get install -y curl=7.88.1-10+deb12u12 \\\n  git=1:2.39.5-0+deb12u2 'g++=4:12.2.0-3' && rm -r /x\n",
    ],
  );
  assert.deepEqual(pinned("FROM debian:12\nRUN <<E\napt-get update\napt-get install -y curl\nE\n"), [
    "Pin curl to 7.88.1-10+deb12u12, its version now: RUN <<E\napt-get update\napt-get install -y curl=7.88.1-10+deb12u12\nE\n",
  ]);
});

test("packages with a version, a release or a variable, and those that the sources lack, stay as they are", () => {
  const text = "FROM debian:12\nRUN apt-get update && apt-get install -y curl=7 git/backports $X absent libc6:amd64\n";
  assert.deepEqual(pinned(text), [
    `Pin 1 of 2 packages to its version now: ${text.slice(text.indexOf("RUN")).replace(":amd64", ":amd64=2.36")}`,
  ]);
  assert.deepEqual(pinned("FROM debian:12\nRUN apt-get update && apt-get install -y -t backports git\n"), []);
  assert.deepEqual(pinned("FROM debian:12\nRUN apt-get update && apt-get remove -y curl && apk add curl\n"), []);
});

test("nothing is pinned where other sources may be in use, or where the index isn't known", () => {
  const install = "RUN apt-get update && apt-get install -y curl\n";
  assert.deepEqual(pinned(`FROM debian:12\nCOPY x.list /etc/apt/sources.list.d/\n${install}`), []);
  assert.deepEqual(pinned(`FROM debian:12\nRUN curl https://x/setup | bash -\n${install}`), []);
  assert.deepEqual(pinned(`FROM other\n${install}`), []);
  assert.deepEqual(pinned(`FROM debian:12\n${install}`, facts.slice(0, 1)), []);
});

function offered(marked: string, known: KnownFacts = facts) {
  const offset = marked.indexOf("|");
  const build = buildOf(marked.replace("|", ""), known);
  const { items, span, isIncomplete } = complete({ build, facts: build.facts }, offset);
  const labels = items.map(({ label, detail }) => (detail === undefined ? label : `${label} (${detail})`));
  return { labels, replaced: build.file.text.slice(span.start, span.end), isIncomplete };
}

test("after NAME= the versions of the base image's sources are completed, the one that would be installed first", () => {
  const curl = ["7.88.1-10+deb12u12 (would be installed now)", "7.88.1-10"];
  assert.deepEqual(offered("FROM debian:12\nRUN apt-get update && apt-get install -y curl=|\n"), {
    labels: curl,
    replaced: "",
    isIncomplete: false,
  });
  for (const marked of [
    "FROM debian:12\nRUN --network=host sudo apt-get -y install \\\n    # why\n    git curl=7.|88 \\\n    make\n",
    "FROM debian:12\nRUN <<E\nset -e; DEBIAN_FRONTEND=noninteractive apt install curl=7.|88\nE\n",
  ])
    assert.deepEqual([offered(marked).labels, offered(marked).replaced], [curl, "7.88"], marked);
  assert.deepEqual(offered("FROM debian:12\nRUN apt-get install git=|").labels, [
    "1:2.39.5-0+deb12u2 (would be installed now)",
    "1:2.47.3~bpo12+1",
  ]);
});

test("other words have no versions, and a list is incomplete until the indexes are known", () => {
  for (const marked of [
    "FROM debian:12\nRUN A=| apt-get install curl",
    "FROM debian:12\nRUN apt-get install curl && dd of=|",
    "FROM debian:12\nRUN apt-get install absent=|",
    "FROM debian:12\nRUN apt-get remove curl=|",
    "FROM debian:12\nCOPY <<E /a\napt-get install curl=|\nE\n",
  ])
    assert.deepEqual(offered(marked).labels, [], marked);
  const text = "FROM debian:12\nRUN apt-get install curl=";
  const pending: Facts = {
    get: (key) => (key.kind === "aptIndex" ? { state: "pending" } : knownFacts(facts).get(key)),
  };
  const build = createBuild(parse(text), shell, pending);
  assert.equal(complete({ build, facts: pending }, text.length).isIncomplete, true);
});

const registry: KnownFacts = [
  [
    { kind: "packageVersions", index: "npm", name: "pnpm", base: "node:22" },
    {
      versions: ["10.2.0", "10.1.0", "11.0.0-rc.1"],
      tags: new Map([
        ["latest", "10.2.0"],
        ["next", "11.0.0-rc.1"],
      ]),
      newest: { version: "10.2.0" },
    },
  ],
  [
    { kind: "packageVersions", index: "npm", name: "@acme/tool", base: "node:22" },
    { versions: ["2.0.0"], tags: new Map(), newest: { version: "2.0.0", engine: ">=20" } },
  ],
];

test("packages of npm get the newest version of the registry, if the base image's Node runs it", () => {
  assert.deepEqual(pinned("FROM node:22\nENV NODE_VERSION=22.1.0\nRUN npm i -g pnpm '@acme/tool' x@1\n", registry), [
    "Pin 2 packages to their versions now: RUN npm i -g pnpm@10.2.0 '@acme/tool@2.0.0' x@1\n",
  ]);
  assert.deepEqual(pinned("FROM node:22\nENV NODE_VERSION=18.1.0\nRUN npm i -g pnpm @acme/tool owner/x\n", registry), [
    "Pin 1 of 2 packages to its version now: RUN npm i -g pnpm@10.2.0 @acme/tool owner/x\n",
  ]);
  assert.equal(pinned("FROM node:22\nRUN npm install pnpm\n", registry).length, 1);
});

test("packages of npm aren't pinned where a project or a setting may ask for another version", () => {
  for (const text of [
    "FROM node:22\nCOPY . .\nRUN npm install pnpm\n",
    "FROM node:22\nRUN --mount=type=bind,target=. npm install pnpm\n",
    "FROM node:22\nRUN npm install -g --tag next pnpm\n",
    "FROM node:22\nENV npm_config_tag=next\nRUN npm install -g pnpm\n",
    "FROM node:22\nRUN npm config set registry https://x.example && npm i -g pnpm\n",
    "FROM node:22\nRUN npm config set registry https://x.example\nRUN npm i -g pnpm\n",
    "FROM node:22\nRUN npm i -g --registry https://x.example pnpm\n",
    "FROM node:22\nRUN npm uninstall -g pnpm\n",
    "FROM other\nRUN npm i -g pnpm\n",
  ])
    assert.deepEqual(pinned(text, registry), [], text);
  assert.equal(pinned("FROM node:22\nCOPY . .\nRUN npm install -g pnpm\n", registry).length, 1);
});

test("packages of several package managers of a RUN are pinned together", () => {
  const known: KnownFacts = [
    ...facts,
    [
      { kind: "packageVersions", index: "npm", name: "pnpm", base: "debian:12" },
      { versions: ["10.2.0"], tags: new Map(), newest: { version: "10.2.0" } },
    ],
  ];
  assert.deepEqual(pinned("FROM debian:12\nRUN apt-get update && apt-get install -y curl && npm i -g pnpm\n", known), [
    "Pin 2 packages to their versions now: RUN apt-get update && apt-get install -y curl=7.88.1-10+deb12u12 && npm i -g pnpm@10.2.0\n",
  ]);
});

test("after NAME@ the versions of npm's registry are completed, with the registry's names for them", () => {
  assert.deepEqual(offered("FROM node:22\nRUN npm i -g pnpm@|", registry), {
    labels: ["10.2.0 (would be installed now)", "10.1.0", "11.0.0-rc.1 (next)"],
    replaced: "",
    isIncomplete: false,
  });
  const local = offered("FROM node:22\nCOPY . .\nRUN npm install pnpm@10|.1 x\n", registry);
  assert.deepEqual([local.labels[0], local.replaced], ["10.2.0 (latest)", "10.1"]);
  for (const marked of ["RUN npm i @acme/tool@|", 'RUN ["npm", "i", "@acme/tool@|"]', 'RUN npm i "@acme/tool@|"'])
    assert.deepEqual(
      [offered(`FROM node:22\n${marked}`, registry).labels, offered(`FROM node:22\n${marked}`, registry).replaced],
      [["2.0.0"], ""],
      marked,
    );
  for (const marked of ["RUN npm i @|", "RUN npm i @acme@|", "RUN npm i absent@|", "RUN npm run pnpm@|"])
    assert.deepEqual(offered(`FROM node:22\n${marked}`, registry).labels, [], marked);
});

test("a package with thousands of versions has those that begin as typed", () => {
  const versions = Array.from({ length: 2000 }, (_, index) => `${2000 - index}.0.0`);
  const many: KnownFacts = [
    [
      { kind: "packageVersions", index: "npm", name: "nightly", base: "node:22" },
      { versions, tags: new Map() },
    ],
  ];
  assert.equal(offered("FROM node:22\nRUN npm i nightly@|", many).isIncomplete, true);
  const some = offered("FROM node:22\nRUN npm i nightly@17|", many);
  assert.deepEqual([some.labels.length, some.isIncomplete, some.labels[0]], [111, false, "1799.0.0"]);
});
