import assert from "node:assert/strict";
import { test } from "node:test";
import { complete } from "../../../dockerfile/assist/completion/complete.ts";
import type { Completion, CompletionList } from "../../../dockerfile/assist/completion/completion.ts";
import { completeIgnoreFile } from "../../../dockerfile/assist/completion/ignoreFile.ts";
import type { ContextFile, ContextFilesFact, Facts } from "../../../dockerfile/facts/fact.ts";
import { buildOf, knownFacts, type KnownFacts } from "../../support/dockerfile/check.ts";

const file = (path: string, bytes: number, isIgnored = false): ContextFile => ({
  path,
  kind: "file",
  bytes,
  isIgnored,
});
const folder = (path: string, isIgnored = false): ContextFile => ({ path, kind: "directory", bytes: 0, isIgnored });

const context: ContextFilesFact = {
  root: "/w",
  ignoreFile: ".dockerignore",
  ignoreText: "dist\n",
  isTruncated: false,
  files: [
    file("a b.txt", 1),
    folder("dist", true),
    file("package.json", 20),
    folder("src"),
    folder("src/lib"),
    file("src/lib/x.js", 3),
    file("src/main.js", 4),
  ],
};

const facts: KnownFacts = [
  [{ kind: "contextFiles" }, context],
  [{ kind: "localImages" }, { images: [{ reference: "debian:12", bytes: 117_000_000 }, { reference: "shop/base:2" }] }],
  [
    { kind: "baseImage", reference: "debian:12" },
    { bytes: 1, id: "sha256:1", user: "app", env: ["LANG=C.UTF-8"], workingDir: "" },
  ],
];

function list(marked: string, known: KnownFacts = facts): CompletionList & { readonly text: string } {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  return { ...complete({ build: buildOf(text, known), facts: knownFacts(known) }, offset), text };
}

function labels(marked: string): readonly string[] {
  return list(marked).items.map(({ label }) => label);
}

function item(marked: string, label: string): Completion {
  const found = list(marked).items.find((candidate) => candidate.label === label);
  assert.ok(found, `${label} is among ${labels(marked).join(", ")}`);
  return found;
}

/** The text of the file with an item inserted. */
function applied(marked: string, label: string): string {
  const { span, text } = list(marked);
  const found = item(marked, label);
  return text.slice(0, span.start) + (found.text ?? found.label) + text.slice(span.end);
}

test("only ARG and FROM are offered before the first FROM", () => {
  assert.deepEqual([...new Set(labels("|\n").map((label) => label.split(" ")[0]))], ["ARG", "FROM"]);
  assert.deepEqual([...new Set(labels("A|\nFROM a\n").map((label) => label.split(" ")[0]))], ["ARG", "FROM"]);
});

test("every instruction is offered in a stage, the deprecated one last and marked", () => {
  const offered = labels("FROM a\n|\n");
  assert.ok(offered.includes("RUN") && offered.includes("HEALTHCHECK NONE") && offered.includes("ONBUILD"));
  assert.equal(offered.at(-1), "MAINTAINER");
  assert.equal(item("FROM a\n|\n", "MAINTAINER").isDeprecated, true);
});

test("ONBUILD takes neither FROM, MAINTAINER nor ONBUILD", () => {
  const offered = labels("FROM a\nONBUILD |\n");
  assert.ok(offered.includes("RUN"));
  assert.ok(!offered.some((label) => /^(?:FROM|MAINTAINER|ONBUILD)/.test(label)));
});

test("keywords are offered in the case that the file uses", () => {
  assert.ok(labels("from a\nrun b\n|\n").includes("copy"));
  assert.ok(labels("FROM a\nRUN b\nco|\n").includes("COPY"));
  assert.ok(labels("fr|\n").includes("from"));
});

test("a keyword followed by arguments is replaced without them", () => {
  assert.equal(applied("FROM a\nCO| x /y\n", "COPY"), "FROM a\nCOPY x /y\n");
  assert.equal(applied("FROM a\nC|AD x /y\n", "COPY"), "FROM a\nCOPY x /y\n");
});

