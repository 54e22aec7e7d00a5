import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { colorsFor, plain } from "../../cli/src/output/colors.ts";
import { lintCheckstyle } from "../../cli/src/output/lintCheckstyle.ts";
import { lintCodeClimate } from "../../cli/src/output/lintCodeClimate.ts";
import { fingerprints } from "../../cli/src/output/fingerprints.ts";
import { relativeUri, type LintedFile } from "../../cli/src/output/lintedFile.ts";
import { lintGnu } from "../../cli/src/output/lintGnu.ts";
import { lintSarif } from "../../cli/src/output/lintSarif.ts";
import { lintText } from "../../cli/src/output/lintText.ts";
import { applyChanges } from "../../dockerfile/edit/applyChanges.ts";
import aptLists from "../../dockerfile/lint/rules/apt-lists-left.ts";
import latestTag from "../../dockerfile/lint/rules/latest-tag.ts";
import { checkShape } from "../support/sarif/checkShape.ts";
import { lint } from "../support/dockerfile/check.ts";

const options = { rules: [latestTag, aptLists] };
const text = "FROM debian:latest\nRUN apt-get update && apt-get install -y curl\n";

function linted(source: string, path = "app/Dockerfile"): LintedFile {
  return { input: { path, text: source }, reports: lint(source, options), failOn: "warning" };
}

describe("lint as text", () => {
  const asText = (source: string, length: "full" | "brief" = "full"): string =>
    lintText([linted(source)], { colors: plain, length });

  test("lint as text shows the place, the marked range, the fix, and a sum", () => {
    assert.equal(
      asText(text),
      `app/Dockerfile:1:6: warning: debian:latest can change between builds; use a version or pin the digest [latest-tag]
  |
1 | FROM debian:latest
  |      ^^^^^^^^^^^^^

app/Dockerfile:2:5: info: Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN [apt-lists-left]
  |
2 | RUN apt-get update && apt-get install -y curl
  |     ^^^^^^^^^^^^^^
  = fix: Remove the package lists in this RUN (--fix does it)

2 problems in 1 file: 1 warning, 1 info; --fix fixes 1`,
    );
  });
  test("lint as text is brief if requested", () => {
    assert.equal(asText("FROM scratch\n"), "no problems in 1 file");
    assert.equal(asText("FROM scratch\n", "brief"), "");
    assert.doesNotMatch(asText(text, "brief"), /problems in/);
  });
  test("lint as text doesn't call it a success if no file could be checked", () => {
    assert.equal(lintText([], { colors: plain, length: "full" }), "no file was checked");
  });
  test("marks are below the marked range, even after tabs and wide characters", () => {
    assert.match(asText("\tFROM debian:latest\n"), /\n1 \| \tFROM debian:latest\n {2}\| \t {5}\^{13}\n/);
    const wide = "FROM debian:1\nRUN echo 日本 é e\u0301 && apt-get update && apt-get install -y curl\n";
    assert.match(asText(wide), /\n {2}\| {9}(?: {7}){0,3} *\^{14}\n/);
    const [shown = "", marks = ""] = asText(wide).split("\n").slice(2, 4);
    assert.equal(marks.indexOf("^"), shown.normalize("NFC").indexOf("apt-get") + 2);
  });
  test("a line that is too long to read is cut", () => {
    const [, , shown = "", marks = ""] = asText(
      `FROM a\nRUN ${"x ".repeat(2000)} && apt-get update && apt-get install -y curl && ${"y ".repeat(2000)}\n`,
    ).split("\n");
    assert.ok(shown.length < 200 && shown.includes("…"));
    assert.equal(shown.slice(marks.indexOf("^"), marks.lastIndexOf("^") + 1), "apt-get update");
  });
  test("escape sequences are never printed", () => {
    const shown = lintText([linted("FROM debian:latest # \u001b[31m\n", "a\u001b[2J/Dockerfile")], {
      colors: plain,
      length: "full",
    });
    assert.ok(!shown.includes("\u001b"));
  });
  test("lint as text is coloured on a terminal, unless NO_COLOR is set", () => {
    assert.notEqual(colorsFor({ isTTY: true }, {}).red("x"), "x");
    for (const [stream, env] of [
      [{}, {}],
      [{ isTTY: true }, { NO_COLOR: "1" }],
      [{ isTTY: true }, { TERM: "dumb" }],
    ] as const)
      assert.equal(colorsFor(stream, env).red("x"), "x");
  });
});

describe("lint as gnu", () => {
  test("gnu output has one line for each finding", () => {
    assert.equal(
      lintGnu([linted(text)]),
      `app/Dockerfile:1:6: warning: debian:latest can change between builds; use a version or pin the digest [latest-tag]
app/Dockerfile:2:5: info: Package lists stay in this layer: remove /var/lib/apt/lists/* in this RUN [apt-lists-left]`,
    );
  });
});

