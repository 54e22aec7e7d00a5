import assert from "node:assert/strict";
import { test } from "node:test";
import { hoverAt } from "../../../dockerfile/assist/hover/hover.ts";
import { hoverIgnoreFile } from "../../../dockerfile/assist/hover/ignoreFile.ts";
import type { ContextFilesFact } from "../../../dockerfile/facts/fact.ts";
import { readIgnoreDocument } from "../../../dockerfile/lint/ignore/document.ts";
import { buildOf, knownFacts, type KnownFacts } from "../../support/dockerfile/check.ts";

const context: ContextFilesFact = {
  root: "/w",
  ignoreFile: ".dockerignore",
  ignoreText: "**/*.log\n",
  isTruncated: false,
  files: [
    { path: "src", kind: "directory", bytes: 0, isIgnored: false },
    { path: "src/a.js", kind: "file", bytes: 1500, isIgnored: false },
    { path: "src/b.log", kind: "file", bytes: 9000, isIgnored: true },
  ],
};
const facts: KnownFacts = [
  [{ kind: "contextFiles" }, context],
  [
    { kind: "baseImage", reference: "debian:12" },
    { bytes: 117_000_000, id: "sha256:1", user: "", env: ["LANG=C.UTF-8"], workingDir: "", platform: "linux/amd64" },
  ],
];

/** The hover at the `|` of a text, and the part that it explains. */
function at(marked: string, known: KnownFacts = facts): { readonly of: string; readonly says: string } | undefined {
  const offset = marked.indexOf("|");
  const text = marked.replace("|", "");
  const found = hoverAt({ build: buildOf(text, known), facts: knownFacts(known) }, offset);
  return found && { of: text.slice(found.span.start, found.span.end), says: found.markdown };
}

const cases: readonly (readonly [marked: string, of: string, says: RegExp])[] = [
  ["FR|OM a\n", "FROM", /Starts a stage[\s\S]*reference\/dockerfile\/#from/],
  ["FROM a\nONBUILD CO|PY a b\n", "COPY", /Copies files from the build context/],
  ["FROM a\nCOPY --pa|rents x /\n", "--parents", /Keep the folders[\s\S]*docker\/dockerfile:1\.20/],
  ["FROM a\nRUN --mount=type=ca|che,target=/x true\n", "cache", /A folder kept between builds/],
  ["FROM a\nRUN --mount=type=cache,shar|ing=locked,target=/x true\n", "sharing", /concurrent builds/],
  [
    "ARG V=12\nFROM debian\nARG V\nRUN echo $|V\n",
    "$V",
    /\*\*V\*\* = `12`[\s\S]*ARG on line 3, with the default of line 1; `--build-arg` can change it/,
  ],
  ["ARG V=12\nFROM debian:$|V\n", "$V", /\*\*V\*\* = `12`[\s\S]*ARG on line 1; `--build-arg` can change it/],
  ["FROM debian:12\nENV A=1\nENV A=2\nRUN echo $|A\n", "$A", /= `2`[\s\S]*ENV on line 3/],
  ["FROM debian:12\nRUN echo $LA|NG\n", "$LANG", /= `C.UTF-8`[\s\S]*base image `debian:12`/],
  ["FROM debian:12\nEXPOSE $NO|THING\n", "$NOTHING", /BuildKit inserts nothing/],
  ["FROM other\nEXPOSE $NO|THING\n", "$NOTHING", /the base image may set it/],
  ["FROM a\nRUN echo $HTTP_PR|OXY\n", "$HTTP_PROXY", /RUN has it without a declaration/],
  ["ARG V=1\nFROM a\nARG V|\n", "V", /= `1`[\s\S]*from before the first FROM/],
  ["FROM a\nARG TARGET|ARCH\n", "TARGETARCH", /Architecture of the image/],
  ["FROM a AS bu|ild\nFROM b\nCOPY --from=build x /\n", "build", /From: `a`[\s\S]*Used on: line 3/],
  ["FROM a AS build\nFROM b\nCOPY --from=bui|ld x /\n", "build", /Stage `build`/],
  ["FROM deb|ian:12\n", "debian:12", /docker\.io\/library\/debian:12[\s\S]*117 MB[\s\S]*linux\/amd64[\s\S]*root/],
  ["FROM oth|er:1\n", "other:1", /No details from a local engine: not in this example/],
  ["FROM scr|atch\n", "scratch", /without any files/],
  ["FROM a\nCOPY s|rc /\n", "src", /1 file, 1\.50 kB[\s\S]*Ignored by `\.dockerignore`[\s\S]*`\*\*\/\*\.log`: 1 path/],
  ["FROM a\nCOPY srx| /\n", "srx", /No such file/],
  ["FROM a\nRUN <<E|OF\necho\nEOF\n", "<<EOF", /1 line[\s\S]*are expanded/],
  ["FROM a\nRUN <<'E|OF'\necho\n", "<<'EOF'", /kept as they are[\s\S]*has no end/],
  ["FROM a\n# hadolint ignore=DL30|08,DL3015\nRUN b\n", "DL3008", /\*\*apt-version\*\*/],
  ["# check=skip=JSONArgs|Recommended\nFROM a\n", "skip=JSONArgsRecommended", /\*\*json-args\*\*/],
  ["# esc|ape=`\nFROM a\n", "escape", /continues lines/],
  ["FROM a\nEXPOSE 54|32/tcp\n", "5432/tcp", /PostgreSQL/],
  ["FROM a\nSTOPSIGNAL SIG|QUIT\n", "SIGQUIT", /nginx/],
  ["FROM a\nSTOPSIGNAL 1|5\n", "15", /SIGTERM/],
  ["FROM a\nLABEL org.opencontainers.image.li|censes=MIT\n", "org.opencontainers.image.licenses=MIT", /SPDX/],
];

for (const [marked, of, says] of cases)
  test(`hovering over ${JSON.stringify(marked)} explains it`, () => {
    const found = at(marked);
    assert.equal(found?.of, of);
    assert.match(found.says, says);
  });

test("text of the file is shown literally in a hover, not as Markdown", () => {
  assert.match(at("FROM a\nENV A='[x](command:y) `z`'\nRUN echo $|A\n")?.says ?? "", /`` \[x\]\(command:y\) `z` ``/);
});

test("free text has no hover", () => {
  assert.equal(at("FROM a\nRUN ec|ho\n"), undefined);
  assert.equal(at("FROM a\n|\n"), undefined);
});

test("the hover of an ignore pattern lists what it ignores", () => {
  const found = hoverIgnoreFile(readIgnoreDocument(".dockerignore", "**/*.log\n"), knownFacts(facts), 3);
  assert.match(found?.markdown ?? "", /Ignores 1 path[\s\S]*`src\/b\.log`/);
});