test("flags are offered with the syntax version that they need, except those already given", () => {
  assert.deepEqual(labels("FROM a\nCOPY --link --|\n"), ["--from=", "--chown=", "--chmod=", "--parents", "--exclude="]);
  assert.equal(item("FROM a\nCOPY --|\n", "--parents").detail, "needs docker/dockerfile:1.20");
  assert.equal(applied("FROM a\nCOPY --fr| x /\n", "--from="), "FROM a\nCOPY --from= x /\n");
  assert.ok(labels("FROM a\nRUN --mount=type=cache,target=/x -|\n").includes("--mount="));
  assert.deepEqual(labels("FROM a\nHEALTHCHECK --st|\n").slice(-3), [
    "--start-period=",
    "--start-interval=",
    "--retries=",
  ]);
  assert.ok(labels("FROM a\nONBUILD COPY --|\n").includes("--from="));
  assert.deepEqual(labels("FROM a\nRUN apt-get --|\n"), []);
});

test("flags with fixed values offer them", () => {
  assert.deepEqual(labels("FROM a\nRUN --network=|\n"), ["default", "none", "host"]);
  assert.ok(labels("FROM --platform=l|\n").includes("linux/arm64"));
  assert.equal(applied("FROM --platform=li| a\n", "linux/arm64"), "FROM --platform=linux/arm64 a\n");
  assert.deepEqual(labels("FROM a\nADD --keep-git-dir=|\n"), ["true", "false"]);
});

test("mount options are those of the mount's type, except those already given", () => {
  assert.ok(labels("FROM a\nRUN --mount=|\n").includes("type="));
  assert.deepEqual(labels("FROM a\nRUN --mount=type=|\n"), ["bind", "cache", "tmpfs", "secret", "ssh"]);
  assert.deepEqual(labels("FROM a\nRUN --mount=type=tmpfs,| true\n"), ["target=", "size="]);
  assert.deepEqual(labels("FROM a\nRUN --mount=type=cache,dst=/x,sharing=l| true\n"), ["shared", "private", "locked"]);
  assert.equal(item("FROM a\nRUN --mount=type=secret,|\n", "env=").detail, "needs docker/dockerfile:1.10");
  assert.equal(
    applied("FROM a\nRUN --mount=type=ca|,target=/x true\n", "cache"),
    "FROM a\nRUN --mount=type=cache,target=/x true\n",
  );
  assert.deepEqual(labels("FROM a AS b\nFROM c\nRUN --mount=from=|\n").slice(0, 1), ["b"]);
  assert.ok(labels("FROM a\nRUN --mount=type=bind,source=s|\n").includes("src/"));
});

test("FROM offers the stages above it, scratch and local images", () => {
  assert.deepEqual(labels("FROM a AS one\nFROM |\nFROM c AS two\n"), ["one", "scratch", "debian:12", "shop/base:2"]);
  assert.equal(item("FROM |\n", "debian:12").detail, "local, 117 MB");
  assert.equal(applied("FROM deb|ian AS x\n", "debian:12"), "FROM debian:12 AS x\n");
  assert.deepEqual(labels("FROM debian:12 |\n"), ["AS"]);
  assert.deepEqual(labels("FROM debian:12 AS |\n"), []);
});

test("--from offers the stages above, the nearest first, and local images", () => {
  assert.deepEqual(labels("FROM a AS one\nFROM b AS two\nFROM c\nCOPY --from=| x /\n"), [
    "two",
    "one",
    "debian:12",
    "shop/base:2",
  ]);
});