describe("lint as checkstyle", () => {
  test("checkstyle output is valid XML with escapes", () => {
    const xml = lintCheckstyle([linted("FROM a<&\"'>\u0001:latest\n", "a&b")]);
    assert.match(
      xml,
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<checkstyle version="4.3">\n {2}<file name="a&amp;b">/,
    );
    assert.doesNotMatch(xml.replace(/<\/?(?:\?xml|checkstyle|file|error)\b[^<>]*>/g, ""), /[<>&]/);
    assert.doesNotMatch(xml, /[\u0000-\u0008]/);
  });
});

describe("lint as codeclimate", () => {
  test("codeclimate output has everything that GitLab reads", () => {
    for (const issue of lintCodeClimate([linted(text)])) {
      assert.deepEqual(Object.keys(issue).sort(), [
        "categories",
        "check_name",
        "description",
        "fingerprint",
        "location",
        "severity",
        "type",
      ]);
      assert.match(issue.fingerprint ?? "", /^[0-9a-f]{64}$/);
      assert.ok(["info", "minor", "major", "critical", "blocker"].includes(issue.severity ?? ""));
      assert.equal(issue.location.path, "app/Dockerfile");
    }
    assert.deepEqual(
      lintCodeClimate([linted(text)]).map(({ location }) => location.lines),
      [
        { begin: 1, end: 1 },
        { begin: 2, end: 2 },
      ],
    );
  });
});

describe("fingerprints", () => {
  test("a fingerprint doesn't change when other lines do", () => {
    const before = fingerprints(linted(text));
    const after = fingerprints(linted(`# a comment\n\n${text.replace("RUN", "WORKDIR /x\nRUN")}`));
    assert.deepEqual(after, before);
  });
  test("fingerprints distinguish equal findings and files", () => {
    const twice = fingerprints(linted("FROM a:latest AS a\nFROM a:latest AS a\n"));
    assert.equal(new Set(twice).size, twice.length);
    assert.notDeepEqual(fingerprints(linted(text, "b")), fingerprints(linted(text, "c")));
  });
});

describe("URIs of files", () => {
  test("a URI is relative inside the current folder, and absolute elsewhere", () => {
    assert.equal(relativeUri(`${process.cwd()}/a b/Dockerfile#1`), "a%20b/Dockerfile%231");
    assert.equal(relativeUri("../x/Dockerfile"), "../x/Dockerfile");
    assert.equal(relativeUri("/elsewhere/Docker file"), "file:///elsewhere/Docker%20file");
  });
});

describe("lint as SARIF", () => {
  const log = lintSarif([linted(text), linted("FROM scratch\n", "none")]);
  const [run] = log.runs;

  test("SARIF output has everything that the schema requires", () => {
    assert.ok(run);
    checkShape(log, "sarifLog");
    assert.equal(log.version, "2.1.0");
    assert.deepEqual(
      run.tool.driver.rules.map(({ id }) => id),
      ["apt-lists-left", "latest-tag"],
    );
    for (const { ruleId, ruleIndex } of run.results) assert.equal(run.tool.driver.rules[ruleIndex]?.id, ruleId);
    assert.deepEqual(
      run.artifacts.map(({ location }) => location.uri),
      ["app/Dockerfile", "none"],
    );
  });
  test("SARIF lines and columns count from 1", () => {
    assert.deepEqual(run?.results[0]?.locations[0]?.physicalLocation.region, {
      startLine: 1,
      startColumn: 6,
      endLine: 1,
      endColumn: 19,
    });
  });
  test("SARIF output has fixes that can be applied", () => {
    const [fix] =
      (
        run?.results[1] as {
          fixes?: {
            artifactChanges: { replacements: { deletedRegion: Region; insertedContent: { text: string } }[] }[];
          }[];
        }
      ).fixes ?? [];
    const changes = fix?.artifactChanges[0]?.replacements.map(({ deletedRegion: region, insertedContent }) => ({
      span: { start: offsetAt(region.startLine, region.startColumn), end: offsetAt(region.endLine, region.endColumn) },
      text: insertedContent.text,
    }));
    assert.equal(applyChanges(text, changes ?? []), applyChanges(text, lint(text, options)[1]?.fix?.().changes ?? []));
  });
  test("SARIF output without findings is a run without results", () => checkShape(lintSarif([]), "sarifLog"));
});

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

function offsetAt(line: number, column: number): number {
  return (
    text
      .split("\n")
      .slice(0, line - 1)
      .reduce((sum, { length }) => sum + length + 1, 0) +
    column -
    1
  );
}