test("variables are offered with value and origin, including those of the base image", () => {
  const text = "ARG V=1\nFROM debian:12\nARG V\nENV PORT=80\nEXPOSE $|\n";
  assert.deepEqual(
    list(text).items.map(({ label, detail }) => `${label}: ${detail}`),
    ["V: 1 · ARG", "PORT: 80 · ENV", "PATH: base image", "LANG: C.UTF-8 · base image"],
  );
  assert.equal(applied("FROM a\nENV P=1\nRUN echo ${P|\n", "P"), "FROM a\nENV P=1\nRUN echo ${P}\n");
  assert.equal(applied("FROM a\nENV P=1\nRUN echo ${|}\n", "P"), "FROM a\nENV P=1\nRUN echo ${P}\n");
  assert.equal(applied("FROM a\nENV PQ=1\nRUN echo \\\n  $P|X\n", "PQ"), "FROM a\nENV PQ=1\nRUN echo \\\n  $PQ\n");
  assert.ok(labels("ARG A=1\nFROM $|\n").includes("A"));
  assert.ok(labels("FROM a\nENV P=1\nRUN <<EOF\necho $|\nEOF\n").includes("P"));
  assert.deepEqual(labels("FROM a\nENV P=1\nRUN echo \\$|\n"), []);
});

test("a variable in braces is offered with modifiers", () => {
  assert.deepEqual(labels("FROM a\nENV P=1\nEXPOSE ${P:|\n").slice(0, 3), [
    "P:-default",
    "P:+alternative",
    "P:?message",
  ]);
  assert.equal(item("FROM a\nENV P=1\nEXPOSE ${P|\n", "P#pattern").detail, "needs docker/dockerfile:1.7");
  assert.equal(applied("FROM a\nENV P=1\nEXPOSE ${P:|\n", "P:-default"), "FROM a\nENV P=1\nEXPOSE ${P:-default}\n");
});

test("what BuildKit or the shell doesn't read as a variable, an ARG or a mount's option isn't offered as one", () => {
  const before = "FROM debian:12\nARG FOO=1\n";
  for (const line of [
    "ENV B='$|'",
    "RUN echo $$|",
    'ARG W="a |b"',
    "ARG W=a\\ |b",
    'LABEL w="a |b"',
    "RUN --mount='type=bind,\"source=/a,|b\"' ls",
    'RUN --mount=type=bind,|"source=/a,b" ls',
    "COPY << | /x",
  ])
    assert.deepEqual(labels(before + line), [], line);
  for (const line of ['ENV B="$|"', "ENV B='x'$|", "RUN echo $$$|", "RUN sh -c '$|'", "ENV A='it' B=$|"])
    assert.ok(labels(before + line).includes("FOO"), line);
  assert.ok(labels(`${before}RUN --mount='type=bind,|' ls`).includes("source="));
  assert.ok(labels(`${before}RUN --mount="type=bind,|" ls`).includes("source="));
});

test("paths of the context list folders first and ignored entries last, and replace the word after the slash", () => {
  assert.deepEqual(labels("FROM a\nCOPY |\n"), ["src/", "package.json", "dist/"]);
  assert.equal(item("FROM a\nCOPY |\n", "dist/").detail, "ignored by .dockerignore: dist");
  assert.equal(item("FROM a\nCOPY |\n", "src/").detail, "7 B");
  assert.equal(applied("FROM a\nCOPY src/m|ai /app/\n", "main.js"), "FROM a\nCOPY src/main.js /app/\n");
  assert.equal(applied('FROM a\nCOPY ["a|", "/app/"]\n', "a b.txt"), 'FROM a\nCOPY ["a b.txt", "/app/"]\n');
  assert.deepEqual(labels("FROM a\nCOPY nowhere/|\n"), []);
  assert.deepEqual(labels("FROM a AS b\nFROM c\nCOPY --from=b |\n"), []);
});

test("the destination of COPY offers working folders", () => {
  assert.deepEqual(labels("FROM a\nWORKDIR /srv\nCOPY package.json /|\n"), ["./", "/srv"]);
});

test("users are offered that the file creates or names, and the base image's", () => {
  const text = "FROM debian:12\nRUN useradd -m web\nUSER |\n";
  assert.deepEqual(labels(text), ["web", "app", "root", "nobody"]);
  assert.ok(labels("FROM debian:12\nUSER web\nCOPY --chown=|\n").includes("web"));
  assert.deepEqual(labels("FROM a\nCOPY --chown=web:www a /\nUSER web:|\n"), ["web:www"]);
});

test("each other instruction offers its own words", () => {
  assert.deepEqual(labels("FROM a\nEXPOSE 53/|\n"), ["53/tcp", "53/udp", "53/sctp"]);
  assert.ok(labels("FROM a\nSTOPSIGNAL |\n").includes("SIGQUIT"));
  assert.ok(labels("FROM a\nSHELL |\n").includes('["/bin/bash", "-o", "pipefail", "-c"]'));
  assert.deepEqual(labels("FROM a\nHEALTHCHECK --interval=5s |\n"), ["CMD", "NONE"]);
  assert.ok(labels("FROM a\nLABEL org|\n").includes("org.opencontainers.image.licenses"));
  assert.ok(labels("ARG V=1\nFROM a\nARG |\n").includes("V"));
  assert.ok(labels("FROM a\nARG T|\n").includes("TARGETARCH"));
});

test("directives are offered only at the top, and ignore comments offer the rules", () => {
  assert.ok(labels("#|\nFROM a\n").includes("syntax=docker/dockerfile:1"));
  assert.ok(labels("# syntax=docker/dockerfile:1\n# |\nFROM a\n").includes("check=skip="));
  assert.ok(!labels("# syntax=docker/dockerfile:1\n# |\nFROM a\n").includes("syntax=docker/dockerfile:1"));
  assert.ok(!labels("FROM a\n# |\n").includes("escape=`"));
  assert.ok(labels("# escape=|\n").includes("`"));
  assert.ok(labels("# check=skip=J|\nFROM a\n").includes("JSONArgsRecommended"));
  assert.ok(labels("FROM a\n# hadolint ignore=DL3008,|\n").includes("DL3015"));
  assert.equal(
    applied("FROM a\n# imagewright ignore=la|\nRUN b\n", "latest-tag"),
    "FROM a\n# imagewright ignore=latest-tag\nRUN b\n",
  );
  assert.deepEqual(labels("FROM a\n# any text |\n"), []);
});

test("a list that lacks facts is incomplete", () => {
  const pending: Facts = { get: () => ({ state: "pending" }) };
  const build = buildOf("FROM a\nCOPY \n");
  assert.deepEqual(complete({ build, facts: pending }, 12), {
    span: { start: 12, end: 12 },
    items: [],
    isIncomplete: true,
  });
});

test("an ignore file offers paths of the context, also after !, and rules in comments", () => {
  const known = knownFacts(facts);
  const at = (text: string) =>
    completeIgnoreFile(text, known, text.length).items.map((entry) => entry.text ?? entry.label);
  assert.deepEqual(at("*\n!s"), ["src", "a b.txt", "package.json", "dist"]);
  assert.deepEqual(at("src/"), ["lib", "main.js"]);
  assert.ok(at("# imagewright ignore=").includes("unmatched-ignore-pattern"));
});

test("a name that is completed keeps the = and the value after it", () => {
  for (const [marked, label, expected] of [
    ["FROM a\nCOPY --fr|om=x a b", "--from=", "FROM a\nCOPY --from=x a b"],
    ["FROM a\nRUN --mount=type=cache,ta|=/x ls", "target=", "FROM a\nRUN --mount=type=cache,target=/x ls"],
    ["FROM a\nRUN --mount=ty|=cache ls", "type=", "FROM a\nRUN --mount=type=cache ls"],
    ["FROM a\nRUN --mo|=type=cache ls", "--mount=", "FROM a\nRUN --mount=type=cache ls"],
    [
      "FROM a\nLABEL org.open|=x b=c",
      "org.opencontainers.image.title",
      "FROM a\nLABEL org.opencontainers.image.title=x b=c",
    ],
    ["ARG VERSION=1\nFROM a\nARG VER|=2", "VERSION", "ARG VERSION=1\nFROM a\nARG VERSION=2"],
  ] as const) {
    assert.equal(applied(marked, label), expected);
    const snippet = item(marked, label).snippet;
    assert.ok(snippet === undefined || !snippet.includes("="), marked);
  }
});
